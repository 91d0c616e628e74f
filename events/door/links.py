"""How the door is opened, and how long it stays open for late syncs.

By a link on one named device, without an account, until it expires or is revoked, or by staff on their own screen.
Either is an act with a reason, on the record, which residents can see: written once, when the screen is opened; every
search on it afterwards is part of that one look.
"""

from __future__ import annotations

import datetime as dt
import secrets
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from engage.activity.recording import record
from engage.agencies.models import Agency
from engage.people.models import Person
from engage.people.second_factors import guarded_as_asked
from engage.readings.models import ContactRead, ReadPurpose
from engage.readings.recording import record_read
from engage.refusals import FieldError, Invalid, Unknown, WrongState
from engage.roles.models import Role
from engage.roles.permissions import kinds_with
from events.door.models import DoorLink
from events.event.models import OPEN, OVER, STANDING, Event

LATE_SYNCS: Final = dt.timedelta(hours=12)
_EVENT: Final = (
    "agency_id", "title", "status", "rsvp_mode", "format", "timezone", "local_starts_at", "local_ends_at", "starts_at", "ends_at",
    "ended_at", "open_until", "people_kept_days", "totals_frozen_at",
)  # fmt: skip
_AGENCY: Final = (
    "slug",
    "name",
    "timezone",
    "retention_days",
    "primary_color",
    "edit_version",
    "mark",
    "mark_letters",
)
_AT_THE_DOOR: Final = (
    "agency_id", "event_id", "device", "expires_at", "revoked_at", "created_by_id",
    *(f"event__{name}" for name in _EVENT), *(f"event__agency__{name}" for name in _AGENCY),
)  # fmt: skip


def closing_time(event: Event) -> dt.datetime:
    """12 hours after the end: the planned one, that to which it was kept open, or the real one, whichever came last."""
    return max(event.last_end, event.ended_at or event.ends_at) + LATE_SYNCS


def must_take_arrivals(event: Event, now: dt.datetime) -> None:
    """While published or live, and for late syncs until the totals are final. Raises WrongState."""
    over = event.status in OVER
    late = over and now < closing_time(event) and event.totals_frozen_at is None
    if event.status not in OPEN and not late:
        raise WrongState


@transaction.atomic
def open_link(
    event: Event,
    *,
    device: str,
    actor: Person,
    expires_at: dt.datetime | None = None,
    now: dt.datetime,
) -> tuple[DoorLink, str]:
    """A link for ``device`` and its secret, which is told once and kept as a hash.

    device: 1 to 60 characters. expires_at: by default, and at the latest, 12 hours after the end. Raises WrongState,
    Invalid.
    """
    if event.status not in STANDING:
        raise WrongState
    latest = closing_time(event)
    until = expires_at or latest
    wrong = []
    if not 1 <= len(device.strip()) <= 60:
        wrong.append(FieldError("device", "invalid", str(_("Name the device in 1 to 60 characters."))))
    if not now < until <= latest:
        wrong.append(
            FieldError("expires_at", "out_of_range", str(_("At the latest 12 hours after the end.")))
        )
    if wrong:
        raise Invalid(errors=wrong)
    secret = secrets.token_urlsafe(32)
    link = DoorLink.objects.create(
        agency_id=event.agency_id,
        event=event,
        device=device.strip(),
        token_sha256=_hash(secret),
        created_by=actor,
        access_version=actor.access_version,
        created_at=now,
        expires_at=until,
    )
    record("door.opened", link, actor=actor, data={"event": str(event.pk)}, at=now)
    return link, secret


@transaction.atomic
def revoke(link: DoorLink | UUID, *, actor: Person, now: dt.datetime) -> None:
    """Close the link and the session it was traded for; a second time changes nothing. Raises Unknown."""
    pk = link.pk if isinstance(link, DoorLink) else link
    row = DoorLink.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if row is None:
        raise Unknown
    if row.revoked_at is None:
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
        record("door.revoked", row, actor=actor, data={"event": str(row.event_id)}, at=now)


