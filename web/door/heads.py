"""People who give no name: counted by screens, one more or one fewer, and nothing else kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from engage.refusals import Invalid
from events.door.attendance import count_heads
from events.door.counts import door_counts
from web.door.arriving import is_opened
from web.door.doorway import Doorway, at_the_door
from web.door.forms import Heads
from web.door.screen import counted


@require_POST
@at_the_door
@is_opened
def count(request: HttpRequest, door: Doorway) -> HttpResponse:
    """A tap says the numbers its screen would have now, which only grow: sent twice, it is still one tap."""
    form = Heads(request.POST)
    if not form.is_valid():
        return _answer(request, door, "none")
    step, added, removed = (form.cleaned_data[name] for name in ("step", "added", "removed"))
    added, removed = (added + 1, removed) if step == 1 else (added, removed + 1)
    try:
        row = count_heads(door.event, device=door.device, count=added, removed=removed, now=door.now)
    except Invalid:
        return _answer(request, door, "none")
    return _answer(request, door, "" if (row.added, row.removed) == (added, removed) else "behind")


def told(trouble: str) -> str:
    """What to say of a tap that did not count. trouble: none, behind, or empty."""
    words = {
        "none": _(
            "This screen has counted nobody whom it could take off. Take them off where they were counted."
        ),
        "behind": _(
            "This page was behind. The number is right now. Tap again only for somebody who is not counted."
        ),
    }
    return words.get(trouble, "")


def _answer(request: HttpRequest, door: Doorway, trouble: str) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        said = {"heads": trouble} if trouble else None
        return redirect(reverse("door", args=[door.event.pk], query=said, fragment="no-name"))
    counts = door_counts(door.event, door.device)
    heads = ngettext("%(count)d person with no name", "%(count)d people with no name", counts.heads)
    context: dict[str, Any] = {"trouble": told(trouble), "sentence": heads % {"count": counts.heads}}
    return render(request, "door/_heads_counted.html", counted(door, counts) | context)
