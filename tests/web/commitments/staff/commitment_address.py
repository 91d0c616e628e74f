"""Where staff keep one promise."""

from __future__ import annotations

from engage.commitments.models import Commitment


def at(commitment: Commitment, act: str = "") -> str:
    return f"/desk/{commitment.agency.slug}/commitments/{commitment.pk}/{act}"
