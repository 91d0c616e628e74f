"""What an agency wrote stands on a Spanish page in Spanish, or is marked as what it is in: WCAG 3.1.2."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from django.utils.formats import date_format, localize

from engage.agencies.models import Agency, Pledge
from engage.commitments.tracking import update
from engage.listening import moderating
from engage.listening.theming import make_theme
from events.event.when import clock
from events.planning.lifecycle import cancel, end, start
from outreach.summaries.writing import draft
from tests.makers.agencies import a_community, a_person, an_agency
from tests.makers.commitments import a_commitment, today_of
from tests.makers.contributions import a_contribution
from tests.makers.events import a_venue, an_event
from tests.makers.rsvps import a_response
from tests.makers.summaries import a_published_summary
from tests.web.staff_clients import staff
from web.site.languages.names import language_choices, language_name

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
_EMPTY = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_BEGINS_SMALL = re.compile(
    "lunes|martes|miércoles|jueves|viernes|sábado|domingo|enero|diciembre|español|inglés|de "
)
_BLOCKS = frozenset({"p", "li", "dd", "dt", "td", "th", "h1", "h2", "h3", "h4", "summary", "blockquote"})


class Read(HTMLParser):
    """texts: each with the language it is in. begun: what each block begins with."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[tuple[str, str]] = []
        self.begun: list[str] = []
        self._open: list[tuple[str, str]] = []
        self._at_start = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _EMPTY:
            return
        above = self._open[-1][1] if self._open else ""
        self._open.append((tag, dict(attrs).get("lang") or above))
        self._at_start = self._at_start or tag in _BLOCKS

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = {tag for tag, _language in self._open}
        if not data.strip() or tags & {"head", "script", "style", "option"} or not self._open:
            return
        self.texts.append((" ".join(data.split()), self._open[-1][1]))
        if self._at_start:
            self.begun.append(data.strip())
        self._at_start = False


# Each text of the agency's holds this, so that it is found wherever it stands.
ENGLISH, SPANISH = "Qqen", "Qqes"


def a_town(*, translated: bool) -> tuple[Agency, list[str]]:
    """An agency that said something in every place it can, and its pages in Spanish."""
    now, words = timezone.now(), []

    def said(text: str) -> str:
        words.append(f"{ENGLISH} {text}")
        return words[-1]

    def told(**fields: str) -> dict[str, Any]:
        return (
            {"es": {name: text.replace(ENGLISH, SPANISH) for name, text in fields.items()}}
            if translated
            else {}
        )

    agency = an_agency(
        languages=["en", "es"], official_line=said("line"), tagline=said("tagline"), contact_office=said("desk"),
        contact_address=said("street"), contact_phone="+1 202 555 0123", offices=[said("office")],
        other_links=[{"title": said("link"), "url": "https://else.example/"}],
    )  # fmt: skip
    Pledge.objects.create(
        agency=agency, code="word", text=said("pledge"), signed_by=a_person(agency, "admin"), signed_on=today_of(agency)
    )  # fmt: skip
    community = a_community(agency, name=said("community"))
    if translated:
        Agency.objects.filter(pk=agency.pk).update(
            translations={"es": {text: text.replace(ENGLISH, SPANISH) for text in words}}
        )
        agency.refresh_from_db()
    texts = {"room": f"{ENGLISH} room", "getting_there": f"{ENGLISH} way in"}
    venue = a_venue(agency, **texts, translations=told(**texts))
    texts = {name: f"{ENGLISH} {name}" for name in ("title", "description", "run_by")}
    about = {
        "venue": venue.pk, **texts, "agenda": [{"title": f"{ENGLISH} point", "minutes": 40}, {"title": f"{ENGLISH} end"}],
        "translations": told(**texts, agenda=f"{ENGLISH} point\n{ENGLISH} end"),
    }  # fmt: skip
    ahead, off, over = (an_event(agency, **about) for _each in range(3))
    cancel(off, reason="Qqen reason" if not translated else "Fuga de agua.", actor=None, now=now)
    held = end(start(over, now=now).event, now=now).event
    texts = {"title": f"{ENGLISH} heading", "text": f"{ENGLISH} gathered"}
    theme = make_theme(actor=None, event=held, **texts, translations=told(**texts))
    question = a_contribution(
        agency, event=held, theme=theme, kind="question", language="fr", body="Pourquoi ?"
    )
    moderating.show(question, actor=None, now=now)
    if not translated:
        moderating.answer(question, text=f"{ENGLISH} answer", actor=None, now=now)
    texts = {"title": f"{ENGLISH} promise", "done_means": f"{ENGLISH} done"}
    promise = a_commitment(
        agency, **texts, translations=told(**texts), owner_office=f"{ENGLISH} office", event=held, theme=theme,
        communities=[community], now=now,
    )  # fmt: skip
    if not translated:
        update(
            promise, actor=a_person(agency), now=now, status="kept_in_part", reason=f"{ENGLISH} why", note=f"{ENGLISH} note",
            evidence=[{"url": "https://proof.example/", "title": f"{ENGLISH} proof"}],
        )  # fmt: skip
    a_published_summary(
        held, heard=[{"title": f"{ENGLISH} heard", "count": 3, "text": f"{ENGLISH} words", "quotes": []}],
        will_not_do=[{"text": f"{ENGLISH} no", "reason": f"{ENGLISH} because"}], next_steps=f"{ENGLISH} next",
        will_do=[promise.pk], reply=f"{ENGLISH} reply", languages=["en", "es"],
        translations={"es": {
            "heard": [{"title": f"{SPANISH} heard", "text": f"{SPANISH} words"}],
            "will_not_do": [{"text": f"{SPANISH} no", "reason": f"{SPANISH} because"}], "next_steps": f"{SPANISH} next",
            "reply": f"{SPANISH} reply",
        }} if translated else {},
    )  # fmt: skip
    home = f"/es/agencies/{agency.slug}/"
    events = [f"/es/events/{one.pk}" for one in (ahead, off, held)]
    return agency, [
        home, f"{home}meetings/", f"{home}meetings/?when=past", f"{home}promises/", f"{home}promises/{promise.number}/",
        f"{home}heard/", f"{home}ask/", f"{home}privacy/", f"{home}accessibility/", *events, f"{events[0]}/ask",
        f"{events[0]}/my-link", f"{events[2]}/summary", f"{home}follow?target=event&id={ahead.pk}",
        f"/r/{a_response(ahead, language='es').screen_token}", "/es/",
    ]  # fmt: skip


