"""Browsers in which somebody of the staff is signed in."""

from __future__ import annotations

import time
from typing import Any, Final

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.internal.userkit import user_id_to_str
from django.test import Client

from engage.agencies.models import Agency
from engage.people.models import Person
from tests.makers.agencies import a_person, an_agency

_BY: Final = "account_authentication_methods_user"


def signed_in(person: Person, *, ago: float = 0, **more: Any) -> Client:
    """Signed in with a password, ``ago`` seconds before now."""
    client = Client(**more)
    client.force_login(person)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time() - ago}]
    session[_BY] = user_id_to_str(person)
    session.save()
    return client


def staff(agency: Agency | None = None, kind: str = "liaison", **more: Any) -> Client:
    """Somebody new in that role there; of an agency of their own where none is given."""
    return signed_in(a_person(agency or an_agency(), kind), **more)


def errors_of(answer: Any) -> dict[str, list[str]]:
    return dict(answer.context["form"].errors)
