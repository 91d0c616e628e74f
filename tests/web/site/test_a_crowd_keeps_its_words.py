"""Too many forms from one network: each public form waits, with what was typed, and nothing is done."""

from __future__ import annotations

from typing import Final

import pytest
from django.conf import LazySettings
from django.test import Client

from engage.kept_answers.models import IdempotentAnswer
from engage.listening.models import ContributionIntake
from outreach.subscriptions.models import Subscription
from tests.makers.events import an_event

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

TYPED: Final = "maya@mail.example"
# By address, what is sent there; saving a place has a test of its own beside its others.
FORMS: Final = {
    "/events/{event}/ask": {"kind": "question", "body": TYPED, "contact": "none"},
    "/agencies/{agency}/ask/": {"kind": "question", "body": TYPED, "contact": "none"},
    "/agencies/{agency}/follow": {"email": TYPED, "language": "en"},
    "/events/{event}/my-link": {"email": TYPED},
}


@pytest.mark.parametrize("address", FORMS)
def test_whoever_has_to_wait_keeps_what_was_typed(address: str, settings: LazySettings) -> None:
    settings.RATES = settings.RATES | {"public_posts": (1, 600)}
    settings.THROTTLES = "on"
    event = an_event()
    path = address.format(event=event.pk, agency=event.agency.slug)
    # Counted too, though nothing was written in it.
    assert Client().post(path).status_code == 400
    answer = Client().post(path, FORMS[address] | {"key": "k" * 32})
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert answer["Cache-Control"] == "no-store"
    page = answer.content.decode()
    assert "Wait a minute, then press the button again." in page
    assert TYPED in page
    for kept in (ContributionIntake, IdempotentAnswer, Subscription):
        assert not kept.objects.exists()
