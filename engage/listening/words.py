"""The words of a contribution: what may be one, where they are sealed until somebody shows them, and who sees which."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from engage.database.bounds import longest_of
from engage.listening.models import Contribution
from engage.refusals import FieldError, Invalid, Unknown
from engage.roles.permissions import Viewer
from engage.sealing.seals import seal, unseal

LONGEST_TEXT: Final = longest_of(Contribution, "body")
_PLACE: Final = {"table": "engage_contribution", "column": "sealed_body"}
# Of engage.roles.permissions.SHOWN_BY.
_WAITS: Final = "what waits to be shown"


def checked_text(body: str) -> str:
    """The words without blank space around them. Raises Invalid where there are none, or too many."""
    text = body.strip()
    if not text or len(text) > LONGEST_TEXT or "\0" in text:
        sentence = _("Write something, in at most %(longest)d characters.") % {"longest": LONGEST_TEXT}
        raise Invalid(errors=[FieldError("body", "invalid", sentence)])
    return text


def sealed_words(text: str, *, row: UUID, agency_id: UUID) -> bytes:
    """For ``Contribution.sealed_body`` of that row."""
    return seal(text, row=row, agency=agency_id, **_PLACE)


def body_of(contribution: Contribution) -> str:
    """The words, opened where they are still sealed: for the worker, for moderating, and for whoever said them."""
    if contribution.sealed_body is None:
        return contribution.body
    sealed = bytes(contribution.sealed_body)
    return unseal(sealed, row=contribution.pk, agency=contribution.agency_id, **_PLACE)


def contributions_visible_to(viewer: Viewer) -> QuerySet[Contribution]:
    """Shown ones are public; waiting and hidden ones are for whoever decides about them."""
    return Contribution.objects.filter(
        Q(moderation=Contribution.Moderation.SHOWN) | Q(agency_id__in=viewer.agencies_shown(_WAITS))
    )


def words_shown_to(viewer: Viewer, contribution: Contribution) -> str:
    """The words for somebody who asks. Sealed ones are for who decides about them, and no other way leads there.

    Raises Unknown.
    """
    if contribution.sealed_body is not None and not viewer.reads(_WAITS, contribution.agency_id):
        raise Unknown
    return body_of(contribution)
