"""A dialogue goes from planning to reported, forward only, and is deleted only while nothing hangs on it."""

import datetime as dt

import pytest
from django.utils import timezone

from engage.activity.models import Activity
from engage.listening.dialogues import (
    DialogueInUse,
    close_dialogue,
    delete_dialogue,
    edit_dialogue,
    open_dialogue,
    report_dialogue,
    start_dialogue,
)
from engage.listening.intake import take_in
from engage.listening.models import Dialogue
from engage.refusals import Invalid, WrongState
from tests.makers.agencies import a_community, a_dialogue, an_agency
from tests.makers.contributions import a_contribution

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
TURNS = (open_dialogue, close_dialogue, report_dialogue)


def _started(agency, **more):
    return start_dialogue(
        agency=agency, actor=None, title="Traffic stops", focus_area="procedural_justice", **more
    )


def test_it_goes_forward_one_stage_at_a_time():
    dialogue = _started(an_agency())
    for number, turn in enumerate(TURNS):
        for wrong in (*TURNS[:number], *TURNS[number + 1 :]):
            with pytest.raises(WrongState):
                wrong(dialogue, actor=None)
        turn(dialogue, actor=None)
    assert Dialogue.objects.get().stage == "reported"
    lines = Activity.objects.filter(object_id=dialogue.pk).order_by("id").values_list("verb", "public")
    assert list(lines) == [
        ("dialogue.started", False), ("dialogue.opened", True), ("dialogue.closed", True), ("dialogue.reported", True),
    ]  # fmt: skip


def test_communities_are_its_own_agencys_and_partners_are_others():
    agency, partner = an_agency(), an_agency()
    ward = a_community(agency)
    dialogue = _started(agency, communities=[ward.pk], partners=[partner.slug])
    assert list(dialogue.communities.all()) == [ward]
    assert list(dialogue.partners.all()) == [partner]
    for wrong in (
        {"communities": [a_community(partner)]},
        {"partners": [agency.slug]},
        {"partners": ["nobody"]},
    ):
        with pytest.raises(Invalid):
            edit_dialogue(dialogue, actor=None, fields=wrong)
    edit_dialogue(dialogue, actor=None, fields={"title": "Stops", "communities": [], "partners": []})
    dialogue.refresh_from_db()
    assert (dialogue.title, dialogue.communities.count(), dialogue.edit_version) == ("Stops", 0, 2)


def test_only_a_planned_and_empty_one_can_be_deleted():
    agency = an_agency()
    delete_dialogue(_started(agency), actor=None)
    assert not Dialogue.objects.exists()
    public = open_dialogue(_started(agency), actor=None)
    with pytest.raises(WrongState):
        delete_dialogue(public, actor=None)
    used = a_dialogue(agency)
    a_contribution(agency, dialogue=used)
    with pytest.raises(DialogueInUse):
        delete_dialogue(used, actor=None)


def test_words_that_still_wait_in_the_intake_hold_it_too():
    agency = an_agency()
    dialogue = a_dialogue(agency)
    take_in(
        agency_id=agency.pk, target="dialogue", target_id=dialogue.pk, zone="UTC", kind="idea", way_in="web",
        language="en", body="An idea", idempotency_key=None, now=timezone.now() - dt.timedelta(minutes=1),
    )  # fmt: skip
    with pytest.raises(DialogueInUse):
        delete_dialogue(dialogue, actor=None)
