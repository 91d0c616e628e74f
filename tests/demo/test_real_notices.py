"""Real notices beside the made-up year: every file of a folder, none twice, nobody mailed."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from django.core.management import call_command

from demo.made_year.agencies import MAIN
from engage.activity.models import Activity
from events.event.models import Event
from outreach.ledger.models import Delivery

pytestmark = [pytest.mark.slow, pytest.mark.django_db(databases=["default", "owner"])]
REAL = Path(os.environ.get("DEMO_DATA") or Path(__file__).resolve().parents[3] / "shared" / "data")


def said_by_loading(folder: Path) -> str:
    out = io.StringIO()
    call_command("load_demo", data=str(folder), stdout=out)
    return out.getvalue()


def notices() -> int:
    return Event.objects.filter(agency__slug=MAIN, imported=True).count()


def a_folder(tmp_path: Path) -> Path:
    """The same two meetings as CSV and as JSON, a calendar, and what is no notice at all."""
    (tmp_path / "town.csv").write_text(
        "id,title,start,end\n1,Beat meeting,2016-05-03T18:30:00,2016-05-03T19:30:00\n2,Peer jury,2016-05-04T18:00:00,\n"
    )
    (tmp_path / "town.json").write_text(
        '[{"id": "1", "title": "Beat meeting", "start": "2016-05-03T18:30:00", "end": "2016-05-03T19:30:00"},'
        ' {"id": "2", "title": "Peer jury", "start": "2016-05-04T18:00:00", "end": ""}]'
    )
    (tmp_path / "README.md").write_text("Notices.")
    (tmp_path / "broken.ics").write_text("this is no calendar")
    return tmp_path


def test_the_same_notices_in_two_forms_are_not_doubled_and_a_broken_file_stops_nothing(
    tmp_path: Path,
) -> None:
    folder = a_folder(tmp_path)
    said = said_by_loading(folder)
    assert "town.csv: 2 created" in said
    assert "2 created" not in said.partition("town.json")[2]
    assert "broken.ics: not imported." in said
    before = notices()
    said_by_loading(folder)
    assert notices() == before


def test_a_folder_that_is_not_there_is_said_and_the_demo_starts(tmp_path: Path) -> None:
    assert "no folder" in said_by_loading(tmp_path / "nowhere")
    assert Event.objects.exists()


@pytest.mark.skipif(
    not REAL.is_dir(), reason=f"no real notices at {REAL.name}: set DEMO_DATA to a folder of them"
)
def test_the_real_notices_arrive_once_as_history_and_as_coming_events_and_mail_nobody() -> None:
    said_by_loading(REAL)
    here = Event.objects.filter(agency__slug=MAIN, imported=True)
    assert here.filter(status="ended").count() >= 5000
    assert here.filter(status="published").count() > 100
    before = here.count()
    said_by_loading(REAL)
    assert here.count() == before
    assert not Delivery.objects.exists()
    assert not Activity.objects.filter(announced_at=None).exists()
