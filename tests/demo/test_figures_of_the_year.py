"""Of a whole made-up year the API, the leaders' page and the public list tell the same numbers."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from demo.made_year.agencies import MAIN
from demo.made_year.loading import load
from engage.agencies.models import Agency
from engage.commitments.models import FocusArea
from tests.makers.api_clients import api_of, the_public
from tests.web.staff_clients import staff

# What the pages call each, by the mark beside its number.
MARKS = {
    "kept": "kept", "part": "kept_in_part", "track": "on_track", "risk": "at_risk", "moved": "moved", "late": "late",
    "failed": "not_kept", "stopped": "will_not_do",
}  # fmt: skip


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_api_and_the_pages_tell_the_same_of_a_year() -> None:
    load(now=timezone.now())
    agency = Agency.objects.get(slug=MAIN)
    told = api_of(agency, "leader").get(f"/insights/follow-through/?agency={MAIN}").json()
    page = staff(agency, "leader").get(f"/desk/{MAIN}/follow-through/").content.decode()
    assert min(told["counts"].values()) > 0
    assert legend(page) == without_nothing(told["counts"])
    assert f"{told['counts']['kept']} kept, {told['counts']['kept_on_time']} of them on time" in page
    by_area = {row["focus_area"]: row for row in told["by_focus_area"]}
    for area in FocusArea:
        row = by_area.get(area.value, {})
        numbers = [row.get(name, 0) for name in MARKS.values()]
        assert cells(page, str(area.label)) == [*numbers, sum(numbers)]
        assert row.get("total", 0) == sum(numbers)

    public = the_public().get(f"/insights/follow-through/?agency={MAIN}").json()["counts"]
    assert public["on_track"] == told["counts"]["on_track"] + told["counts"]["at_risk"]
    listed = Client().get(f"/agencies/{MAIN}/promises/").content.decode()
    assert legend(listed) == without_nothing(public)


def without_nothing(counts: dict[str, Any]) -> dict[str, int]:
    return {name: counts[name] for name in MARKS.values() if counts[name]}


def legend(page: str) -> dict[str, int]:
    """What the first legend says beside each mark."""
    part = page[page.index('<ul class="legend') :]
    part = part[: part.index("</ul>")]
    return {MARKS[mark]: int(many) for mark, many in re.findall(r"mark--(\w+).*?</svg>\s*(\d+)", part)}


def cells(page: str, name: str) -> list[int]:
    """The numbers in the row of the first table that begins with this name."""
    row = next(row for row in page.split("<tr>") if f">{html.escape(name)}<" in row and "<td" in row)
    return [
        int(re.sub(r"<[^>]+>", "", cell))
        for cell in re.findall(r'<td class="n[^"]*">(.*?)</td>', row, re.DOTALL)
    ]
