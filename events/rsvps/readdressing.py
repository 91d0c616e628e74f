"""The address of an RSVP corrected, or added where it had none, by whoever holds its link.

A mistyped address cannot be told by anybody but who typed it, and it may be somebody else's. So the new one is as unproven
as any that was typed; nothing that was still to go to the old one goes; and every link that the old one may have been
sent opens nothing any more. Whoever proved the old one is told that letters go elsewhere, and not where to.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from engage.activity.models import Activity
from engage.activity.recording import record
from engage.contacts.keeping import keep_contact
from engage.contacts.links import Purpose, mint
from engage.contacts.models import Channel, Contact
from engage.refusals import FieldError, Invalid, RuleViolation, Unknown, WrongState
from events.event.models import OPEN
from events.rsvps import seats
from events.rsvps.erasure_dates import people_erased_after
from events.rsvps.links import Reach, prove_by
from events.rsvps.models import Remind, Rsvp, RsvpStatus
from events.rsvps.rules import check_address

CORRECTIONS_A_DAY: Final = 3
VERB: Final = "rsvp.address_changed"

# Outreach fills this when the app starts: what is still to be sent to the old address must not go, decided in the
# transaction that leaves it. Called with the RSVP's id, the old contact's and the time.
when_address_is_left: list[Callable[[UUID, UUID, dt.datetime], None]] = []


class AddressChangedTooOften(RuleViolation):
    """Each change may write to one more stranger."""

    code = "address_changed_too_often"
    sentence = _("You can change the address three times a day. Please try again tomorrow.")


@transaction.atomic
def change_address(reach: Reach, email: str, *, now: dt.datetime) -> str | None:
    """From now on this RSVP, and no other of the same address, is written about to ``email``.

    The token of its new link, for the screen; every older one opens nothing, calendar and offers included. None where it
    is the address that is there already: nothing has changed. Raises Unknown (also where another change came first),
    Invalid, WrongState, AddressChangedTooOften.
    """
    event, rsvp = seats.locked_with_rsvp(reach.rsvp.pk)
    if rsvp.link_version != reach.rsvp.link_version:
        raise Unknown
    prove_by(reach, now=now)
    if event.status not in OPEN or rsvp.status == RsvpStatus.CANCELLED:
        raise WrongState
    _check(email)
    old = Contact.objects.get(pk=rsvp.email_contact_id) if rsvp.email_contact_id else None
    new = keep_contact(
        agency=event.agency,
        scope=Contact.Scope.EVENT,
        scope_id=event.pk,
        channel=Channel.EMAIL,
        address=email,
        language=rsvp.language,
        now=now,
        erase_after=people_erased_after(event),
    )
    if old is not None and new.pk == old.pk:
        return None
    if changes_since(rsvp, now - dt.timedelta(days=1)) >= CORRECTIONS_A_DAY:
        raise AddressChangedTooOften
    if old is None:
        # Who adds an address to a place without one does it to hear from us.
        rsvp.remind = Remind.EMAIL.value
    else:
        _leave(rsvp, old, now)
    rsvp.email_contact = new
    rsvp.link_version += 1
    rsvp.edit_version += 1
    rsvp.save(update_fields=["email_contact", "remind", "link_version", "edit_version"])
    # No row but this names the old address, which is erased with the RSVP (``earlier_addresses``).
    data = {"was": str(old.pk), "was_proven": old.proven_on is not None} if old is not None else {}
    record(VERB, rsvp, data=data, at=now)
    return mint(Purpose.RSVP_SCREEN, rsvp.pk, rsvp.link_version)


def changes_since(rsvp: Rsvp, since: dt.datetime) -> int:
    """Exact, since whoever asks holds the RSVP's lock: the record is written under it."""
    return Activity.objects.filter(verb=VERB, object_type="rsvp", object_id=rsvp.pk, at__gt=since).count()


def changed_on(rsvp: Rsvp) -> list[dt.datetime]:
    """When its address was changed, the oldest first."""
    lines = Activity.objects.filter(verb=VERB, object_type="rsvp", object_id=rsvp.pk)
    return list(lines.order_by("at", "pk").values_list("at", flat=True))


def earlier_addresses(rsvp_ids: list[UUID]) -> set[UUID]:
    """The contacts that these RSVPs were once saved with."""
    lines = Activity.objects.filter(verb=VERB, object_type="rsvp", object_id__in=rsvp_ids)
    return {UUID(data["was"]) for data in lines.values_list("data", flat=True) if data.get("was")}


def _check(email: str) -> None:
    wrong = check_address(Channel.EMAIL, email)
    if not email.strip():
        wrong = [FieldError("email", "required", str(_("Type your email.")))]
    if wrong:
        raise Invalid(errors=wrong)


def _leave(rsvp: Rsvp, old: Contact, now: dt.datetime) -> None:
    for hook in when_address_is_left:
        hook(rsvp.pk, old.pk, now)
    others = Rsvp.objects.filter(email_contact=old).exclude(pk=rsvp.pk)
    if old.proven_on is None and not others.exclude(status=RsvpStatus.CANCELLED).exists():
        # Nobody there has ever answered: it is not told either that the meeting is called off.
        Contact.objects.filter(pk=old.pk).update(calendar_state=Contact.CalendarState.NONE)
