"""Writes the two agencies, their staff, and the communities they serve."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from config.made_year.agencies import AGENCIES, COMMUNITIES, PEOPLE, PLEDGES
from config.made_year.year import Year
from engage.agency_time import local_day
from engage.models import Agency, Community, Person, Pledge, Role


def load_people(year: Year) -> None:
    """Nobody can sign in yet: passwords are given at each start by demo_credentials."""
    began = year.now - dt.timedelta(days=420)
    for slug, fields in AGENCIES.items():
        year.agencies[slug] = Agency.objects.create(slug=slug, created_at=began, **fields)
    for made in PEOPLE:
        person = Person(email=made.email, name=made.name, created_at=began)
        person.time_zone = year.agencies[made.agency].timezone
        person.set_unusable_password()
        year.people[made.key] = person
    Person.objects.bulk_create(year.people.values())
    roles = [
        Role(
            person=year.people[made.key], agency=year.agencies[made.agency], kind=made.role.value, since=began
        )
        for made in PEOPLE
    ]
    Role.objects.bulk_create(roles)
    for role in roles:
        year.note("role.given", role, at=began, kind=role.kind)
    _load_communities(year)
    _sign_pledges(year)


def _load_communities(year: Year) -> None:
    for slug, communities in COMMUNITIES.items():
        for name, kind, share, seldom_heard in communities:
            year.communities[slug, name] = Community(
                agency=year.agencies[slug],
                name=name,
                kind=kind.value,
                population_share=Decimal(share) if share else None,
                seldom_heard=seldom_heard,
                last_heard_at=year.now - dt.timedelta(days=year.chance.randint(4, 140)),
            )
    Community.objects.bulk_create(year.communities.values())


def _sign_pledges(year: Year) -> None:
    for slug, code, text, days in PLEDGES:
        agency, at = year.agencies[slug], year.now - dt.timedelta(days=days)
        pledge = Pledge.objects.create(
            agency=agency,
            code=code,
            text=text,
            signed_by=year.staff(slug, Role.Kind.ADMIN),
            signed_on=local_day(agency.timezone, at),
        )
        year.note("pledge.signed", pledge, at=at, actor=pledge.signed_by, public=True, code=pledge.code)