def read(paths: list[str]) -> Iterator[tuple[str, Read]]:
    for path in paths:
        answer = Client().get(path, headers={"accept-language": "es"}, follow=True)
        assert answer.status_code == 200, path
        yield path, Read(answer.content.decode())


def test_what_nobody_translated_is_marked_with_the_language_it_is_in() -> None:
    _agency, paths = a_town(translated=False)
    found, unmarked = set(), []
    for path, page in read(paths):
        for text, language in page.texts:
            if ENGLISH in text:
                found |= set(re.findall(rf"{ENGLISH} (\w+)", text))
                unmarked += [(path, text)] if language != "en" else []
    assert unmarked == []
    assert found >= {
        "line", "tagline", "desk", "street", "office", "link", "pledge", "community", "room", "way", "title", "run_by",
        "description", "point", "reason", "answer", "heading", "promise", "done", "why", "note", "proof", "heard", "no",
        "because", "next", "reply",
    }  # fmt: skip


def test_what_was_translated_stands_in_spanish_on_every_page() -> None:
    _agency, paths = a_town(translated=True)
    found = set()
    for path, page in read(paths):
        assert [text for text, _language in page.texts if ENGLISH in text] == [], path
        found |= {word for text, _ in page.texts for word in re.findall(rf"{SPANISH} (\w+)", text)}
        assert {language for text, language in page.texts if SPANISH in text} <= {"es"}, path
    assert found >= {
        "line", "tagline", "desk", "street", "office", "link", "pledge", "community", "room", "way", "title", "run_by",
        "description", "point", "end", "heading", "promise", "done", "heard", "no", "because", "next", "reply",
    }  # fmt: skip


def test_a_line_in_spanish_begins_with_a_capital_also_where_it_begins_with_a_day() -> None:
    _agency, paths = a_town(translated=True)
    for path, page in read(paths):
        assert [text for text in page.begun if _BEGINS_SMALL.match(text)] == [], path


