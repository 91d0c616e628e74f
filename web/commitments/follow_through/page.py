"""Follow-through: in one look, what became of the commitments and what must be decided today."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from engage.commitments.figures import figures_of
from engage.commitments.standing import staff_day
from web.commitments.changes_lately import changes_lately
from web.commitments.decisions_due import decisions_due
from web.commitments.follow_through import decisions, figures
from web.commitments.follow_through.kept_parts import kept_part
from web.commitments.follow_through.periods import Period, period_asked, quarters_until, usual_periods
from web.commitments.follow_through.summaries_due import summaries_due
from web.commitments.follow_through.waiting_chart import waiting_chart
from web.commitments.staff_search import Show, StaffSearch, commitments_for_staff
from web.site.frames.staff import Desk, desk_page, show
from web.site.languages.dates import day_in_words

_LATE_SHOWN = 5
_SUMMARIES_SHOWN = 5


@desk_page("insights:read")
def follow_through(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The figures are of the commitments made in the period asked for; what must be decided is of all of them.

    Drawn once for everyone with the same rights and language, until the next act that could change it.
    """
    period = period_asked(request.GET)
    body = kept_part(request, _made_of(desk, period), lambda token: _body(desk, period, token))
    return show(request, "commitments/follow_through/page.html", desk, {"body": body}, nav="follow")


def _made_of(desk: Desk, period: Period) -> tuple[str, ...]:
    """Everything that the page tells apart. The settings that figures hang on stand here beside the record."""
    agency = desk.agency
    return (
        "follow-through",
        str(agency.pk),
        changes_lately(agency, now=desk.now),
        desk.today.isoformat(),
        period.query,
        translation.get_language() or "",
        f"{desk.keeps_commitments} {desk.runs_events}",
        f"{agency.slug} {agency.name} {agency.timezone}",
        f"{agency.at_risk_due_days} {agency.at_risk_silent_days} {agency.summary_due_days}",
    )


def _body(desk: Desk, period: Period, token: str) -> str:
    frame = {"desk": desk, "agency": desk.agency, "csrf_token": token}
    return render_to_string("commitments/follow_through/_body.html", frame | _figures(desk, period))


def _figures(desk: Desk, period: Period) -> dict[str, Any]:
    day = staff_day(desk.agency, desk.today)
    found = figures_of(desk.agency, day, start=period.start, end=period.end)
    due = decisions_due(desk.agency, today=desk.today)
    waiting = summaries_due(desk.agency, now=desk.now)
    return {
        "today": day_in_words(desk.today),
        "period": period,
        "periods": usual_periods(desk.today),
        "quarters": quarters_until(desk.today),
        "headline": figures.headline(found, due),
        "all": figures.drawn(found.counts),
        "heads": figures.heads(),
        "legend": figures.legend(found.counts),
        "decisions": decisions.of_commitments(due, desk.today, late_at_most=_LATE_SHOWN),
        "drafts": decisions.of_drafts(due.draft, desk.today),
        "summaries": decisions.of_summaries(waiting[:_SUMMARIES_SHOWN]),
        "due": due,
        "late_shown": min(_LATE_SHOWN, len(due.late)),
        "by_focus_area": figures.by_focus_area(found),
        "by_neighborhood": figures.by_neighborhood(found),
        "by_group": figures.by_group(found),
        "by_office": figures.by_office(found),
        "chart": waiting_chart(due.late, desk.today),
        "may_change": desk.keeps_commitments,
        "back": "follow",
    }


@desk_page("commitments:write")
def approvals(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What waits for a leader's word, the oldest first: summaries, then commitments that are still drafts."""
    drafts = commitments_for_staff(
        desk.agency, wanted=StaffSearch(Show.DRAFT), person=desk.person, today=desk.today
    )
    context = {
        "summaries": decisions.of_summaries(summaries_due(desk.agency, now=desk.now)),
        "drafts": decisions.of_drafts(drafts.commitments, desk.today),
        "more_drafts": bool(drafts.after),
        "may_change": desk.keeps_commitments,
        "back": "approvals",
    }
    return show(request, "commitments/follow_through/approvals.html", desk, context, nav="follow")
