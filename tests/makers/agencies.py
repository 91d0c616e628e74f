"""Agencies, and people who work there."""

from __future__ import annotations

import secrets
from typing import Any

from engage.agencies.models import Agency, Community
from engage.commitments.models import FocusArea
from engage.listening.models import Dialogue
from engage.people.models import Person
from engage.roles.models import Role


def an_agency(**fields: Any) -> Agency:
    """A police department in Chicago's time zone, with a slug of its own; with holidays where its country or region is said.

    What is planned so many days from now would else meet one on some days of the year.
    """
    given = {
        "slug": f"agency-{secrets.token_hex(4)}",
        "name": "Harbor Falls Police",
        "timezone": "America/Chicago",
    }
    if not {"country", "region"} & fields.keys():
        given["holiday_calendar"] = "none"
    return Agency.objects.create(**(given | fields))


def a_person(agency: Agency | None = None, kind: str = "liaison", **fields: Any) -> Person:
    """Somebody who signs in; with an agency, in that role there."""
    person = Person.objects.create(
        **({"email": f"{secrets.token_hex(6)}@staff.example", "name": "Dana"} | fields)
    )
    if agency is not None:
        Role.objects.create(person=person, agency=agency, kind=kind)
    return person


def a_dialogue(agency: Agency, **fields: Any) -> Dialogue:
    given = {"title": "Traffic stops", "focus_area": FocusArea.PROCEDURAL_JUSTICE}
    return Dialogue.objects.create(agency=agency, **(given | fields))


def a_community(agency: Agency, **fields: Any) -> Community:
    return Community.objects.create(agency=agency, **({"name": f"Ward {secrets.token_hex(3)}"} | fields))
