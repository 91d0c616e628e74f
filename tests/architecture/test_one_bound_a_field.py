"""Lengths, bounds and choices stand on the model alone: the API's shapes and the pages' forms have the same."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from rest_framework import serializers

from api.strict_fields import Strict
from api.v1 import (
    agencies,
    checklist,
    commitments,
    communities,
    contribution_shapes,
    dialogues,
    door,
    event_shapes,
    rsvp_shapes,
    summaries,
    themes,
    tokens,
    venues,
)
from engage.agencies.languages import LONGEST_TRANSLATION
from engage.agencies.models import Agency, Community, Pledge
from engage.commitments.models import Commitment, CommitmentUpdate, Redaction
from engage.database.bounds import bounds_of, longest_of
from engage.listening.models import Contribution, Dialogue, Theme
from engage.roles.models import AccessToken
from events.door.models import DoorLink
from events.event.models import Event, Venue
from events.planning.fields import TRANSLATED
from events.planning.models import ChecklistItem
from events.rsvps.needs.models import AccessRequest
from outreach.reminders.models import ReminderRule
from outreach.summaries.models import SummaryVersion
from outreach.summaries.parts import LONGEST
from tests.architecture.sources import name_of, sources, text_of
from web.commitments import acts
from web.commitments import forms as commitment_forms
from web.desk.checklist import ChecklistLine
from web.desk.event_form import EventForm
from web.desk.venues import VenueForm
from web.door.links import DeviceForm
from web.listening import contribution_forms, note_forms
from web.listening import dialogues as dialogue_page
from web.office import communities as community_page
from web.office import pledges as pledge_page
from web.office import tokens as token_page
from web.office.settings_forms import SECTIONS
from web.rsvps import needs as need_page
from web.summaries import forms as summary_forms
from web.summaries.publishing import ApprovalForm

# Each thing that both surfaces take, with the shapes and the forms that take it.
BOTH: list[tuple[type[models.Model], list[type[Strict]], list[type[forms.Form]]]] = [
    (Event, [event_shapes.EventBody], [EventForm]),
    (Venue, [venues.VenueBody], [VenueForm]),
    (Agency, [agencies.AgencyBody, agencies.SettingsBody], [form for _name, _hint, form in SECTIONS.values()]),
    (Community, [communities.CommunityBody], [community_page.CommunityForm]),
    (Pledge, [agencies.PledgeBody], [pledge_page.PledgeForm]),
    (Dialogue, [dialogues.DialogueBody], [dialogue_page.DialogueForm]),
    (Theme, [themes.ThemeBody], [contribution_forms.ThemeTextForm]),
    (Contribution, [contribution_shapes.ContributionBody], [note_forms.NoteForm]),
    (Commitment, [commitments.CommitmentBody], [commitment_forms.CommitmentForm, note_forms.CommitmentForm]),
    (CommitmentUpdate, [commitments.UpdateBody], [commitment_forms.UpdateForm, acts.NoteForm]),
    (Redaction, [commitments.RedactionBody], [acts.RedactForm]),
    (ChecklistItem, [checklist.ChecklistItemBody], [ChecklistLine]),
    (AccessRequest, [rsvp_shapes.AccessRequestBody], [need_page.ArrangeNeed]),
    (AccessToken, [tokens.TokenBody], [token_page.TokenForm]),
    (DoorLink, [door.DoorLinkBody], [DeviceForm]),
    (SummaryVersion, [summaries.ApprovalBody], [ApprovalForm]),
]  # fmt: skip


def column_called(model: type[models.Model], name: str) -> Any:
    try:
        column = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return column if isinstance(column, models.Field) and not column.is_relation else None


def bounds(field: Any) -> dict[str, Any]:
    """What a field of a form or of a shape holds its value to, called as the model calls it."""
    found = {"max_length": getattr(field, "max_length", None)}
    if isinstance(field, forms.IntegerField | serializers.IntegerField):
        found |= {"least": field.min_value, "most": field.max_value}
    if isinstance(field, forms.DecimalField | serializers.DecimalField):
        found |= {"least": field.min_value, "most": field.max_value}
        found |= {"places": field.decimal_places, "digits": field.max_digits}
    if isinstance(field, forms.ChoiceField | serializers.ChoiceField):
        offered: Any = field.choices
        found["choices"] = {str(value) for value in dict(offered)} - {""}
    return found


def of_the_model(column: Any) -> dict[str, Any]:
    least, most = bounds_of(column)
    return {
        "max_length": column.max_length, "least": least, "most": most,
        "places": getattr(column, "decimal_places", None), "digits": getattr(column, "max_digits", None),
        "choices": {str(value) for value, _word in column.choices or ()},
    }  # fmt: skip


def differences(model: type[models.Model], where: str, fields: dict[str, Any]) -> list[str]:
    """Fields called as a column of the model that are held to something else than it."""
    found = []
    for name, field in fields.items():
        column = column_called(model, name)
        picks = isinstance(field, forms.ChoiceField | serializers.ChoiceField)
        # A list's length, and choices made for the day, are no bounds of the column's; a version is only sent back.
        if column is None or isinstance(field, serializers.ListField) or name == "edit_version":
            continue
        said, meant = bounds(field), of_the_model(column)
        # An instant comes as a text, whose length is the text's own.
        if picks or not isinstance(column, models.CharField | models.TextField):
            said.pop("max_length")
        if picks and not column.choices:
            continue
        found += [
            f"{where}.{name}: {key} {said[key]}, {meant[key]}" for key in said if said[key] != meant[key]
        ]
    return found


def pairs() -> list[tuple[type[models.Model], str, dict[str, Any]]]:
    shapes = [(model, one.__name__, one().get_fields()) for model, some, _ in BOTH for one in some]
    return shapes + [(model, one.__name__, dict(one.base_fields)) for model, _, some in BOTH for one in some]


@pytest.mark.parametrize(
    ("model", "where", "fields"), pairs(), ids=lambda one: one if isinstance(one, str) else ""
)
def test_what_a_surface_takes_is_held_to_the_bounds_of_the_model(
    model: type[models.Model], where: str, fields: dict[str, Any]
) -> None:
    assert differences(model, where, fields) == []


def test_a_bound_written_by_hand_is_found_where_it_differs() -> None:
    by_hand: list[dict[str, Any]] = [
        {"run_by": forms.CharField(max_length=200)},
        {"run_by": serializers.CharField(max_length=301)},
        {"run_by": forms.CharField()},
        {"capacity": forms.IntegerField(min_value=0, max_value=1_000_000)},
        {"kind": serializers.ChoiceField(choices=["walk"])},
    ]
    for fields in by_hand:
        assert len(differences(Event, "made up", fields)) == 1, fields
    assert differences(Event, "made up", {"run_by": forms.CharField(max_length=300)}) == []


def test_every_settings_bound_is_on_a_page_and_in_the_api() -> None:
    on_pages = {name for _name, _hint, form in SECTIONS.values() for name in form.base_fields}
    bounded = {
        one.name
        for one in Agency._meta.fields
        if bounds_of(one) != (None, None) and one.name in agencies.SETTINGS
    }
    assert bounded - on_pages == {"population"}
    assert bounded <= set(agencies.SettingsBody().fields)


def test_a_part_of_a_summary_is_held_to_the_same_lengths_by_both_surfaces() -> None:
    for shape, part in (
        (summaries.HeardBody(), summary_forms.part_fields()),
        (summaries.WillNotDoBody(), summary_forms.refusal_fields()),
    ):
        for name, field in part.items():
            assert shape.fields[name].max_length == field.max_length == LONGEST[name], name


def test_a_translation_may_be_as_long_as_the_longest_text_that_is_translated() -> None:
    longest = max(longest_of(Event, name) for name in TRANSLATED if name != "agenda")
    assert longest == LONGEST_TRANSLATION
    for shape in (event_shapes.EventBody, commitments.CommitmentBody):
        by_field: Any = shape().get_fields()["translations"]
        assert by_field.child.child.max_length == longest, shape


def times_written(number: int, text: str) -> int:
    """How often a number stands in a source, also in its words and statements, however its thousands are set apart."""
    return len(re.findall(rf"(?<![\w.]){number}(?![\w.])", re.sub(r"(?<=\d)[_,](?=\d{3})", "", text)))


def test_how_far_ahead_a_reminder_reaches_is_written_once() -> None:
    _least, most = bounds_of(ReminderRule._meta.get_field("minutes_before"))
    product = sources("engage", "events", "outreach", "api", "web")
    times = {name_of(path): times_written(most, text_of(path)) for path in product}
    assert {name: often for name, often in times.items() if often} == {"outreach/reminders/models.py": 1}


@pytest.mark.parametrize(
    "copied",
    ["if m <= 43_200:", '"""5 to 43,200, each once."""', "now() + interval '43200 minutes'", "(5, 43200)"],
)
def test_a_number_written_again_is_seen_however_it_is_spelled(copied: str) -> None:
    assert times_written(43_200, copied) == 1
    assert times_written(43_200, copied.replace("200", "2001")) == 0
