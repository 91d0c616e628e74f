"""What the headers of a calendar feed tell of discreet meetings: of those that stand in it, and of no other."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from engage.agencies.models import Agency
from engage.listening.models import Dialogue
from tests.makers.agencies import an_agency
from tests.makers.events import a_draft, an_event
from tests.outreach.test_discreet_everywhere import Hidden

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
_TOLD_BY = ("Cache-Control", "Content-Disposition", "X-Robots-Tag", "ETag", "Vary")


def _feeds(agency: Agency, dialogue: Dialogue) -> list[Any]:
    """Both feeds, new and to a reader who has this version already."""
    found = []
    for path in (f"/calendars/{agency.slug}.ics", f"/calendars/{agency.slug}/dialogues/{dialogue.pk}.ics"):
        new = Client().get(path)
        again = Client().get(path, headers={"If-None-Match": new["ETag"]})
        assert (new.status_code, again.status_code) == (200, 304)
        found += [new, again]
    return found


def test_a_feed_that_names_it_is_kept_by_nothing_and_any_other_by_its_reader() -> None:
    hidden = Hidden(an_agency())
    an_event(hidden.agency, dialogue=hidden.dialogue)
    assert {one["Cache-Control"] for one in _feeds(hidden.agency, hidden.dialogue)} == {"private, max-age=60"}
    other = Hidden(an_agency())
    other.event()
    assert {one["Cache-Control"] for one in _feeds(other.agency, other.dialogue)} == {"no-store"}
    assert {one["Cache-Control"] for one in _feeds(hidden.agency, hidden.dialogue)} == {"private, max-age=60"}


def test_no_header_tells_of_one_that_is_planned_or_for_staff() -> None:
    hidden = Hidden(an_agency())
    an_event(hidden.agency, dialogue=hidden.dialogue)
    follow = f"/agencies/{hidden.agency.slug}/follow?target=dialogue&id={hidden.dialogue.pk}"

    def headers() -> list[Any]:
        answers = [*_feeds(hidden.agency, hidden.dialogue), Client().get(follow)]
        return [{name: each.get(name) for name in _TOLD_BY} for each in answers]

    before = headers()
    a_draft(hidden.agency, discreet=True, dialogue=hidden.dialogue)
    an_event(hidden.agency, discreet=True, dialogue=hidden.dialogue, audience="staff")
    assert headers() == before
    hidden.event()
    assert {each["Cache-Control"] for each in headers()} == {"no-store"}
