"""The summary is drafted from the record and edited, part by part, in every language."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from engage.commitments.models import Commitment
from engage.listening.models import Contribution
from engage.listening.moderating import show
from engage.listening.theming import make_theme
from outreach.summaries.models import SummaryVersion
from outreach.summaries.writing import edit
from tests.makers.agencies import a_dialogue, an_agency
from tests.makers.commitments import a_commitment
from tests.makers.contributions import a_contribution
from tests.makers.events import an_event
from tests.makers.pages import html_of
from tests.web.listening.staff import (
    a_desk,
    an_evening,
    as_filled_in,
    drafted,
    errors_in,
    over,
    the_draft,
    url,
)

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def test_nothing_is_drafted_before_the_event_is_over() -> None:
    client, agency, _person = a_desk()
    event = an_event(agency)
    assert b"The meeting is not over yet" in client.get(url("event_summary", event)).content
    assert client.post(url("event_summary_draft", event)).status_code == 409
    assert not SummaryVersion.objects.exists()


def test_the_draft_comes_from_the_record_and_says_what_is_not_counted() -> None:
    client, agency, _person = a_desk()
    event = an_evening(agency)
    a_contribution(agency, event=event)
    contribution = a_contribution(agency, event=event, said_by="department", theme=event.themes.get())
    show(contribution, actor=None, now=timezone.now())
    before = client.get(url("event_summary", event))
    assert (before.context["record"].shown, before.context["record"].waiting) == (2, 1)
    answer = drafted(client, event)
    (part,) = the_draft(event).heard
    assert (part["title"], part["count"], part["quotes"]) == ("Street lights", 2, ["Nine lamps are out."])
    content = html_of(answer)
    assert "1 note or question waits for a decision." in content
    assert "There is no translation into" not in content
    drafted(client, event)
    assert SummaryVersion.objects.count() == 1


def test_every_part_is_edited_in_every_language_and_nothing_gets_lost_by_saving_again() -> None:
    client, agency, _person = a_desk()
    event = an_evening(agency)
    mine = a_commitment(agency, event=event, draft=True, title="Mend nine lamps")
    answer = drafted(client, event)
    client.post(
        url("event_summary", event), as_filled_in(answer, also_in=["es"], next_steps="We meet in May.")
    )
    answer = client.get(url("event_summary", event))
    assert "There is no translation into “Spanish”." in html_of(answer)
    key = answer.context["form"]["heard-0-quotes"].value()[0]
    fields = {
        "heard__0__text": "The bridge is dark.", "heard__0__title_es": "Faroles", f"heard__0__quote__{key}_es": "Nueve.",
        "no__0__text": "A new bridge", "no__0__reason": "No money.", "no__0__reason_es": "No hay dinero.",
        "next_steps_es": "En mayo.",
    }  # fmt: skip
    answer = client.post(url("event_summary", event), as_filled_in(answer, **fields), follow=True)
    for _again in range(2):
        version = the_draft(event)
        assert version.languages == ["en", "es"]
        (part,) = version.heard
        assert (part["title"], part["text"], part["count"]) == ("Street lights", "The bridge is dark.", 2)
        assert version.will_not_do == [{"text": "A new bridge", "reason": "No money."}]
        assert version.will_do == [mine.pk]
        spanish = version.translations["es"]
        (told,) = spanish["heard"]
        assert (told["title"], told["text"], told["quotes"]) == ("Faroles", "The bridge is dark.", ["Nueve."])
        assert spanish["will_not_do"] == [{"text": "A new bridge", "reason": "No hay dinero."}]
        assert spanish["next_steps"] == "En mayo."
        answer = client.post(url("event_summary", event), as_filled_in(answer), follow=True)
        assert answer.status_code == 200


def test_a_summary_of_many_parts_loses_none_by_being_saved() -> None:
    client, agency, person = a_desk()
    event = an_evening(agency)
    drafted(client, event)
    heard = [{"title": f"Theme {number}", "count": number, "text": "Said."} for number in range(70)]
    edit(the_draft(event), actor=person, fields={"heard": heard}, now=timezone.now())
    answer = client.get(url("event_summary", event))
    client.post(url("event_summary", event), as_filled_in(answer, next_steps="We meet in May."))
    version = the_draft(event)
    assert version.next_steps == "We meet in May."
    assert [part["title"] for part in version.heard] == [part["title"] for part in heard]


def test_parts_are_left_out_added_and_refused_things_taken_back() -> None:
    client, agency, _person = a_desk()
    event = an_evening(agency)
    late = make_theme(actor=None, event=event, title="Benches", text="People want to sit.")
    answer = drafted(client, event)
    titles = [part["title"] for part in the_draft(event).heard]
    assert titles == ["Street lights", "Benches"]
    more = make_theme(actor=None, event=event, title="Dogs", text="Leashes.")
    fields = {
        "heard__1__out": "on",
        "heard__new__theme": str(more.pk),
        "no__1__text": "Cats",
        "no__1__reason": "No.",
    }
    client.post(url("event_summary", event), as_filled_in(answer, **fields))
    version = the_draft(event)
    assert [(part["title"], part["text"], part["theme"]) for part in version.heard] == [
        ("Street lights", "", str(event.themes.get(title="Street lights").pk)), ("Dogs", "Leashes.", str(more.pk)),
    ]  # fmt: skip
    assert str(late.pk) not in str(version.heard)
    answer = client.get(url("event_summary", event))
    client.post(url("event_summary", event), as_filled_in(answer, no__0__text="", no__0__reason=""))
    assert the_draft(event).will_not_do == []


def test_a_quote_is_printed_only_while_its_consent_stands() -> None:
    client, agency, _person = a_desk()
    event = an_evening(agency)
    answer = drafted(client, event)
    sent = as_filled_in(answer, heard__0__quotes=["0123456789abcdef"])
    forged = client.post(url("event_summary", event), sent)
    assert (forged.status_code, list(errors_in(forged))) == (400, ["heard-0-quotes"])
    Contribution.objects.filter(may_quote=True).update(may_quote=False)
    answer = client.get(url("event_summary", event))
    client.post(url("event_summary", event), as_filled_in(answer))
    assert the_draft(event).heard[0]["quotes"] == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"no__0__text": "A bridge", "no__0__reason": " "}, "no-0-reason"),
        ({"heard__0__title": "x" * 201}, "heard-0-title"),
        ({"next_steps": "x" * 4001}, "next_steps"),
        ({"will_do": ["nonsense"]}, "will_do"),
        ({"written_in": "xx"}, "written_in"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_every_word_is_kept(
    wrong: dict[str, Any], field: str
) -> None:
    client, agency, _person = a_desk()
    event = an_evening(agency)
    answer = drafted(client, event)
    sent = as_filled_in(answer, heard__0__text="Typed for an hour.") | as_filled_in(answer, **wrong)
    sent["heard-0-text"] = "Typed for an hour."
    refused = client.post(url("event_summary", event), sent)
    assert (refused.status_code, list(errors_in(refused))) == (400, [field])
    assert b"Typed for an hour." in refused.content
    assert "<title>Error: " in html_of(refused)
    assert the_draft(event).edit_version == 1


def test_two_writers_at_once_lose_nothing() -> None:
    client, agency, _person = a_desk()
    event = an_evening(agency)
    answer = drafted(client, event)
    first = as_filled_in(answer, next_steps="Mine first.")
    second = as_filled_in(answer, next_steps="Mine second.")
    client.post(url("event_summary", event), first)
    stale = client.post(url("event_summary", event), second)
    assert stale.status_code == 409
    assert b"Mine second." in stale.content
    assert the_draft(event).next_steps == "Mine first."
    assert client.post(url("event_summary", event), as_filled_in(stale)).status_code == 302
    assert the_draft(event).next_steps == "Mine second."


def test_as_many_queries_for_many_parts_as_for_few(django_assert_max_num_queries: Any) -> None:
    client, agency, _person = a_desk()
    dialogue = a_dialogue(agency)
    event = an_event(agency, dialogue=dialogue)
    for number in range(12):
        theme = make_theme(actor=None, dialogue=dialogue, title=f"Theme {number}")
        contribution = a_contribution(
            agency, event=event, theme=theme, may_quote=True, body=f"Quote {number}"
        )
        show(contribution, actor=None, now=timezone.now())
        a_commitment(agency, event=event, draft=bool(number % 2), now=timezone.now() - dt.timedelta(days=40))
    over(event)
    drafted(client, event)
    with django_assert_max_num_queries(17):
        client.get(url("event_summary", event))
    with django_assert_max_num_queries(12):
        client.get(url("event_summary_preview", event))


def test_commitments_of_the_dialogue_may_be_named_and_other_agencies_commitments_not() -> None:
    client, agency, _person = a_desk()
    dialogue = a_dialogue(agency)
    event = over(an_event(agency, dialogue=dialogue))
    other = a_commitment(agency, dialogue=dialogue, title="From the dialogue")
    foreign = a_commitment(an_agency())
    answer = drafted(client, event)
    assert (
        client.post(url("event_summary", event), as_filled_in(answer, will_do=[foreign.pk])).status_code
        == 400
    )
    sent = client.post(url("event_summary", event), as_filled_in(answer, will_do=[str(other.pk)]))
    assert sent.status_code == 302, errors_in(sent)
    assert the_draft(event).will_do == [other.pk]
    assert Commitment.objects.get(pk=other.pk).draft is False
