"""What a mail server can do to us, with a real one on loopback that does it."""

from __future__ import annotations

import time
from email.message import EmailMessage
from typing import Any

import pytest

from outreach.channels.channel import (
    ChannelDown,
    Letter,
    NoSuchMailbox,
    PermanentFailure,
    TemporaryFailure,
    UncertainFailure,
)
from outreach.channels.email import SmtpChannel
from outreach.channels.mail_server import MailServer
from outreach.ledger.models import Delivery
from outreach.sending.batch import send_due
from outreach.worker.rounds import go_round
from tests.makers.events import an_event
from tests.makers.mail_server import Post, a_dripping_server, a_mail_server, addressee_of
from tests.makers.rsvps import an_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)

BAD = "bad@mail.example"


def only(address: str, answer: Any) -> Any:
    return lambda recipient: answer if recipient == address else None


def three_rsvps() -> None:
    event = an_event()
    for address in ("first@mail.example", BAD, "last@mail.example"):
        an_rsvp(event, email=address)


def of(address: str) -> Delivery:
    from engage.contacts.addresses import address_of

    (found,) = (
        row for row in Delivery.objects.select_related("contact") if address_of(row.contact) == address
    )  # type: ignore[arg-type]
    return found


def arrived(post: Post) -> list[str]:
    return sorted(addressee_of(letter) for letter in post.letters)


def a_letter(to: str = "ana@mail.example", body: str = "Hello") -> Letter:
    message = EmailMessage()
    message["To"], message["Message-ID"] = to, "<1@harbor.example>"
    message.set_content(body)
    return Letter(to, message.as_bytes(), "<1@harbor.example>")


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        ("450 4.2.1 busy", "due", "smtp_450"),
        ("452 4.2.2 full", "due", "smtp_452"),
        ("550 5.1.1 no such user", "failed", "smtp_550"),
        ("554 5.7.1 policy: bad@mail.example", "failed", "smtp_554"),
    ],
)
def test_a_refused_recipient_is_tried_again_or_not_and_the_neighbours_go(
    post: Post, answer: str, state: str, reason: str
) -> None:
    post.at_recipient = only(BAD, answer)
    three_rsvps()
    go_round()
    assert arrived(post) == ["first@mail.example", "last@mail.example"]
    row = of(BAD)
    assert (row.state, row.reason, row.attempts) == (state, reason, 1)
    assert post.connections == 1


@pytest.mark.parametrize(("answer", "state"), [("451 4.3.0 later", "due"), ("552 5.3.4 too big", "failed")])
def test_a_letter_refused_after_data_is_that_letters_own_trouble(post: Post, answer: str, state: str) -> None:
    post.after_data = only(BAD, answer)
    three_rsvps()
    go_round()
    assert arrived(post) == ["first@mail.example", "last@mail.example"]
    assert (of(BAD).state, of(BAD).reason) == (state, f"smtp_{answer[:3]}")


def test_only_a_mailbox_that_does_not_exist_is_given_up_for_good(post: Post) -> None:
    post.at_recipient = only(BAD, "550 5.7.1 not today")
    three_rsvps()
    go_round()
    row = of(BAD)
    assert row.contact is not None
    assert row.contact.unreachable_since is None
    post.at_recipient = only("new@mail.example", "550 5.1.1 unknown")
    an_rsvp(an_event(), email="new@mail.example")
    go_round()
    gone = of("new@mail.example")
    assert gone.contact is not None
    assert gone.contact.unreachable_since is not None


def test_a_connection_lost_after_the_last_byte_is_repeated_once_under_the_same_message_id(post: Post) -> None:
    post.drop_after_data = only(BAD, "yes")
    three_rsvps()
    go_round()
    assert arrived(post) == [BAD, "first@mail.example", "last@mail.example"]
    row = of(BAD)
    assert (row.state, row.reason) == ("due", "uncertain")
    Delivery.objects.filter(pk=row.pk).update(due_at=row.created_at)
    go_round()
    row.refresh_from_db()
    assert (row.state, row.reason, row.attempts) == ("uncertain", "uncertain", 2)
    assert len({letter["Message-ID"] for letter in post.to(BAD)}) == 1
    assert len(post.to(BAD)) == 2


