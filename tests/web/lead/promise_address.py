"""Where staff keep one promise."""

from __future__ import annotations

from engage.models import Commitment


def at(promised: Commitment, act: str = "") -> str:
    return f"/desk/{promised.agency.slug}/promises/{promised.pk}/{act}"
