"""A letter that comes back: which one it was, what it means, and that nobody else can say so."""

from __future__ import annotations

import datetime as dt
import io
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from engage.contacts.keeping import keep_contact
from engage.contacts.links import Purpose
from engage.contacts.models import Contact
from engage.retention.purge import erase_contacts
from events.event.models import Event
from events.rsvps.changing import change
from events.rsvps.models import Rsvp
from outreach.announcing.sweep import announce
from outreach.bounces.boxes import BoxIsAway, ImapBox, Maildir
from outreach.bounces.reading import Taken, read_bounces, take
from outreach.bounces.reports import MOST_READ, report_in
from outreach.bounces.return_addresses import delivery_behind, return_address
from outreach.ledger.models import Delivery
from outreach.ledger.sending_again import Which, send_again
from outreach.worker.rounds import go, go_round
from tests.makers.bounces import a_receipt, a_report, away, by_words_alone, nested
from tests.makers.events import an_event
from tests.makers.imap_server import an_imap_server
from tests.makers.mail_server import Post
from tests.makers.rsvps import an_rsvp, as_it_is, by_link, contact_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
BOUNCES = "bounces@bounces.harbor.example"


@pytest.fixture(autouse=True)
def collected(settings: Any) -> None:
    settings.BOUNCE_ADDRESS = BOUNCES


def came_back(content: bytes) -> Taken:
    return take(content, now=timezone.now())


def written_to(post: Post, event: Event | None = None, email: str = "ana@mail.example") -> tuple[Rsvp, str]:
    """Somebody's place, and the return address of the letter that she got about it."""
    rsvp = an_rsvp(event or an_event(), email=email)
    go_round()
    return rsvp, post.received[-1][0]


def gets_another(post: Post, rsvp: Rsvp) -> bool:
    """Whether the next letter about her place goes out."""
    before = len(post.received)
    change(
        rsvp.pk,
        party_size=as_it_is(rsvp).party_size % 6 + 1,
        now=timezone.now(),
        reach=by_link(rsvp, Purpose.RSVP_SCREEN),
    )
    Contact.objects.filter(pk=rsvp.email_contact_id).update(proven_on=timezone.now().date())
    go_round()
    return len(post.received) > before


def test_each_letter_has_a_return_address_of_its_own_that_says_nothing_of_its_reader(post: Post) -> None:
    event = an_event()
    for email in ("ana@mail.example", "ben@mail.example"):
        written_to(post, event, email)
    senders = [sender for sender, _ in post.received]
    assert len(set(senders)) == 2
    for sender, letter in post.received:
        local, _, domain = sender.partition("@")
        assert local.startswith("bounces+")
        assert domain == "bounces.harbor.example"
        assert len(local) <= 64
        row = delivery_behind(local.partition("+")[2])
        assert row is not None
        assert Delivery.objects.filter(pk=row).exists()
        assert row.hex[:12] not in local
        assert b"<meetings@harbor.example>" in letter.partition(b"\r\nTo:")[0]


def test_without_a_bounce_address_letters_go_back_to_where_they_come_from(post: Post, settings: Any) -> None:
    settings.BOUNCE_ADDRESS = ""
    assert written_to(post)[1] == "meetings@harbor.example"
    with pytest.raises(CommandError, match="BOUNCE_ADDRESS"):
        call_command("read_bounces", "--stdin")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("5.1.1", "550 5.1.1 <ana@mail.example>: Recipient address rejected: User unknown"),
        ("5.0.0", "550-5.1.1 The email account that you tried to reach does not exist"),
        ("5.1.10", ""),
        ("5.2.1", "550 5.2.1 The email account that you tried to reach is disabled"),
    ],
)
def test_a_dead_address_is_not_written_to_again(post: Post, status: str, said: str) -> None:
    rsvp, to = written_to(post)
    (letter,) = Delivery.objects.all()
    # The next one is due already.
    Contact.objects.update(proven_on=timezone.now().date())
    change(rsvp.pk, party_size=2, now=timezone.now(), reach=by_link(rsvp, Purpose.RSVP_SCREEN))
    announce(now=timezone.now())
    report = a_report(to, status, said=said, letter=post.received[0][1])
    assert came_back(report) is Taken.GIVEN_UP
    assert contact_of(rsvp).unreachable_since is not None
    letter.refresh_from_db()
    assert (letter.state, letter.reason[:8]) == ("failed", "bounced_")
    assert came_back(report) is Taken.KNOWN
    assert not gets_another(post, rsvp)
    after = Delivery.objects.exclude(pk=letter.pk).values_list("state", "reason")
    assert set(after) == {("suppressed", "unreachable")}
    assert as_it_is(rsvp).status == "confirmed"


