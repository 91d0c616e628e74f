"""Two people change the same thing at once: whoever saves second is told so, what they typed stays, and nothing is undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from engage.agencies.onboarding import change_settings
from engage.listening.notes import take_note
from events.planning.checklist import add_item as add_line
from events.rsvps.needs.asking import Need, needs_of
from outreach.reminders.setting import add_rule
from outreach.summaries import writing
from tests.makers.agencies import a_person
from tests.makers.worlds import World
from tests.web.desk.at_the_desk import at_the_desk, filled_in
from tests.web.listening.staff import an_evening, the_draft
from web.office.settings_forms import SECTIONS

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def _in_event(name: str, event: Any, **more: Any) -> str:
    return reverse(name, kwargs={"slug": event.agency.slug, "event_id": event.pk, **more})


def _line(world: World) -> str:
    event = world.draft()
    item = add_line(event, actor=None, now=world.now, title="Chairs")
    return _in_event("change_line", event, item_id=item.pk)


def _rsvp(world: World) -> str:
    rsvp = world.rsvp(party_size=1)
    return _in_event("event_rsvp", rsvp.event, rsvp_id=rsvp.pk)


def _need(world: World) -> str:
    (need,) = needs_of(world.rsvp(needs=[Need("captions")]))
    return _in_event("one_need", need.event, request_id=need.pk)


def _rule(world: World) -> str:
    rule = add_rule(agency=world.agency, actor=None, now=world.now, minutes_before=60)
    return reverse("change_reminder", kwargs={"slug": world.agency.slug, "rule_id": rule.pk})


def _own_rule(world: World) -> str:
    event = world.event()
    rule = add_rule(agency=world.agency, event=event, actor=None, now=world.now, minutes_before=60)
    return _in_event("change_event_reminder", event, rule_id=rule.pk)


def _note(world: World) -> str:
    event = world.live()
    taken = take_note(
        agency=world.agency, event=event, note_id=uuid4(), body="It is dark.", language="en", actor=a_person(world.agency),
        now=world.now,
    )  # fmt: skip
    return _in_event("note_edit", event, note_id=taken.row.pk)


def _summary(name: str) -> Callable[[World], str]:
    def path(world: World) -> str:
        event = an_evening(world.agency)
        writing.draft(event, actor=a_person(world.agency), now=world.now)
        return _in_event(name, event)

    return path


def _of(name: str, thing: str, key: str, **fields: Any) -> Callable[[World], str]:
    def path(world: World) -> str:
        row = getattr(world, thing)(**fields)
        return reverse(name, kwargs={"slug": world.agency.slug, key: row.pk})

    return path


def _act(act: str) -> Callable[[World], str]:
    def path(world: World) -> str:
        contribution = world.contribution()
        return reverse(
            f"contribution_{act}", kwargs={"slug": world.agency.slug, "contribution_id": contribution.pk}
        )

    return path


def _section(section: str) -> Callable[[World], str]:
    return lambda world: reverse("office_section", kwargs={"slug": world.agency.slug, "section": section})


@dataclass(frozen=True)
class EditForm:
    """path: of a form that begins with what stands. name: of a field in it, with what each of the two writes there.

    name is "" where the first field will do. sent_to: below the page, where it is not sent to the page itself.
    """

    path: Callable[[World], str]
    name: str
    first: Any
    second: Any
    role: str = "liaison"
    also: dict[str, Any] = field(default_factory=dict)
    sent_to: str = ""


FORMS: dict[str, EditForm] = {
    "edit_event": EditForm(lambda world: _in_event("edit_event", world.event()), "title", "Ours", "Theirs"),
    "change_line": EditForm(_line, "title", "Ours", "Theirs"),
    "event_rsvp": EditForm(_rsvp, "party_size", "2", "3", sent_to="change"),
    "one_need": EditForm(_need, "outcome", "In the front row.", "At the left.", also={"status": "arranged"}),
    "change_reminder": EditForm(_rule, "wording_en", "Bring a friend.", "Bring two."),
    "change_event_reminder": EditForm(_own_rule, "wording_en", "Bring a friend.", "Bring two."),
    "one_venue": EditForm(_of("one_venue", "venue", "venue_id"), "room", "Blue", "Red"),
    "edit_theme": EditForm(_of("edit_theme", "theme", "theme_id"), "title", "Ours", "Theirs"),
    "dialogue": EditForm(_of("dialogue", "dialogue", "dialogue_id"), "title", "Ours", "Theirs"),
    "note_edit": EditForm(_note, "body", "Ours.", "Theirs.", also={"reason": "Misheard."}),
    "contribution_answer": EditForm(_act("answer"), "body", "Ours.", "Theirs."),
    "contribution_correct": EditForm(_act("correct"), "body", "Ours.", "Theirs.", also={"reason": "A name."}),
    "contribution_hide": EditForm(_act("hide"), "reason", "Ours.", "Theirs."),
    "edit_draft": EditForm(
        _of("edit_draft", "commitment", "commitment_id", draft=True), "title", "Ours", "Theirs"
    ),
    "desk_commitment": EditForm(
        _of("desk_commitment", "commitment", "commitment_id"), "title", "Ours", "Theirs", also={"reason": "Plainer."}
    ),
    "event_summary": EditForm(_summary("event_summary"), "next_steps", "Ours.", "Theirs."),
    "event_summary_approve": EditForm(
        _summary("event_summary_approve"), "reply", "Ours.", "Theirs.", role="leader"
    ),
    "office_community": EditForm(
        _of("office_community", "community", "community_id"), "name", "Ours", "Theirs", role="admin"
    ),
    **{
        f"office_section {section}": EditForm(_section(section), name, first, second, role="admin")
        for section, name, first, second in (
            ("about", "tagline", "Ours", "Theirs"),
            ("look", "primary_color", "#07648d", "#123456"),
            ("links", "title_1", "Ours", "Theirs"),
            ("languages", "languages", ["en", "so"], ["en", "vi"]),
            ("privacy", "smallest_group", "7", "8"),
            ("commitments", "at_risk_due_days", "9", "8"),
            ("rsvps", "largest_party", "9", "8"),
            ("holidays", "holiday_calendar", "US", ""),
            ("messages", "sms_quiet_from", "21:00", "22:00"),
        )
    },
}  # fmt: skip


def _with_an_office(world: World) -> str:
    change_settings(
        world.agency, actor=None, fields={"languages": ["en", "es"], "offices": ["Records"]}, now=world.now
    )
    return _section("words")(world)


FORMS["office_section words"] = EditForm(_with_an_office, "", "Archivo", "Registros", role="admin")
FORMS["office_section links"].also["url_1"] = "https://council.example/"


@pytest.mark.parametrize("entry", FORMS)
def test_the_second_of_two_writers_is_told_keeps_the_words_and_undoes_nothing(entry: str) -> None:
    form, world = FORMS[entry], World.made()
    path = form.path(world)
    ours, theirs = (at_the_desk(world.agency, form.role) for _ in range(2))
    name = form.name or next(one for one in ours.get(path).context["form"].fields if one != "if_stood")
    first, second = (
        filled_in(one, path, **form.also) | {name: words}
        for one, words in ((ours, form.first), (theirs, form.second))
    )
    saved = ours.post(path + form.sent_to, first)
    assert saved.status_code in {200, 302}, saved.context["form"].errors
    stands = filled_in(ours, path)
    refused = theirs.post(path + form.sent_to, second)
    assert refused.status_code == 409, "the second one may save over the first"
    assert "Somebody else changed this in the meantime." in refused.content.decode()
    assert refused.context["form"][name].value() == form.second
    assert filled_in(ours, path) == stands


def test_every_section_of_the_settings_is_here() -> None:
    """But one: it has a single box, and whoever ticks it means it."""
    assert {f"office_section {one}" for one in SECTIONS} - FORMS.keys() == {"office_section security"}


def test_a_summary_thrown_away_and_begun_again_is_another_one() -> None:
    world = World.made()
    path = FORMS["event_summary"].path(world)
    ours, theirs = (at_the_desk(world.agency) for _ in range(2))
    sent = filled_in(theirs, path, next_steps="Theirs.")
    event = ours.get(path).context["event"]
    discard = _in_event("event_summary_discard", event)
    ours.post(discard, filled_in(ours, discard))
    ours.post(_in_event("event_summary_draft", event))
    assert the_draft(event).edit_version == 1
    assert theirs.post(path, sent).status_code == 409
    assert the_draft(event).next_steps == ""
