"""From the act to the mailbox: what a resident hears about a place of their own."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.dateformat import format as date_format

from engage.contacts.keeping import prove
from engage.contacts.links import Purpose, mint
from engage.contacts.models import Contact
from events.planning.scheduling import edit
from events.rsvps.changing import cancel, change
from events.rsvps.erasing import erase
from events.rsvps.links import rsvp_behind
from events.rsvps.models import Rsvp
from events.rsvps.needs.arranging import arrange
from events.rsvps.needs.asking import Need
from events.rsvps.needs.models import AccessRequest
from events.rsvps.resident_record import not_me, resend_links
from events.rsvps.waitlisting import accept, decline, lapse_offers
from outreach.announcing.sweep import announce
from outreach.ledger.models import Delivery
from outreach.letters.composing import compose
from outreach.letters.occasion import Pointless
from outreach.letters.reading_ahead import read_ahead
from outreach.worker.rounds import go_round
from tests.makers.agencies import a_person
from tests.makers.events import an_event
from tests.makers.letters import calendar_of, html_of, links_in, method_of, sequence_of, text_of
from tests.makers.mail_server import Post, addressee_of
from tests.makers.rsvps import a_full_event, an_rsvp, as_it_is, by_link, contact_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def proven(rsvp: object) -> None:
    contact = Contact.objects.get(rsvps_by_email=rsvp)
    prove(contact.pk, now=timezone.now())


def test_a_saved_rsvp_is_confirmed_once_with_a_calendar_part_a_code_and_a_link(post: Post) -> None:
    event = an_event(title="Traffic stops")
    rsvp = an_rsvp(event, 2, email="Ana@Mail.Example")
    go_round()
    go_round()
    (letter,) = post.letters
    assert addressee_of(letter) == "Ana@Mail.Example"
    assert letter["Message-ID"].endswith("@harbor.example>")
    assert "Traffic stops" in letter["Subject"]
    calendar = calendar_of(letter)
    assert calendar is not None
    assert calendar["METHOD"] == "REQUEST"
    attendee = calendar.events[0]["ATTENDEE"]
    assert attendee == "mailto:Ana@Mail.Example"
    assert attendee.params["RSVP"] == "FALSE"
    code = f"{rsvp.checkin_code[:5]} {rsvp.checkin_code[5:]}"
    assert code in text_of(letter)
    assert code in html_of(letter)
    assert f'src="cid:{rsvp.checkin_code}"' in html_of(letter)
    # How the template is laid out is no business of a mailbox.
    assert not [line for line in html_of(letter).rstrip("\n").split("\n") if line != line.strip() or not line]
    assert [part for part in letter.walk() if part["Content-ID"] == f"<{rsvp.checkin_code}>"]
    assert [part.get_filename() for part in letter.iter_attachments()] == ["invite.ics"]
    (token,) = set(links_in(letter, "/r"))
    reach = rsvp_behind(token, now=timezone.now())
    assert (reach.rsvp.pk, reach.purpose) == (rsvp.pk, Purpose.RSVP_MAIL)


def test_a_letter_comes_in_the_language_of_the_rsvp(post: Post) -> None:
    event = an_event(title="Traffic stops", languages=["en", "es"])
    an_rsvp(event, email="ana@mail.example", language="es-MX")
    an_rsvp(event, email="binh@mail.example", language="vi")
    go_round()
    (spanish,), (other,) = post.to("ana@mail.example"), post.to("binh@mail.example")
    assert "Su lugar está reservado" in spanish["Subject"]
    assert spanish["Content-Language"] == "es"
    assert "¿No puede venir?" in text_of(spanish)
    assert '<html lang="es"' in html_of(spanish)
    assert other["Content-Language"] == "en"


def test_nothing_that_somebody_typed_stands_in_a_letter(post: Post) -> None:
    event = an_event()
    needs = [Need("other", detail="my stalker knows this library")]
    an_rsvp(
        event,
        email="ana@mail.example",
        name="Ana Typed-Name",
        needs=needs,
        question="Typed question?",
        anonymous_question=False,
    )
    go_round()
    (letter,) = post.letters
    for part in (str(letter["Subject"]), text_of(letter), html_of(letter)):
        assert "Typed" not in part
        assert "stalker" not in part
    assert "Something else" in text_of(letter)


def test_text_from_outside_is_escaped_and_makes_no_header(post: Post) -> None:
    event = an_event(
        title="<b>Stops</b> & “searches” ünd sehr viele weitere Wörter bis über die Zeile hinaus"
    )
    event.title = "Hello\r\nBcc: everybody@mail.example <script>alert(1)</script>"
    event.save(update_fields=["title"])
    an_rsvp(event, email="ana@mail.example")
    go_round()
    (letter,) = post.letters
    assert letter["Bcc"] is None
    assert "Bcc: everybody" in letter["Subject"]
    assert "<script>" not in html_of(letter)
    assert "&lt;script&gt;" in html_of(letter)


def test_an_unproven_address_gets_one_confirmation_an_event_and_a_way_out(post: Post) -> None:
    event = an_event()
    first = an_rsvp(event, email="ana@mail.example")
    an_rsvp(event, email="ana@mail.example")
    change(first.pk, party_size=2, now=timezone.now())
    go_round()
    (letter,) = post.letters
    assert links_in(letter, "/r")
    assert "/not-me" in text_of(letter)
    assert "/not-me" in html_of(letter)
    assert sorted(Delivery.objects.values_list("state", "reason")) == [
        ("sent", ""),
        ("suppressed", "unproven"),
        ("suppressed", "unproven"),
    ]


def test_the_pair_of_it_a_proven_address_hears_of_everything_and_is_asked_nothing(post: Post) -> None:
    event = an_event()
    first = an_rsvp(event, email="ana@mail.example")
    proven(first)
    an_rsvp(event, email="ana@mail.example")
    change(first.pk, party_size=2, now=timezone.now())
    go_round()
    assert len(post.letters) == 3
    assert not any("/not-me" in text_of(letter) for letter in post.letters)


def test_after_not_me_nothing_is_sent_to_that_address_by_anybody(post: Post) -> None:
    event, other = an_event(), an_event()
    rsvp = an_rsvp(event, email="ana@mail.example")
    not_me(by_link(rsvp, Purpose.RSVP_MAIL), now=timezone.now())
    an_rsvp(other, email="ana@mail.example")
    go_round()
    assert post.letters == []


def test_cancelling_takes_the_entry_out_and_coming_back_puts_it_in_again(post: Post) -> None:
    event = an_event()
    rsvp = an_rsvp(event, email="ana@mail.example")
    proven(rsvp)
    go_round()
    cancel(rsvp.pk, by="resident", now=timezone.now())
    go_round()
    an_rsvp(event, email="ana@mail.example")
    go_round()
    assert [method_of(letter) for letter in post.letters] == ["REQUEST", "CANCEL", "REQUEST"]
    numbers = [sequence_of(letter) for letter in post.letters]
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("by", ["resident", "staff"])
def test_an_address_that_nobody_has_proven_hears_of_coming_back_too(post: Post, by: Any) -> None:
    """Else its calendar stays without the event to which it has a place."""
    event = an_event()
    rsvp = an_rsvp(event, email="ana@mail.example")
    go_round()
    cancel(rsvp.pk, by=by, now=timezone.now())
    go_round()
    an_rsvp(event, email="ana@mail.example")
    go_round()
    assert [method_of(letter) for letter in post.letters] == ["REQUEST", "CANCEL", "REQUEST"]
    numbers = [sequence_of(letter) for letter in post.letters]
    assert numbers == sorted(set(numbers))


def test_whoever_goes_back_and_forth_before_anything_is_sent_has_the_letter_of_what_stands(
    post: Post,
) -> None:
    event = an_event()
    for _ in range(3):
        cancel(an_rsvp(event, email="ana@mail.example").pk, by="resident", now=timezone.now())
    an_rsvp(event, email="ana@mail.example")
    go_round()
    assert [method_of(letter) for letter in post.letters] == ["REQUEST"]


def test_whoever_goes_back_and_forth_in_the_name_of_another_fills_nobodys_mailbox(post: Post) -> None:
    event = an_event()
    for _ in range(8):
        rsvp = an_rsvp(event, email="ana@mail.example")
        go_round()
        cancel(rsvp.pk, by="resident", now=timezone.now())
        go_round()
    assert [method_of(letter) for letter in post.letters] == ["REQUEST", "CANCEL"] * 3


def test_the_calendar_is_cancelled_only_when_the_last_rsvp_of_a_family_goes(post: Post) -> None:
    event = an_event()
    first = an_rsvp(event, email="ana@mail.example")
    proven(first)
    second = an_rsvp(event, email="ana@mail.example")
    go_round()
    cancel(first.pk, by="resident", now=timezone.now())
    go_round()
    cancel(second.pk, by="resident", now=timezone.now())
    go_round()
    assert [method_of(letter) for letter in post.letters] == ["REQUEST", "REQUEST", "", "CANCEL"]


@pytest.mark.parametrize("how", ["declined", "lapsed", "lapsed twice"])
def test_an_offer_that_moved_with_its_event_leaves_no_entry_behind(post: Post, how: str) -> None:
    event, holder, (waiting, _next) = a_full_event(1, 1, capacity=1)
    proven(waiting)
    go_round()
    cancel(holder.pk, by="staff", now=timezone.now())
    go_round()
    later = event.starts_at + dt.timedelta(days=1)
    fields = {"starts_at": later.isoformat(), "ends_at": (later + dt.timedelta(hours=1)).isoformat()}
    edit(event.pk, actor=None, now=timezone.now(), fields=fields)
    go_round()
    if how == "declined":
        decline(waiting.pk, now=timezone.now())
    else:
        Rsvp.objects.filter(pk=waiting.pk).update(offers_lapsed=how.count("twice"))
        lapse_offers(now=event.starts_at - dt.timedelta(hours=5))
    go_round()
    moved, ended = [letter for letter in post.to("r0@mail.example") if method_of(letter)][:2]
    assert [method_of(moved), method_of(ended)] == ["REQUEST", "CANCEL"]
    assert sequence_of(ended) > sequence_of(moved)


def test_an_rsvp_that_is_gone_before_the_worker_came_is_not_confirmed(post: Post) -> None:
    event = an_event()
    rsvp = an_rsvp(event, email="ana@mail.example")
    proven(rsvp)
    cancel(rsvp.pk, by="resident", now=timezone.now())
    go_round()
    (letter,) = post.letters
    assert "Your place is cancelled" in letter["Subject"]
    assert method_of(letter) == ""


def test_who_waits_is_told_so_then_offered_then_confirmed(post: Post) -> None:
    _event, holder, (waiting,) = a_full_event(1, capacity=1)
    proven(waiting)
    go_round()
    (told,) = post.to("r0@mail.example")
    assert "waitlist" in told["Subject"]
    assert method_of(told) == ""
    cancel(holder.pk, by="resident", now=timezone.now())
    go_round()
    offer = post.to("r0@mail.example")[1]
    assert "A place is free" in offer["Subject"]
    (token,) = set(links_in(offer, "/accept"))
    reach = rsvp_behind(token, [Purpose.ACCEPT], now=timezone.now())
    accept(reach.rsvp.pk, now=timezone.now())
    go_round()
    confirmed = post.to("r0@mail.example")[2]
    assert method_of(confirmed) == "REQUEST"
    assert as_it_is(waiting).status == "confirmed"


def test_the_letter_and_the_page_of_an_offer_say_its_true_deadline_which_is_no_hour_of_the_night(
    post: Post, client: Client
) -> None:
    event, holder, (waiting,) = a_full_event(1, capacity=1)
    go_round()
    # At ten in the evening before: by the time that is left alone it would end at three.
    cancel(holder.pk, by="resident", now=event.starts_at - dt.timedelta(hours=20))
    go_round()
    day = date_format(event.local_starts_at, "l, F j, Y")
    offer = post.to("r0@mail.example")[1]
    assert f"{day}, 8 a.m." in " ".join(text_of(offer).split())
    own = f"/r/{mint(Purpose.RSVP_SCREEN, waiting.pk, waiting.link_version)}"
    page = " ".join(client.get(own).content.decode().split())
    assert f"It is yours if you take it by {day}, 8 a.m." in page
    Rsvp.objects.filter(pk=waiting.pk).update(language="es")
    page = " ".join(client.get(own).content.decode().split())
    assert re.search(
        r"Es suyo si lo acepta antes de: \w+, \d+ de \w+ de \d{4}, (?:a las )?8(?::00)? a\. m\.", page
    )


def test_an_offer_to_a_mailbox_that_does_not_exist_goes_to_the_next_once_its_time_is_over(post: Post) -> None:
    """Not at once: whoever typed that address would see on their own place that a letter came back."""
    event, holder, (first, second) = a_full_event(1, 1, capacity=1)
    go_round()
    post.at_recipient = lambda address: "550 5.1.1 no such user" if address == "r0@mail.example" else None
    cancel(holder.pk, by="staff", now=timezone.now())
    go_round()
    assert contact_of(first).unreachable_since is not None
    assert (as_it_is(first).status, as_it_is(second).status) == ("offered", "waitlisted")
    lapse_offers(now=event.starts_at - dt.timedelta(hours=5))
    assert (as_it_is(first).status, as_it_is(second).status) == ("waitlisted", "offered")
    go_round()
    assert "A place is free" in post.to("r1@mail.example")[-1]["Subject"]


def test_what_was_arranged_is_told_in_the_words_of_the_staff(post: Post) -> None:
    event = an_event()
    rsvp = an_rsvp(event, email="ana@mail.example", needs=[Need("sign_language")])
    go_round()
    need = AccessRequest.objects.get(rsvp=rsvp)
    actor = a_person(event.agency)
    arrange(
        need,
        actor=actor,
        status="arranged",
        outcome="They sit at the front, on the left.",
        now=timezone.now(),
    )
    go_round()
    letter = post.letters[-1]
    assert "Sign language interpreter" in text_of(letter)
    assert "They sit at the front, on the left." in text_of(letter)


def test_a_lost_link_is_sent_again_to_the_address_only(post: Post) -> None:
    event = an_event()
    rsvp = an_rsvp(event, email="ana@mail.example")
    go_round()
    resend_links(event, "ANA@mail.example", now=timezone.now())
    resend_links(event, "nobody@mail.example", now=timezone.now())
    go_round()
    first, again = post.letters
    assert links_in(first, "/r")[0] == links_in(again, "/r")[0]
    assert rsvp.checkin_code[:5] in text_of(again)


def test_a_letter_whose_address_is_erased_while_it_is_composed_is_nobodys_fault() -> None:
    rsvp = an_rsvp(an_event(), email="ana@mail.example")
    announce(now=timezone.now())
    (around,) = read_ahead([Delivery.objects.get().pk], now=timezone.now()).values()
    erase(by_link(rsvp, Purpose.RSVP_MAIL), now=timezone.now())
    with pytest.raises(Pointless):
        compose(around, now=timezone.now())


def test_erasing_takes_what_is_due_with_it(post: Post) -> None:
    event = an_event()
    rsvp = an_rsvp(event, email="ana@mail.example")
    go_round()
    change(rsvp.pk, party_size=2, now=timezone.now())
    erase(by_link(rsvp, Purpose.RSVP_MAIL), now=timezone.now())
    go_round()
    assert len(post.letters) == 1
    assert not Delivery.objects.exists()