def test_a_full_mailbox_is_given_up_only_after_three_letters_in_a_row(post: Post) -> None:
    rsvp, first = written_to(post)
    assert came_back(a_report(first, "5.2.2", said="552 5.2.2 mailbox full")) is Taken.BOUNCED
    assert gets_another(post, rsvp)
    # One that arrived, or of which nothing was heard, begins the count anew.
    assert gets_another(post, rsvp)
    back = []
    for _ in range(3):
        back.append(came_back(a_report(post.received[-1][0], "4.4.7", action="failed")))
        if back[-1] is Taken.BOUNCED:
            assert gets_another(post, rsvp)
    assert back == [Taken.BOUNCED, Taken.BOUNCED, Taken.GIVEN_UP]
    assert not gets_another(post, rsvp)


@pytest.mark.parametrize("status", ["5.7.1", "5.7.26", "5.1.8", "4.7.0"])
def test_what_is_refused_because_of_us_ends_no_address(post: Post, status: str) -> None:
    """Our signature broken, our server on a list: that would be said to everybody."""
    rsvp, to = written_to(post)
    for _ in range(4):
        assert came_back(a_report(to, status)) is Taken.REFUSED_FOR_US
        assert gets_another(post, rsvp)
        to = post.received[-1][0]
    assert contact_of(rsvp).unreachable_since is None
    assert send_again(Which(reason=f"bounced_{status}")) == {
        ("place_changed", f"bounced_{status}"): 3,
        ("confirmation", f"bounced_{status}"): 1,
    }


def test_a_letter_that_is_too_long_for_a_mailbox_ends_no_address(post: Post) -> None:
    rsvp, to = written_to(post)
    assert came_back(a_report(to, "5.2.3")) is Taken.BOUNCED
    assert gets_another(post, rsvp)


@pytest.mark.parametrize(
    "message",
    [
        away, a_receipt, by_words_alone,
        lambda to: a_report(to, "4.4.1", action="delayed"),
        lambda to: a_report(to, "2.0.0", action="delivered"),
        lambda to: a_report(to, "5.1.1", action="relayed"),
        lambda to: a_report(to).replace(b"multipart/report", b"multipart/mixed"),
        lambda to: a_report(to).replace(b"message/delivery-status", b"text/plain"),
        lambda to: nested(to, 3000),
        lambda to: a_report(to)[:500],
        lambda to: f"To: {to}\r\n".encode() + bytes(range(256)) * 40,
        lambda to: f"To: {to}\r\n".encode() + b"X: y\r\n" * 50_000,
        lambda to: a_report(to).replace(b"Status: 5.1.1", b"Status: " + b"5.1.1 (" * 20_000).replace(b"Action: failed", b"Action: no"),
    ],
)  # fmt: skip
def test_what_is_no_report_of_a_failure_changes_nothing(post: Post, message: Callable[[str], bytes]) -> None:
    rsvp, to = written_to(post)
    before = list(Delivery.objects.values())
    assert came_back(message(to)) is Taken.NOTHING_FAILED
    assert list(Delivery.objects.values()) == before
    assert gets_another(post, rsvp)
    assert len(post.received) == 2, "nobody was answered"


