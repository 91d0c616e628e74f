"""What of a line in a promise's history everyone may read: its words, but for those that named a resident."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from engage.models import Redaction

# What may be hidden, and what stands in a line under that name.
TEXTS: Final = {
    "title": ("title_from", "title_to"),
    "done_means": ("done_means_from", "done_means_to"),
    "reason": ("reason",),
    "note": ("note",),
}


def hidden_in() -> ArraySubquery:
    """The names of what is hidden, for a query over lines."""
    return ArraySubquery(Redaction.objects.filter(update=OuterRef("pk")).values("field"))


def shown_words(line: Mapping[str, Any], hidden: Collection[str]) -> str:
    """What a line says: its note, or else its reason; empty where it is hidden."""
    for name in ("note", "reason"):
        if line.get(name) and name not in hidden:
            return str(line[name])
    return ""
