"""The two agencies of the demo, their staff, the communities they serve and what they pledged."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from demo.made_year.telling import told
from demo.made_year.year import Year
from engage.agencies.communities import add_community
from engage.agencies.models import Agency
from engage.agencies.onboarding import create_agency
from engage.agencies.pledges import sign_pledge
from engage.people.models import Person
from engage.roles.granting import grant
from engage.roles.models import Role

# The order in which the roles are shown to whoever tries the demo.
ROLES = (Role.Kind.LIAISON, Role.Kind.LEADER, Role.Kind.PANELIST, Role.Kind.ADMIN)
_AGENCIES: list[dict[str, Any]] = told("agencies")["agency"]
_LISTS = ("people", "communities", "pledges")
MAIN, SECOND = (agency["slug"] for agency in _AGENCIES)
_BEGAN = dt.timedelta(days=420)


@dataclass(frozen=True, slots=True)
class MadePerson:
    """Somebody of the staff. ``office`` is who they answer for in the commitments."""

    key: str
    name: str
    agency: str
    role: Role.Kind
    office: str = ""

    @property
    def email(self) -> str:
        return f"{self.key}@{self.agency}.example"


PEOPLE = tuple(
    MadePerson(one["key"], one["name"], agency["slug"], Role.Kind(one["role"]), one.get("office", ""))
    for agency in _AGENCIES
    for one in agency["people"]
)


def first_of_each_role(agency: str) -> list[MadePerson]:
    """One person a role, in the order of ``ROLES``."""
    return [
        next(person for person in PEOPLE if person.agency == agency and person.role == role) for role in ROLES
    ]


def owner_of(year: Year, agency: Agency, office: str) -> Person | None:
    """Who answers for an office, where somebody who signs in does."""
    return next(
        (year.people[one.key] for one in PEOPLE if (one.agency, one.office) == (agency.slug, office)), None
    )


def set_up_agencies(year: Year) -> None:
    """Nobody can sign in yet: passwords are given at each start by demo_credentials."""
    began = year.now - _BEGAN
    for made in _AGENCIES:
        facts = {name: value for name, value in made.items() if name not in _LISTS}
        agency = year.agencies[made["slug"]] = create_agency(now=began, **facts)
        _take_in_people(year, agency, began)
        for one in made["communities"]:
            share = one.get("share")
            year.communities[agency.slug, one["name"]] = add_community(
                agency,
                actor=year.staff(agency, Role.Kind.ADMIN),
                now=began,
                name=one["name"],
                kind=one["kind"],
                population_share=Decimal(share) if share else None,
                seldom_heard=one.get("seldom_heard", False),
                last_heard_at=year.now - dt.timedelta(days=one["heard"]),
            )
        for one in made["pledges"]:
            year.at(year.now + dt.timedelta(days=one["day"]), _signing(year, agency, one))


def _take_in_people(year: Year, agency: Agency, began: dt.datetime) -> None:
    for one in PEOPLE:
        if one.agency == agency.slug:
            person = Person.objects.create_user(
                one.email, name=one.name, created_at=began, time_zone=agency.timezone
            )
            year.people[one.key] = person
            year.by_role.setdefault((agency.slug, one.role), []).append(person)
            grant(person=person, agency=agency, kind=one.role.value, actor=None, now=began)


def _signing(year: Year, agency: Agency, one: dict[str, Any]) -> Any:
    admin = year.staff(agency, Role.Kind.ADMIN)
    return lambda now: sign_pledge(agency, actor=admin, code=one["code"], text=one["text"], now=now)
