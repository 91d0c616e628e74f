"""Browsers in which somebody of the staff is signed in."""

from __future__ import annotations

from typing import Any

from django.test import Client

from engage.models import Agency, Person
from tests.makers.agencies import a_person, an_agency


def signed_in(person: Person, **more: Any) -> Client:
    client = Client(**more)
    client.force_login(person)
    return client


def staff(agency: Agency | None = None, kind: str = "liaison", **more: Any) -> Client:
    """Somebody new in that role there; of an agency of their own where none is given."""
    return signed_in(a_person(agency or an_agency(), kind), **more)


def errors_of(answer: Any) -> dict[str, list[str]]:
    return dict(answer.context["form"].errors)