def close_links_of(person: Person, agency: Agency | None, now: dt.datetime) -> int:
    """Everything this person opened, in ``agency`` or everywhere, is closed; how many were open. Other agencies' stay."""
    theirs = DoorLink.objects.filter(created_by=person, revoked_at=None)
    if agency is not None:
        good = theirs.filter(access_version=person.access_version - 1)
        good.exclude(agency=agency).update(access_version=person.access_version)
        theirs = theirs.filter(agency=agency)
    return theirs.filter(expires_at__gt=now).update(revoked_at=now)


def links_of(event: Event) -> list[DoorLink]:
    """The newest first; at most the last 100 that were made. One query."""
    return list(DoorLink.objects.filter(event=event).order_by("-created_at", "-pk")[:100])


def link_of(event: Event, link_id: UUID) -> DoorLink:
    """Raises Unknown."""
    found = DoorLink.objects.filter(event=event, pk=link_id).first()
    if found is None:
        raise Unknown
    return found


def link_behind(secret: str, *, now: dt.datetime) -> DoorLink:
    """The standing link of that secret; looking changes nothing. Raises Unknown, the same for every failure."""
    return _standing(DoorLink.objects.all(), now, token_sha256=_hash(secret))


def trade(secret: str, *, now: dt.datetime) -> tuple[DoorLink, str]:
    """A session for the device's cookie. Trading again ends the session before: one link, one device. Raises Unknown."""
    link = link_behind(secret, now=now)
    session = secrets.token_urlsafe(32)
    # The condition again on the row itself: it may have been revoked a moment ago.
    if not DoorLink.objects.filter(pk=link.pk, revoked_at=None).update(session_sha256=_hash(session)):
        raise Unknown
    return link, session


def door_session_behind(secret: str, *, now: dt.datetime) -> DoorLink:
    """The link, with its event and agency, behind a device's session. Raises Unknown.

    It is asked for at every tap: of the event and the agency it loads what a door needs, and no long texts.
    """
    return _standing(DoorLink.objects.only(*_AT_THE_DOOR), now, session_sha256=_hash(secret))


def _standing(links: QuerySet[DoorLink], now: dt.datetime, **where: bytes) -> DoorLink:
    """A link ends with what it came from: its maker's role here, sign-in and second factor are asked again, at each use."""
    of_maker = Role.objects.standing().filter(
        person=OuterRef("created_by"), agency=OuterRef("agency"), kind__in=kinds_with("rsvps:write")
    )
    standing = links.select_related("event__agency").filter(
        Exists(of_maker),
        guarded_as_asked("agency", "created_by"),
        revoked_at=None,
        expires_at__gt=now,
        access_version=F("created_by__access_version"),
        **where,
    )
    link = standing.first()
    if link is None:
        raise Unknown
    return link


def _hash(secret: str) -> bytes:
    return sha256(secret.encode()).digest()


@transaction.atomic
def open_by_link(secret: str, *, now: dt.datetime) -> tuple[DoorLink, str]:
    """The link and a session for its device; whoever made the link answers for the look.

    Raises Unknown, SecondPersonNeeded.
    """
    link, session = trade(secret, now=now)
    _written_down(link.event, link.created_by, now)
    return link, session


def open_by_staff(event: Event, person: Person, *, now: dt.datetime) -> str:
    """A name for this person's screen, under which it counts heads. Raises WrongState, SecondPersonNeeded."""
    must_take_arrivals(event, now)
    _written_down(event, person, now)
    return f"desk {secrets.token_urlsafe(12)}"


def _written_down(event: Event, reader: Person, now: dt.datetime) -> None:
    record_read(
        reader,
        agency=event.agency,
        what=ContactRead.What.DOOR,
        purpose=ReadPurpose.DOOR,
        event_id=event.pk,
        now=now,
    )
