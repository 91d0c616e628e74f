"""From the act to the mailbox: what a resident hears about a place of their own."""

from __future__ import annotations

import pytest
from django.utils import timezone

from events.changing_a_place import cancel
from outreach.ledger_round import go_round
from outreach.models import Delivery
from tests.makers.events import a_meeting
from tests.makers.mail_server import Post
from tests.makers.places import a_place

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def test_a_saved_place_is_confirmed_once_with_a_calendar_part(post: Post) -> None:
    event = a_meeting(title="Traffic stops")
    a_place(event, email="Ana@Mail.Example", party_size=2)
    go_round()
    go_round()
    print(list(Delivery.objects.values("kind", "state", "reason")))
    (letter,) = post.letters
    print(letter.as_string())
