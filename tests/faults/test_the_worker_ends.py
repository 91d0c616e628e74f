"""A worker that is told to end finishes the letter in its hand, even where its whole group is told (systemd, a terminal)."""

from __future__ import annotations

import pytest

from bench.worker_group import a_worker_group, wait_until
from engage.database.clock import database_now
from outreach.announcing.sweep import announce
from outreach.ledger.models import Delivery
from tests.faults.test_the_channels_faults import people
from tests.makers.mail_server import a_curt_server

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


@pytest.mark.slow
def test_a_group_that_is_told_to_end_leaves_no_letter_of_which_nobody_knows() -> None:
    with a_curt_server(lambda step, to, n: 0.3 if step == "." else None) as relay:
        people(40)
        announce(now=database_now())
        with a_worker_group(relay.port) as group:
            wait_until(lambda: len(relay.letters) >= 4, seconds=60, what="mail")
            group.tell_worker_to_end()
    assert not Delivery.objects.filter(state__in=["claimed", "sending"]).exists()
    told = {identity for _to, identity in relay.letters}
    assert len(told) == len(relay.letters) == Delivery.objects.filter(state="sent").count() < 40
