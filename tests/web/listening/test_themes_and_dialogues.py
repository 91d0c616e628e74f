"""Themes and dialogues: made, changed, turned and removed by those who moderate, each refusal where it belongs."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from engage.commitments.models import FocusArea
from engage.listening.models import Dialogue, ParticipationLevel, Theme
from engage.listening.moderating import show
from engage.listening.theming import assign, make_theme
from tests.makers.agencies import a_community, a_dialogue, an_agency
from tests.makers.commitments import a_commitment
from tests.makers.contributions import a_contribution
from tests.makers.events import an_event
from tests.web.listening.staff import a_desk, errors_in

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def at(name: str, agency: Any, **more: Any) -> str:
    return reverse(name, kwargs={"slug": agency.slug, **more})


def about(**fields: Any) -> dict[str, Any]:
    given = {
        "title": "Traffic stops", "purpose": "Fewer of them", "focus_area": FocusArea.PROCEDURAL_JUSTICE.value,
        "participation_level": ParticipationLevel.INVOLVE.value,
    }  # fmt: skip
    return given | fields


def test_themes_are_listed_with_what_stands_and_what_waits_under_them() -> None:
    client, agency, _person = a_desk()
    event = an_event(agency)
    theme = make_theme(actor=None, event=event, title="Lamps")
    for number in range(3):
        contribution = a_contribution(agency, event=event)
        assign(contribution, theme=theme, actor=None)
        if number:
            show(contribution, actor=None, now=timezone.now())
    (listed,) = client.get(at("event_themes", agency, event_id=event.pk)).context["themes"]
    assert (listed.contributions_count, listed.waiting, listed.has_commitment) == (2, 1, False)


def test_an_event_of_a_dialogue_shares_the_dialogues_themes() -> None:
    client, agency, _person = a_desk()
    event = an_event(agency, dialogue=a_dialogue(agency))
    page = at("event_themes", agency, event_id=event.pk)
    refused = client.post(page, {"title": " "})
    assert (refused.status_code, list(errors_in(refused))) == (400, ["title"])
    client.post(page, {"title": "Stops", "text": "People want reasons."})
    assert Theme.objects.get().dialogue == event.dialogue
    assert (
        b"People want reasons."
        in client.get(at("dialogue_themes", agency, dialogue_id=event.dialogue_id)).content
    )


def test_a_theme_is_changed_unless_somebody_else_did_meanwhile() -> None:
    client, agency, _person = a_desk()
    theme = make_theme(actor=None, event=an_event(agency), title="Lamps")
    page = at("edit_theme", agency, theme_id=theme.pk)
    sent = {"title": "Street lights", "text": "Dark.", "edit_version": theme.edit_version}
    assert client.post(page, sent).status_code == 302
    late = client.post(page, sent | {"title": "Lanterns"})
    assert late.status_code == 409
    assert b"Lanterns" in late.content
    theme.refresh_from_db()
    assert (theme.title, theme.text) == ("Street lights", "Dark.")


def test_a_theme_goes_and_what_was_said_stays_unless_a_commitment_came_from_it() -> None:
    client, agency, _person = a_desk()
    event = an_event(agency)
    kept, gone = (make_theme(actor=None, event=event, title=title) for title in ("Kept", "Gone"))
    a_commitment(agency, theme=kept)
    contribution = a_contribution(agency, event=event, theme=gone)
    assert client.get(at("remove_theme", agency, theme_id=gone.pk)).status_code == 200
    assert client.post(at("remove_theme", agency, theme_id=gone.pk)).status_code == 302
    refused = client.post(at("remove_theme", agency, theme_id=kept.pk))
    assert refused.status_code == 409
    assert b"A promise came from this theme" in refused.content
    contribution.refresh_from_db()
    assert (contribution.theme, list(Theme.objects.all())) == (None, [kept])


def test_a_dialogue_is_planned_changed_opened_closed_and_reported_in_this_order() -> None:
    client, agency, _person = a_desk()
    ward, partner = a_community(agency), an_agency(name="Mill Town")
    refused = client.post(at("new_dialogue", agency), about(title=""))
    assert (refused.status_code, list(errors_in(refused))) == (400, ["title"])
    assert b"Fewer of them" in refused.content
    client.post(at("new_dialogue", agency), about(communities=[ward.pk], partners=[partner.slug]))
    made = Dialogue.objects.get()
    assert (made.stage, list(made.communities.all()), list(made.partners.all())) == (
        "planning",
        [ward],
        [partner],
    )
    page = at("dialogue", agency, dialogue_id=made.pk)
    sent = about(title="Stops", edit_version=made.edit_version)
    assert client.post(page, sent).status_code == 302
    assert client.post(page, sent).status_code == 409
    for turn, stage in (("open", "open"), ("close", "closed"), ("report", "reported")):
        where = at(f"{turn}_dialogue", agency, dialogue_id=made.pk)
        client.get(where)
        assert client.post(where).status_code == 302
        made.refresh_from_db()
        assert made.stage == stage
        assert client.post(where).status_code == 409
    assert (made.title, made.communities.count()) == ("Stops", 0)


def test_only_a_plan_to_which_nothing_belongs_is_deleted() -> None:
    client, agency, _person = a_desk()
    empty, used = a_dialogue(agency), a_dialogue(agency)
    a_contribution(agency, dialogue=used)
    for dialogue, status in ((empty, 302), (used, 409), (a_dialogue(agency, stage="open"), 409)):
        where = at("delete_dialogue", agency, dialogue_id=dialogue.pk)
        assert client.get(where).status_code == 200
        assert client.post(where).status_code == status
    assert not Dialogue.objects.filter(pk=empty.pk).exists()
    assert Dialogue.objects.filter(pk=used.pk).exists()


def test_dialogues_come_page_by_page_with_as_many_queries_as_few(django_assert_max_num_queries: Any) -> None:
    client, agency, _person = a_desk()
    made = [a_dialogue(agency, title=f"Dialogue {number}") for number in range(30)]
    an_event(agency, dialogue=made[-1])
    make_theme(actor=None, dialogue=made[-1], title="Lamps")
    with django_assert_max_num_queries(7):
        first = client.get(at("dialogues", agency))
    rest = client.get(at("dialogues", agency), {"before": first.context["following"]})
    listed = [row.dialogue.pk for page in (first, rest) for row in page.context["rows"]]
    assert listed == sorted((one.pk for one in made), reverse=True)
    numbers = {
        row.dialogue.pk: (row.events, row.themes) for page in (first, rest) for row in page.context["rows"]
    }
    assert (numbers[made[-1].pk], numbers[made[0].pk]) == ((1, 1), (0, 0))
    assert client.get(at("dialogues", agency), {"before": "nonsense"}).status_code == 400


def test_another_agencys_dialogues_and_themes_are_not_there_and_leaders_may_not() -> None:
    client, agency, _person = a_desk()
    dialogue = a_dialogue(an_agency())
    theme = make_theme(actor=None, dialogue=dialogue, title="Lamps")
    names = [("dialogue", {"dialogue_id": dialogue.pk}), ("dialogue_themes", {"dialogue_id": dialogue.pk})]
    names += [("edit_theme", {"theme_id": theme.pk}), ("remove_theme", {"theme_id": theme.pk})]
    for name, more in names:
        assert client.get(at(name, agency, **more)).status_code == 404
        assert client.post(at(name, agency, **more), {"title": "Mine now"}).status_code == 404
    for kind in ("leader", "admin", "panelist"):
        assert a_desk(kind, agency)[0].get(at("dialogues", agency)).status_code == 403
    assert client.get(at("dialogue", agency, dialogue_id=uuid4())).status_code == 404