def test_a_forged_report_does_nothing(post: Post, settings: Any) -> None:
    rsvp, to = written_to(post)
    token = to.partition("+")[2].partition("@")[0]
    (letter,) = Delivery.objects.all()
    flipped = ("a" if token[20] != "a" else "b").join((token[:20], token[21:]))
    ours, settings.LINK_KEYS = settings.LINK_KEYS, [(1, bytes(range(32)))]
    elsewhere = return_address(letter.pk).partition("+")[2].partition("@")[0]
    settings.LINK_KEYS = ours
    for forged in (flipped, "a" * 40, token[:-1], token + "a", letter.pk.hex, elsewhere, "", "a" * 100_000):
        assert came_back(a_report(f"bounces+{forged}@bounces.harbor.example")) is Taken.NOT_OURS
    assert (
        came_back(a_report("bounces@bounces.harbor.example", recipient="ana@mail.example")) is Taken.NOT_OURS
    )
    assert came_back(b"") is Taken.NOT_OURS
    assert contact_of(rsvp).unreachable_since is None
    # In capitals, as some servers write it, it is still ours.
    assert came_back(a_report(to.upper())) is Taken.GIVEN_UP


def test_a_report_in_another_script_is_read_too(post: Post) -> None:
    """RFC 6533."""
    _rsvp, to = written_to(post, email="josefa@exämple.example")
    report = a_report(to, kind="message/global-delivery-status", recipient="josefa@exämple.example")
    assert came_back(report) is Taken.GIVEN_UP


def test_a_report_to_the_envelope_alone_is_read_too(post: Post) -> None:
    """A server that keeps the return address in the envelope only, and hands it on beside the message."""
    _rsvp, to = written_to(post)
    hidden = a_report("undisclosed-recipients:;")
    assert came_back(hidden) is Taken.NOT_OURS
    assert take(hidden, sent_to=[to], now=timezone.now()) is Taken.GIVEN_UP


def test_whoever_reads_letters_there_again_is_written_to_again(post: Post) -> None:
    """A mailed link is a letter that was read: an act by it says that the address works."""
    rsvp, to = written_to(post)
    came_back(a_report(to))
    assert not gets_another(post, rsvp)
    change(rsvp.pk, party_size=5, now=timezone.now(), reach=by_link(rsvp, Purpose.RSVP_MAIL))
    assert contact_of(rsvp).unreachable_since is None
    assert gets_another(post, rsvp)


def test_a_new_address_is_written_to_whatever_became_of_the_old_one(post: Post) -> None:
    event = an_event()
    _rsvp, to = written_to(post, event, "ana@mial.example")
    came_back(a_report(to))
    written_to(post, event, "ana@mail.example")
    assert post.letters[-1]["To"] == "ana@mail.example"


def test_a_report_that_comes_before_the_letter_is_written_down_is_read_later(post: Post) -> None:
    _rsvp, to = written_to(post)
    settled = Delivery.objects.values("state", "claim_token", "claimed_until").get()
    Delivery.objects.update(
        state="sending", claim_token=uuid4(), claimed_until=timezone.now() + dt.timedelta(minutes=1)
    )
    assert came_back(a_report(to)) is Taken.TOO_SOON
    Delivery.objects.update(**settled)
    assert came_back(a_report(to)) is Taken.GIVEN_UP


def test_after_an_erasure_a_report_finds_nothing_and_leaves_nothing(post: Post) -> None:
    rsvp, to = written_to(post)
    came_back(a_report(to))
    erase_contacts([contact_of(rsvp).pk], now=timezone.now())
    assert came_back(a_report(to)) is Taken.KNOWN
    assert not Delivery.objects.exists()
    assert not Contact.objects.exists()


def a_maildir(folder: Path, *messages: bytes) -> Path:
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    for number, message in enumerate(messages):
        (folder / "new" / f"{number:04d}.M1P1.harbor").write_bytes(message)
    return folder


def left_in(folder: Path) -> list[str]:
    return sorted(f"{path.parent.name}/{path.name}" for path in folder.glob("*/*"))


