"""The letter of an ending waits a minute; an ending taken back meanwhile is told to nobody, nor that it was taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from engage.commitments.models import Commitment
from engage.commitments.tracking import update
from engage.commitments.ways_back import ENDING_WAITS
from outreach.announcing.sweep import announce
from outreach.ledger.models import Delivery
from outreach.subscriptions import subscribing
from outreach.worker.rounds import go_round
from tests.makers.commitments import a_commitment
from tests.makers.letters import links_in, text_of
from tests.makers.mail_server import Post

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
LINK = [{"url": "https://city.example/x"}]


@pytest.fixture
def followed(post: Post) -> Commitment:
    made = a_commitment(title="Mend the lamp")
    subscribing.subscribe(
        agency=made.agency, target="commitment", target_id=made.pk, email="reader@mail.example", language="en",
        now=timezone.now(),
    )  # fmt: skip
    go_round()
    (token,) = links_in(post.letters[-1], "/confirm")
    subscribing.confirm(token, now=timezone.now())
    return made


def say(made: Commitment, **what: Any) -> None:
    update(made, actor=None, now=timezone.now(), **what)


def a_minute_later() -> None:
    """What waits is due."""
    announce(now=timezone.now())
    Delivery.objects.filter(kind="commitment_update", state="due").update(due_at=timezone.now())
    go_round()


def test_it_goes_after_the_minute_and_says_the_word_of_the_page(followed: Commitment, post: Post) -> None:
    before = len(post.letters)
    say(followed, status="kept", evidence=LINK)
    go_round()
    waiting = Delivery.objects.get(kind="commitment_update")
    assert len(post.letters) == before
    assert waiting.due_at - followed.updates.get().at >= ENDING_WAITS
    a_minute_later()
    assert "Kept on time" in text_of(post.letters[-1])


def test_taken_back_within_it_neither_is_told(followed: Commitment, post: Post) -> None:
    before = len(post.letters)
    say(followed, status="not_kept", reason="No money.")
    go_round()
    say(followed, status="in_progress", reason="It was a slip.")
    go_round()
    a_minute_later()
    assert len(post.letters) == before
    told = Delivery.objects.filter(kind="commitment_update").values_list("state", "reason")
    assert set(told) == {("suppressed", "ending_taken_back")}
    assert len(told) == 2


def test_taken_back_later_both_are_told(followed: Commitment, post: Post) -> None:
    before = len(post.letters)
    long_ago = timezone.now() - dt.timedelta(hours=1)
    update(followed, actor=None, now=long_ago, status="not_kept", reason="No money.")
    go_round()
    say(followed, status="in_progress", reason="A grant came.")
    go_round()
    assert len(post.letters) == before + 2
