"""The entity tag of a summary: of one wording, also where another takes its place."""

from __future__ import annotations

import pytest

from tests.makers.api_clients import api_of
from tests.makers.summaries import a_published_summary, an_event_that_is_over

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.mark.parametrize("is_correction", [False, True])
def test_a_wording_that_comes_after_a_discarded_one_is_not_taken_for_it(is_correction: bool) -> None:
    event = an_event_that_is_over()
    if is_correction:
        a_published_summary(event)
    liaison, path = api_of(event.agency), f"/events/{event.pk}/summary/"
    sent = {"correction_note": "The month."}
    first = liaison.post(path, sent)
    assert liaison.send("DELETE", path, If_Match=first["ETag"]).status_code == 204
    second = liaison.post(path, sent)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["version"] == second.json()["version"]
    assert first["ETag"] != second["ETag"]
    assert liaison.get(path, If_None_Match=first["ETag"]).status_code == 200
    assert liaison.get(path, If_None_Match=second["ETag"]).status_code == 304
    edit = {"next_steps": "We meet again."}
    assert liaison.send("PATCH", path, edit, If_Match=first["ETag"]).status_code == 412
    assert liaison.send("PATCH", path, edit, If_Match=second["ETag"]).status_code == 200