def test_a_maildir_is_read_and_only_what_was_ours_is_deleted(
    post: Post, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rsvp, to = written_to(post)
    huge = a_report(to)[:-40] + b"x" * 3 * MOST_READ
    folder = a_maildir(tmp_path / "box", b"Subject: a person writes\r\n\r\nHello", huge, away(to))
    (folder / "new" / "9999.pipe").symlink_to("/dev/zero")
    call_command("read_bounces", "--maildir", str(folder))
    assert contact_of(rsvp).unreachable_since is not None
    assert left_in(folder) == ["cur/0000.M1P1.harbor:2,S", "cur/9999.pipe:2,S"]
    assert "address given up" in capsys.readouterr().out
    assert read_bounces(now=timezone.now(), box=Maildir(folder)) == {}
    with pytest.raises(CommandError, match="maildir_unreadable"):
        call_command("read_bounces", "--maildir", str(tmp_path / "nowhere"))


def test_the_workers_round_reads_an_imap_mailbox(post: Post, settings: Any) -> None:
    rsvp, to = written_to(post)
    with an_imap_server() as imap:
        imap.messages = {
            3: b"Subject: a person writes\r\n\r\nHello",
            7: a_report(to, letter=b"x" * MOST_READ),
            9: away(to),
        }
        settings.BOUNCES_URL = imap.collected_at()
        go("read_bounces")
        assert contact_of(rsvp).unreachable_since is not None
        assert list(imap.messages) == [3]
        assert 3 in imap.seen
        imap.asked.clear()
        go("read_bounces")
        assert "STORE" not in imap.asked
        with pytest.raises(BoxIsAway, match="imap_login"), ImapBox(imap.collected_at("wrong")):
            pass
    # Away: the round goes on, and so does the next.
    go("read_bounces")


def test_a_mail_server_can_hand_messages_to_the_command(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    rsvp, to = written_to(post)
    handed_on = io.TextIOWrapper(io.BytesIO(a_report("no-one@else.example") + b"x" * MOST_READ))
    monkeypatch.setattr(sys, "stdin", handed_on)
    monkeypatch.setenv("ORIGINAL_RECIPIENT", to)
    call_command("read_bounces", "--stdin")
    assert handed_on.buffer.read() == b"", "a mail server takes a closed pipe for a failure"
    assert contact_of(rsvp).unreachable_since is not None


@settings(deadline=None)
@given(st.binary(max_size=400), st.binary(max_size=200), st.integers(0, 2200), st.integers(0, 300))
def test_nothing_that_somebody_sends_stops_the_reader(junk: bytes, more: bytes, at: int, cut: int) -> None:
    good = a_report("bounces+" + "a" * 40 + "@bounces.harbor.example")
    broken = good[:at] + junk + good[at + cut :] + more
    report = report_in(broken, bounce_address=BOUNCES)
    assert report.status == "" or report.status[0] in "45"


@pytest.mark.slow
def test_a_thousand_that_come_back_at_once_are_read_in_seconds(tmp_path: Path) -> None:
    event = an_event()
    contacts = [
        keep_contact(
            agency=event.agency, scope="event", scope_id=event.pk, channel="email", address=f"ana{number}@mail.example",
            language="en", now=timezone.now(), erase_after=None,
        )
        for number in range(1000)
    ]  # fmt: skip
    letters = [
        Delivery(
            agency=event.agency,
            occasion="news",
            kind="reminder",
            contact=one,
            state="sent",
            settled_at=timezone.now(),
        )
        for one in contacts
    ]
    Delivery.objects.bulk_create(letters)
    original = b"Subject: Your meeting\r\n\r\n" + b"QUJD" * 5000
    box = Maildir(
        a_maildir(tmp_path / "box", *(a_report(return_address(one.pk), letter=original) for one in letters))
    )
    began = time.monotonic()
    assert read_bounces(now=timezone.now(), box=box) == {Taken.GIVEN_UP: 1000}
    assert time.monotonic() - began < 60
    assert Contact.objects.filter(unreachable_since=None).count() == 0
    assert left_in(tmp_path / "box") == []