def test_an_english_page_marks_what_a_spanish_agency_wrote() -> None:
    agency = an_agency(languages=["es", "en"], tagline="Lo que prometemos")
    page = Client().get(f"/agencies/{agency.slug}/").content.decode()
    assert ("Lo que prometemos", "es") in Read(page).texts
    page = Client().get(f"/es/agencies/{agency.slug}/").content.decode()
    assert ("Lo que prometemos", "es") in Read(page).texts
    assert '<span lang="es"' not in page


def test_an_administrator_gives_the_words_and_a_changed_text_loses_them() -> None:
    agency = an_agency(languages=["en", "es"], offices=["Patrol"], tagline="We listen")
    admin, path = staff(agency, "admin"), f"/desk/{agency.slug}/office/words/"
    fields = {field.label: field.html_name for field in admin.get(path).context["form"]}
    office = next(name for label, name in fields.items() if "“Patrol”" in label)
    tagline = next(name for label, name in fields.items() if "“We listen”" in label)
    assert admin.post(path, {office: "Patrullas", tagline: " Escuchamos "}).status_code == 302
    agency.refresh_from_db()
    assert agency.translations == {"es": {"Patrol": "Patrullas", "We listen": "Escuchamos"}}
    home = f"/es/agencies/{agency.slug}/"
    assert "Escuchamos" in Client().get(home).content.decode()
    Agency.objects.filter(pk=agency.pk).update(tagline="We hear you")
    page = Client().get(home).content.decode()
    assert "Escuchamos" not in page
    assert '<span lang="en" dir="ltr">We hear you</span>' in page


def test_a_liaison_says_a_venue_and_a_theme_in_spanish_and_keeps_what_came_over_the_api() -> None:
    agency = an_agency(languages=["en", "es"])
    liaison, venue = staff(agency), a_venue(agency, room="Gym", translations={"vi": {"room": "Phòng"}})
    path = f"/desk/{agency.slug}/venues/{venue.pk}"
    sent = {
        "name": venue.name,
        "room": "Gym",
        "room_es": "Gimnasio",
        "getting_there_es": "Autobús 4.",
        "edit_version": 1,
    }
    assert liaison.post(path, sent).status_code == 302
    venue.refresh_from_db()
    assert venue.translations == {
        "vi": {"room": "Phòng"},
        "es": {"room": "Gimnasio", "getting_there": "Autobús 4."},
    }
    theme = make_theme(actor=None, event=an_event(agency), title="Lamps")
    path = f"/desk/{agency.slug}/themes/{theme.pk}/"
    assert liaison.post(path, {"title": "Lamps", "title_es": "Farolas", "edit_version": 1}).status_code == 302
    theme.refresh_from_db()
    assert theme.translations == {"es": {"title": "Farolas"}}


def test_a_draft_of_a_summary_begins_with_what_its_themes_are_called_in_each_language() -> None:
    agency = an_agency(languages=["en", "es"])
    now = timezone.now()
    for languages, first, further in (
        (["en", "es"], "Lamps", {"es": "Farolas"}),
        (["es", "en"], "Farolas", {"en": "Lamps"}),
    ):
        event = an_event(agency, languages=languages)
        theme = make_theme(actor=None, event=event, title="Lamps", translations={"es": {"title": "Farolas"}})
        held = end(start(event, now=now).event, now=now).event
        version = draft(held, actor=None, now=now).version
        assert [part["title"] for part in version.heard] == [first]
        assert {tongue: said["heard"][0]["title"] for tongue, said in version.translations.items()} == further
        assert theme.pk


def test_times_numbers_and_languages_are_written_as_in_the_united_states() -> None:
    with translation.override("es"):
        assert clock(dt.datetime(2026, 12, 14, 18, 30)) == "6:30\xa0p.\xa0m."
        assert clock(dt.datetime(2026, 12, 14, 0, 0)) == "medianoche"
        assert clock(dt.datetime(2026, 12, 14, 12, 0)) == "mediodía"
        assert (
            date_format(dt.datetime(2026, 12, 14, 20, 0), "DATETIME_FORMAT")
            == "14 de diciembre de 2026, 8:00\xa0p.\xa0m."
        )
        assert localize(1234.5, use_l10n=True) in {"1234.5", "1,234.5"}
        assert language_name("vi") == "vietnamita"
        assert dict(language_choices(["vi"]))["vi"] == "Vietnamita"
    assert language_name("vi") == "Vietnamese"
