"""What we heard: published words only, each in the language it was translated into, with promises as they stand today."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from engage.agencies.models import Agency
from events.event.models import Event
from outreach.summaries.writing import draft
from tests.makers.agencies import an_agency
from tests.makers.commitments import a_commitment, today_of
from tests.makers.events import begins_at
from tests.makers.summaries import a_published_summary, an_event_that_is_over
from web.summaries.published import PAGE

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
DAY = dt.timedelta(days=1)
HEARD = [{"title": "Tell us the reason", "count": 12, "text": "Many asked why.", "quotes": ["I never knew."]}]


def seen(event: Event, language: str = "") -> str:
    answer = Client().get(f"{language}/events/{event.pk}/summary")
    assert answer.status_code == 200
    return answer.content.decode()


def listed(agency: Agency, query: str = "") -> str:
    answer = Client().get(f"/agencies/{agency.slug}/heard/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_themes_quotes_refusals_steps_and_the_reply_are_there() -> None:
    event = an_event_that_is_over(title="Evening on stops")
    a_published_summary(
        event,
        heard=HEARD,
        will_not_do=[{"text": "Stop all checks", "reason": "There were crashes."}],
        next_steps="We meet again in May.",
        reply="I heard it.",
    )
    page = seen(event)
    for text in ("Evening on stops", "12 comments", "Many asked why.", "I never knew.", "There were crashes.",
                 "We meet again in May.", "I heard it."):  # fmt: skip
        assert text in page
    assert "How people felt" not in page


def test_commitments_stand_there_as_they_stand_today() -> None:
    event = an_event_that_is_over()
    today = today_of(event.agency)
    late = a_commitment(event.agency, title="Too slow", due_on=today - 3 * DAY, now=timezone.now() - 9 * DAY)
    fine = a_commitment(event.agency, title="In time", due_on=today + 30 * DAY)
    a_published_summary(event, heard=HEARD, will_do=[fine.pk, late.pk])
    page = seen(event)
    assert "Late by 3 days" in page
    assert page.index(">Too slow</a>") < page.index(">In time</a>")
    assert "Due: In time" in page


def test_nothing_but_published_words_of_public_events_is_there() -> None:
    event = an_event_that_is_over()
    assert Client().get(f"/events/{event.pk}/summary").status_code == 404
    draft(event, actor=None, now=timezone.now())
    assert Client().get(f"/events/{event.pk}/summary").status_code == 404
    hidden = an_event_that_is_over(event.agency, audience="staff", title="Among ourselves")
    a_published_summary(hidden, heard=HEARD)
    assert Client().get(f"/events/{hidden.pk}/summary").status_code == 404
    page = listed(event.agency)
    assert "Among ourselves" not in page
    assert "No summaries yet" in page


def test_a_correction_shows_its_note_and_the_newest_words_and_a_draft_of_it_shows_nothing() -> None:
    event = an_event_that_is_over()
    a_published_summary(event, heard=HEARD, next_steps="We meet in May.")
    draft(event, actor=None, now=timezone.now(), correction_note="The month.")
    assert "We meet in May." in seen(event)
    a_published_summary(event, next_steps="We meet in June.", correction_note="The month was wrong.")
    page = seen(event)
    assert "We meet in June." in page
    assert "We meet in May." not in page
    assert "The month was wrong." in page
    assert "Corrected since" in listed(event.agency)


def test_it_speaks_spanish_where_it_was_translated_and_says_so_where_it_was_not() -> None:
    event = an_event_that_is_over()
    spoken = {"es": {"heard": [{"title": "Díganos por qué"}], "next_steps": "Nos vemos en mayo."}}
    a_published_summary(
        event, heard=HEARD, next_steps="We meet in May.", translations=spoken, languages=["en", "es"]
    )
    page = seen(event, "/es")
    assert "Díganos por qué" in page
    assert "Nos vemos en mayo." in page
    assert "We meet in May." not in page
    other = an_event_that_is_over()
    a_published_summary(other, heard=HEARD)
    assert 'lang="en"' in seen(other, "/es")


@pytest.mark.parametrize(
    "odd", [{"es": "no"}, {"es": {"heard": "no"}}, {"es": {"heard": [1, None]}}, {"es": {"heard": []}}]
)
def test_a_translation_of_another_shape_breaks_nothing(odd: dict[str, Any]) -> None:
    event = an_event_that_is_over()
    a_published_summary(
        event, heard=HEARD, translations={"es": {}} | odd if isinstance(odd["es"], dict) else {}
    )
    assert "Tell us the reason" in seen(event, "/es")


def test_residents_words_are_escaped() -> None:
    event = an_event_that_is_over()
    heard = [{"title": "<b>Bold</b>", "count": 1, "text": "<script>x</script>", "quotes": ["<img src=x>"]}]
    a_published_summary(event, heard=heard, reply="<i>me</i>")
    page = seen(event)
    for text in ("<b>Bold", "<script>x", "<img src=x", "<i>me"):
        assert text not in page


def test_the_list_is_newest_first_and_is_leafed_through_with_the_same_queries(
    django_assert_num_queries: Any,
) -> None:
    agency = an_agency()
    for number in range(PAGE + 2):
        event = an_event_that_is_over(agency, title=f"Evening {number:02}")
        a_published_summary(event, heard=HEARD)
    client = Client()
    with django_assert_num_queries(2):
        first = client.get(f"/agencies/{agency.slug}/heard/")
    page = first.content.decode()
    assert page.index(f"Evening {PAGE + 1:02}") < page.index("Evening 02")
    assert "Evening 01" not in page
    second = listed(agency, f"?after={first.context['more'].replace('+', '%2B')}")
    assert "Evening 01" in second
    assert "Evening 00" in second
    assert "Evening 02" not in second
    for after in ("x", "2026-01-01_x", "2026-01-01T00:00:00_" + str(event.pk)):
        assert client.get(f"/agencies/{agency.slug}/heard/?after={after}").status_code == 404


def test_one_summary_takes_the_same_queries_however_many_commitments(django_assert_num_queries: Any) -> None:
    event = an_event_that_is_over()
    commitments = [a_commitment(event.agency) for _n in range(12)]
    a_published_summary(event, heard=HEARD, will_do=[each.pk for each in commitments])
    with django_assert_num_queries(2):
        seen(event)


def test_a_bar_compares_with_all_that_was_said_and_one_theme_alone_has_none() -> None:
    agency = an_agency()
    alone, two = (an_event_that_is_over(agency=agency) for _ in range(2))
    a_published_summary(alone, heard=[_heard("Stops", 2)])
    a_published_summary(two, heard=[_heard("Stops", 3), _heard("Lamps", 1)])
    assert "measure__part" not in seen(alone)
    assert re.findall(r'measure__part" width="(\d+)%"', seen(two)) == ["75", "25"]
    assert "No promise was made" in listed(agency)
    assert "0 promises" not in listed(agency)


def _heard(title: str, count: int) -> dict[str, Any]:
    return {"title": title, "count": count, "text": "", "quotes": []}


def test_a_past_event_in_a_list_leads_to_its_summary() -> None:
    event = an_event_that_is_over(agency=an_agency())
    a_published_summary(event)
    begins_at(Event.objects.get(pk=event.pk), timezone.now() - 2 * DAY)
    page = Client().get(f"/agencies/{event.agency.slug}/meetings/?when=past").content.decode()
    assert f'href="/events/{event.pk}/summary"' in page
