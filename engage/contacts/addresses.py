"""An address as such: one spelling, one fingerprint a scope, and one sealed place."""

from __future__ import annotations

import unicodedata
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from engage.contacts.models import Channel, Contact
from engage.contacts.telephones import telephone_in
from engage.refusals import FieldError, Invalid
from engage.sealing.seals import fingerprint, fits, unseal

# Where the API and the forms call the address of a channel.
FIELD_OF_CHANNEL: Final = {Channel.EMAIL.value: "email", Channel.SMS.value: "phone"}

LONGEST_EMAIL: Final = 254  # letters; RFC 5321 §4.5.3.1.3 less its two brackets
_SHORTEST_NUMBER: Final = 5  # digits: nobody is reached at 911
_READ_NO_DOTS: Final = frozenset({"gmail.com", "googlemail.com"})
SEALED_IN: Final = {"table": "engage_contact", "column": "sealed_address"}


def address_of(contact: Contact) -> str:
    """The address in clear, as it was typed. Raises SealBroken."""
    return unseal(bytes(contact.sealed_address), row=contact.pk, agency=contact.agency_id, **SEALED_IN)


def masked(email: str) -> str:
    """Enough to know one's own again. Never the domain, which may be a shelter's; empty for none."""
    name, at, domain = email.rpartition("@")
    return f"{name[:1]}…@{domain[:1]}…" if at else ""


def normalised(channel: str, address: str) -> str:
    """One spelling for one address: email in lower case, a telephone number as digits with its plus.

    Only the syntax is looked at; reserved domains pass. Raises Invalid, which names the field but not the address.
    """
    plain = unicodedata.normalize("NFKC", address).strip()
    if channel == Channel.SMS:
        found = telephone_in(plain)
        if found is not None and len(found.number) >= _SHORTEST_NUMBER:
            return found.number + (f" ext. {found.extension}" if found.extension else "")
        raise _bad_address(channel, _("Write the telephone number with digits, like +1 202 555 0123."))
    try:
        validate_email(plain)
    except ValidationError:
        raise _bad_address(channel, _("Write the email address like name@example.org.")) from None
    # Characters, and bytes: the address is sealed in a place of one size.
    if len(plain) > LONGEST_EMAIL or not fits(address.strip(), **SEALED_IN) or not fits(plain, **SEALED_IN):
        raise _bad_address(channel, _("An email address has at most 254 characters."))
    return plain.lower()


def on_the_wire(address: str) -> str:
    """The address as every mail server takes it: a domain in other letters by its ASCII name (RFC 5891 §4.4).

    Letter by letter as ``normalised`` spells it, so that ß stays ß (the library's codec, IDNA 2003, would write to ss).
    """
    local, at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    # U+3002: the full stop of some scripts, which separates labels as ours does (UTS 46).
    labels = unicodedata.normalize("NFKC", domain).lower().replace("\u3002", ".").split(".")
    plain = (one if one.isascii() else f"xn--{one.encode('punycode').decode()}" for one in labels)
    return f"{local}{at}{'.'.join(plain)}"


def mailbox_of(channel: str, address: str) -> str:
    """The mailbox that an address reaches, as far as its spelling tells: what limits are counted by.

    ``me+news@`` is ``me@`` (RFC 5233 calls it a detail), and one large provider reads no dots. Raises Invalid.
    """
    plain = normalised(channel, address)
    if channel == Channel.SMS:
        return plain
    local, _at, domain = plain.rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _READ_NO_DOTS:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def fingerprint_for(*, agency_id: UUID, scope: str, scope_id: UUID, channel: str, address: str) -> bytes:
    """32 bytes, keyed by agency and scope: the same address at two events has nothing in common in a dump."""
    parts = (agency_id.bytes, str(scope), scope_id.bytes, str(channel), normalised(channel, address))
    return fingerprint(*parts, purpose="contact")


def _bad_address(channel: str, sentence: str) -> Invalid:
    return Invalid(errors=[FieldError(FIELD_OF_CHANNEL[str(channel)], "invalid", sentence)])
