"""The run-board: what to do today, and every event in its stage."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from outreach.run_board import board_of
from web.desk.board_words import lanes_in_words
from web.desk.do_today import day_line, tasks_of
from web.desk_frame import Desk, desk_page, show


@desk_page("events:write")
def board(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The whole page; the lanes alone for htmx, which asks for them once a minute."""
    only_mine = request.GET.get("show") == "mine"
    found = board_of(desk.agency, desk.person, only_mine=only_mine, now=desk.now)
    context = {
        "lanes": lanes_in_words(desk.agency, found, desk.now),
        "only_mine": only_mine,
        "has_events": any(lane.number for lane in found.lanes),
    }
    if request.headers.get("HX-Request"):
        answer = show(request, "console/_lanes.html", desk, context)
    else:
        context |= {"tasks": tasks_of(desk.agency, found), "day_line": day_line(found)}
        answer = show(request, "console/board.html", desk, context, nav="events")
    patch_vary_headers(answer, ["HX-Request"])
    return answer
