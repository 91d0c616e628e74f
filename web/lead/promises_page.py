"""The promises as staff keep them: a list to look through, and making a new one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from engage.commitment_tracking import promise
from engage.models import Commitment, Community, FocusArea
from engage.promise_record import colleagues_of
from engage.promise_search import Show, Wanted, promises_for_staff
from engage.rule_violation import RuleViolation
from web.desk_frame import Desk, desk_page, show
from web.lead.promise_forms import PromiseForm, taken
from web.promise_words import standing_of


@desk_page("commitments:write")
def desk_promises(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Filters are links and one form; htmx swaps the results alone."""
    wanted = _wanted(request)
    found = promises_for_staff(
        desk.agency,
        wanted=wanted,
        person=desk.person,
        today=desk.today,
        after=request.GET.get("after", ""),
    )
    asked = _query(wanted)
    context = {
        "wanted": wanted,
        "rows": [(each, standing_of(each, desk.today, staff=True)) for each in found.promises],
        "next": urlencode(asked | {"after": found.after}) if found.after else "",
        "first": urlencode(asked) if request.GET.get("after") else "",
        "chips": [(name, urlencode(asked | {"show": key}), key == wanted.show) for key, name in _shows()],
        "focus_areas": FocusArea.choices,
        "filtered": bool(wanted.office or wanted.focus_area or wanted.community or wanted.words),
        "today": desk.today,
    }
    template = "follow/_promises.html" if request.htmx else "follow/promises.html"  # type: ignore[attr-defined]
    answer = show(request, template, desk, context, nav="promises")
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@desk_page("commitments:write")
def new_promise(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A promise that is public at once, or a draft for staff. ``event`` in the address: the meeting it comes from."""
    about: dict[str, Any] = {
        "agency": desk.agency,
        "colleagues": colleagues_of(desk.agency),
        "communities": Community.objects.filter(agency=desk.agency).order_by("name", "pk"),
    }
    form = PromiseForm(request.POST if request.method == "POST" else None, **about)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                made = _make(request, desk, form)
                return redirect("desk_promise", slug=desk.agency.slug, commitment_id=made.pk)
            except RuleViolation as refusal:
                status = taken(form, refusal)
    context = {"form": form, "event": request.GET.get("event", ""), "draft": None}
    return show(request, "follow/promise_form.html", desk, context, nav="promises", status=status)


def _make(request: HttpRequest, desk: Desk, form: PromiseForm) -> Commitment:
    is_draft = request.POST.get("as") == "draft"
    given = form.given()
    if event := _uuid(request.GET.get("event", "")):
        given["event"] = event
    made = promise(agency=desk.agency, actor=desk.person, now=desk.now, draft=is_draft, **given)
    if is_draft:
        messages.success(request, _("The draft is saved. Only staff see it."))
    else:
        messages.success(
            request, _("The promise is public. It has number {number}.").format(number=made.number)
        )
    return made


def _wanted(request: HttpRequest) -> Wanted:
    asked = {name: str(text).replace("\0", "") for name, text in request.GET.items()}
    given = asked.get("show", "")
    return Wanted(
        show=Show(given) if given in set(Show) else Show.OWED,
        office=asked.get("office", "")[:120],
        focus_area=asked.get("focus_area", "")[:32],
        community=asked.get("community", "")[:36],
        words=asked.get("words", "").strip()[:100],
    )


def _query(wanted: Wanted) -> dict[str, str]:
    said = {
        "show": str(wanted.show), "office": wanted.office, "focus_area": wanted.focus_area,
        "community": wanted.community, "words": wanted.words,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value}


def _shows() -> list[tuple[Show, str]]:
    return [
        (Show.OWED, _("Still owed")),
        (Show.LATE, _("Late")),
        (Show.AT_RISK, _("At risk")),
        (Show.MINE, _("Mine")),
        (Show.UNOWNED, _("No owner")),
        (Show.DRAFT, _("Drafts")),
        (Show.ENDED, _("Ended")),
        (Show.ALL, _("All")),
    ]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
