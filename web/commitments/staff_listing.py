"""The commitments as staff keep them: a list to look through, and making a new one."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from engage.agencies.models import Community
from engage.commitments.models import Commitment, FocusArea
from engage.commitments.standing import Standing
from engage.commitments.tracking import make_commitment
from engage.database.ids import id_or_none
from engage.roles.staff import colleagues_of
from web.commitments.forms import CommitmentForm
from web.commitments.staff_search import Show, StaffSearch, commitments_for_staff
from web.commitments.words import names, standing_of
from web.site.forms.page import form_page, sent
from web.site.frames.staff import Desk, desk_page, go_on, show


@desk_page("commitments:write")
def desk_commitments(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Filters are links and one form; htmx swaps the results alone."""
    wanted = _wanted(request)
    found = commitments_for_staff(
        desk.agency,
        wanted=wanted,
        person=desk.person,
        today=desk.today,
        after=request.GET.get("after", ""),
    )
    asked = _query(wanted)
    context = {
        "wanted": wanted,
        "rows": [(each, standing_of(each, desk.today, staff=True)) for each in found.commitments],
        "next": urlencode(asked | {"after": found.after}) if found.after else "",
        "first": urlencode(asked) if request.GET.get("after") else "",
        "chips": [(name, urlencode(asked | {"show": key}), key == wanted.show) for key, name in _shows()],
        "focus_areas": FocusArea.choices,
        "filtered": bool(wanted.office or wanted.focus_area or wanted.community or wanted.words),
        "today": desk.today,
    }
    template = "commitments/_staff_results.html" if request.htmx else "commitments/staff_list.html"  # type: ignore[attr-defined]
    answer = show(request, template, desk, context, nav="commitments")
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@desk_page("commitments:write")
def new_commitment(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A draft for staff; to make it public, the next page asks. ``event`` in the address: the meeting it comes from."""
    form = CommitmentForm(
        sent(request),
        agency=desk.agency,
        colleagues=colleagues_of(desk.agency),
        communities=Community.objects.filter(agency=desk.agency).order_by("name", "pk"),
    )
    context = {"form": form, "event": request.GET.get("event", ""), "draft": None}
    return form_page(
        request,
        form,
        lambda: _make(request, desk, form),
        shown=partial(show, request, "commitments/form.html", desk, context, nav="commitments"),
        done=lambda made: _made(request, desk, made),
    )


def _make(request: HttpRequest, desk: Desk, form: CommitmentForm) -> Commitment:
    given = form.given()
    if event := id_or_none(request.GET.get("event", "")):
        given["event"] = event
    return make_commitment(agency=desk.agency, actor=desk.person, now=desk.now, draft=True, **given)


def _made(request: HttpRequest, desk: Desk, made: Commitment) -> HttpResponse:
    """To its page; or to the one that shows what everyone will read, and asks."""
    page = "desk_commitment" if request.POST.get("as") == "draft" else "confirm_commitment"
    said = _("The draft is saved. Only staff see it.")
    return go_on(request, desk, said, page, commitment_id=made.pk)


def _wanted(request: HttpRequest) -> StaffSearch:
    asked = {name: str(text).replace("\0", "") for name, text in request.GET.items()}
    given = asked.get("show", "")
    return StaffSearch(
        show=Show(given) if given in set(Show) else Show.OWED,
        office=asked.get("office", "")[:120],
        focus_area=asked.get("focus_area", "")[:32],
        community=asked.get("community", "")[:36],
        words=asked.get("words", "").strip()[:100],
    )


def _query(wanted: StaffSearch) -> dict[str, str]:
    said = {
        "show": str(wanted.show), "office": wanted.office, "focus_area": wanted.focus_area,
        "community": wanted.community, "words": wanted.words,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value}


def _shows() -> list[tuple[Show, str]]:
    called = names()
    return [
        (Show.OWED, _("Still owed")),
        (Show.LATE, called[Standing.LATE]),
        (Show.MOVED, called[Standing.MOVED]),
        (Show.AT_RISK, called[Standing.AT_RISK]),
        (Show.MINE, _("Mine")),
        (Show.UNOWNED, _("No owner")),
        (Show.DRAFT, _("Drafts")),
        (Show.ENDED, pgettext("promises", "Ended")),
        (Show.ALL, pgettext("promises", "All")),
    ]