def test_a_poison_row_fails_alone_and_the_reason_repeats_nobodys_words(post: Post) -> None:
    three_rsvps()
    go_round()
    three_rsvps()
    from outreach.announcing.sweep import announce

    announce(now=of("first@mail.example").created_at)
    row = Delivery.objects.filter(state="due").order_by("pk")[1]
    assert row.contact is not None
    type(row.contact).objects.filter(pk=row.contact_id).update(sealed_address=b"\x01broken")
    send_due()
    row.refresh_from_db()
    assert (row.state, row.reason) == ("failed", "composing_SealBroken")
    assert len(post.letters) == 5


def test_without_a_mail_server_nothing_is_lost_and_nothing_is_hammered(settings: Any) -> None:
    settings.MAIL_SERVER = MailServer("127.0.0.1", 9, "", "", "none")
    three_rsvps()
    go_round()
    states = sorted(Delivery.objects.values_list("state", "reason", "attempts"))
    assert states == [("due", "", 0)] * 3


def test_a_server_that_drips_bytes_is_cut_off_by_the_clock() -> None:
    with a_dripping_server() as server, SmtpChannel(server, sender="m@x.example", a_message=1.0) as channel:
        began = time.monotonic()
        with pytest.raises(ChannelDown) as failed:
            channel.send(a_letter())
        assert time.monotonic() - began < 3
        assert failed.value.code == "smtp_timeout"


@pytest.mark.parametrize(
    ("step", "failure"), [("at_recipient", TemporaryFailure), ("after_data", UncertainFailure)]
)
def test_a_server_that_hangs_is_cut_off_by_the_clock_and_the_next_letter_goes(
    post: Post, step: str, failure: type[Exception]
) -> None:
    setattr(post, step, only(BAD, 8.0))
    with SmtpChannel(post.server, sender="m@x.example", a_message=1.0) as channel:
        began = time.monotonic()
        with pytest.raises(failure):
            channel.send(a_letter(BAD))
        assert time.monotonic() - began < 3
        assert channel.send(a_letter()) == "4XyZ77"
    assert arrived(post) == ["ana@mail.example"]


def test_failures_say_which_kind_they_are_and_never_what_the_provider_said(post: Post) -> None:
    post.at_recipient = lambda address: {"a": "550 5.1.1 a@x", "b": "521 no", "c": "421 closing"}.get(
        address[0]
    )
    with SmtpChannel(post.server, sender="m@x.example") as channel:
        for address, failure, code in (
            ("a@mail.example", NoSuchMailbox, "smtp_550"),
            ("b@mail.example", PermanentFailure, "smtp_521"),
            ("c@mail.example", TemporaryFailure, "smtp_421"),
        ):
            with pytest.raises(failure) as failed:
                channel.send(a_letter(address))
            assert str(failed.value) == code
        assert channel.send(a_letter("d@mail.example"))


def test_a_dot_alone_on_a_line_ends_nothing(post: Post) -> None:
    text = ".\r\nMAIL FROM:<evil@x.example>\n.\r..two\nend"
    with SmtpChannel(post.server, sender="m@x.example") as channel:
        channel.send(a_letter(body=text))
    (letter,) = post.letters
    assert "MAIL FROM:<evil@x.example>" in letter.get_content()
    assert letter.get_content().startswith(".")


def test_an_address_in_another_script_needs_a_server_that_can(post: Post) -> None:
    letter = Letter("用户@mail.example", a_letter().content, "<1@harbor.example>")
    with SmtpChannel(post.server, sender="m@x.example") as channel:
        channel.send(letter)
        channel.send(a_letter())
    assert len(post.letters) == 2
    with a_mail_server(other_scripts=False) as old, SmtpChannel(old.server, sender="m@x.example") as channel:
        with pytest.raises(PermanentFailure) as failed:
            channel.send(letter)
        assert failed.value.code == "smtputf8_not_supported"
        channel.send(a_letter())
