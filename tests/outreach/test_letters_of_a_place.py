"""From the act to the mailbox: what a resident hears about a place of their own."""

from __future__ import annotations

import pytest
from django.utils import timezone

from engage.contact_keeping import prove
from engage.models import Contact
from engage.resident_links import Purpose
from events.access_arranging import arrange
from events.access_asking import Need
from events.changing_a_place import cancel, change
from events.link_reading import rsvp_behind
from events.models import AccessRequest
from events.resident_record import erase, not_me, resend_links
from events.waitlisting import accept
from outreach.ledger_round import go_round
from outreach.models import Delivery
from tests.makers.agencies import a_person
from tests.makers.events import a_meeting
from tests.makers.letters import calendar_of, html_of, links_in, method_of, sequence_of, text_of
from tests.makers.mail_server import Post
from tests.makers.places import a_full_meeting, a_place, as_it_is, by_link

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def proven(place: object) -> None:
    contact = Contact.objects.get(rsvps_by_email=place)
    prove(contact.pk, now=timezone.now())


def test_a_saved_place_is_confirmed_once_with_a_calendar_part_a_code_and_a_link(post: Post) -> None:
    event = a_meeting(title="Traffic stops")
    place = a_place(event, 2, email="Ana@Mail.Example")
    go_round()
    go_round()
    (letter,) = post.letters
    assert letter["To"] == "Ana@Mail.Example"
    assert letter["Message-ID"].endswith("@harbor.example>")
    assert "Traffic stops" in letter["Subject"]
    calendar = calendar_of(letter)
    assert calendar is not None
    assert calendar["METHOD"] == "REQUEST"
    attendee = calendar.events[0]["ATTENDEE"]
    assert attendee == "mailto:Ana@Mail.Example"
    assert attendee.params["RSVP"] == "FALSE"
    code = f"{place.checkin_code[:5]} {place.checkin_code[5:]}"
    assert code in text_of(letter)
    assert code in html_of(letter)
    assert f'src="cid:{place.checkin_code}"' in html_of(letter)
    assert [part for part in letter.walk() if part["Content-ID"] == f"<{place.checkin_code}>"]
    assert [part.get_filename() for part in letter.iter_attachments()] == ["invite.ics"]
    (token,) = set(links_in(letter, "/r"))
    access = rsvp_behind(token, now=timezone.now())
    assert (access.rsvp.pk, access.purpose) == (place.pk, Purpose.RSVP_MAIL)


def test_a_letter_comes_in_the_language_of_the_place(post: Post) -> None:
    event = a_meeting(title="Traffic stops", languages=["en", "es"])
    a_place(event, email="ana@mail.example", language="es-MX")
    a_place(event, email="binh@mail.example", language="vi")
    go_round()
    (spanish,), (other,) = post.to("ana@mail.example"), post.to("binh@mail.example")
    assert spanish["Subject"].startswith("Su lugar está guardado")
    assert spanish["Content-Language"] == "es"
    assert "¿No puede venir?" in text_of(spanish)
    assert '<html lang="es"' in html_of(spanish)
    assert other["Content-Language"] == "en"


def test_nothing_that_somebody_typed_stands_in_a_letter(post: Post) -> None:
    event = a_meeting()
    needs = [Need("other", detail="my stalker knows this library")]
    a_place(
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
    event = a_meeting(
        title="<b>Stops</b> & “searches” ünd sehr viele weitere Wörter bis über die Zeile hinaus"
    )
    event.title = "Hello\r\nBcc: everybody@mail.example <script>alert(1)</script>"
    event.save(update_fields=["title"])
    a_place(event, email="ana@mail.example")
    go_round()
    (letter,) = post.letters
    assert letter["Bcc"] is None
    assert "Bcc: everybody" in letter["Subject"]
    assert "<script>" not in html_of(letter)
    assert "&lt;script&gt;" in html_of(letter)


def test_an_unproven_address_gets_one_confirmation_an_event_and_a_way_out(post: Post) -> None:
    event = a_meeting()
    first = a_place(event, email="ana@mail.example")
    a_place(event, email="ana@mail.example")
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
    event = a_meeting()
    first = a_place(event, email="ana@mail.example")
    proven(first)
    a_place(event, email="ana@mail.example")
    change(first.pk, party_size=2, now=timezone.now())
    go_round()
    assert len(post.letters) == 3
    assert not any("/not-me" in text_of(letter) for letter in post.letters)


def test_after_not_me_nothing_is_sent_to_that_address_by_anybody(post: Post) -> None:
    event, other = a_meeting(), a_meeting()
    place = a_place(event, email="ana@mail.example")
    not_me(by_link(place, Purpose.RSVP_MAIL), now=timezone.now())
    a_place(other, email="ana@mail.example")
    go_round()
    assert post.letters == []


def test_cancelling_takes_the_entry_out_and_coming_back_puts_it_in_again(post: Post) -> None:
    event = a_meeting()
    place = a_place(event, email="ana@mail.example")
    proven(place)
    go_round()
    cancel(place.pk, by="resident", now=timezone.now())
    go_round()
    a_place(event, email="ana@mail.example")
    go_round()
    assert [method_of(letter) for letter in post.letters] == ["REQUEST", "CANCEL", "REQUEST"]
    numbers = [sequence_of(letter) for letter in post.letters]
    assert numbers == sorted(set(numbers))


def test_the_calendar_is_cancelled_only_when_the_last_place_of_a_family_goes(post: Post) -> None:
    event = a_meeting()
    first = a_place(event, email="ana@mail.example")
    proven(first)
    second = a_place(event, email="ana@mail.example")
    go_round()
    cancel(first.pk, by="resident", now=timezone.now())
    go_round()
    cancel(second.pk, by="resident", now=timezone.now())
    go_round()
    assert [method_of(letter) for letter in post.letters] == ["REQUEST", "REQUEST", "", "CANCEL"]


def test_a_place_that_is_gone_before_the_worker_came_is_not_confirmed(post: Post) -> None:
    event = a_meeting()
    place = a_place(event, email="ana@mail.example")
    proven(place)
    cancel(place.pk, by="resident", now=timezone.now())
    go_round()
    (letter,) = post.letters
    assert letter["Subject"].startswith("Cancelled")
    assert method_of(letter) == ""


def test_who_waits_is_told_so_then_offered_then_confirmed(post: Post) -> None:
    _event, holder, (waiting,) = a_full_meeting(1, capacity=1)
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
    access = rsvp_behind(token, [Purpose.ACCEPT], now=timezone.now())
    accept(access.rsvp.pk, now=timezone.now())
    go_round()
    confirmed = post.to("r0@mail.example")[2]
    assert method_of(confirmed) == "REQUEST"
    assert as_it_is(waiting).status == "confirmed"


def test_an_offer_to_a_mailbox_that_does_not_exist_goes_to_the_next(post: Post) -> None:
    _event, holder, (first, second) = a_full_meeting(1, 1, capacity=1)
    go_round()
    post.at_recipient = lambda address: "550 5.1.1 no such user" if address == "r0@mail.example" else None
    cancel(holder.pk, by="staff", now=timezone.now())
    go_round()
    assert (as_it_is(first).status, as_it_is(second).status) == ("cancelled", "offered")
    assert "A place is free" in post.to("r1@mail.example")[-1]["Subject"]


def test_what_was_arranged_is_told_in_the_words_of_the_staff(post: Post) -> None:
    event = a_meeting()
    place = a_place(event, email="ana@mail.example", needs=[Need("sign_language")])
    go_round()
    need = AccessRequest.objects.get(rsvp=place)
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
    event = a_meeting()
    place = a_place(event, email="ana@mail.example")
    go_round()
    resend_links(event, "ANA@mail.example", now=timezone.now())
    resend_links(event, "nobody@mail.example", now=timezone.now())
    go_round()
    first, again = post.letters
    assert links_in(first, "/r")[0] == links_in(again, "/r")[0]
    assert place.checkin_code[:5] in text_of(again)


def test_erasing_takes_what_is_due_with_it_and_keeps_the_count(post: Post) -> None:
    event = a_meeting()
    place = a_place(event, email="ana@mail.example")
    go_round()
    change(place.pk, party_size=2, now=timezone.now())
    erase(by_link(place, Purpose.RSVP_MAIL), now=timezone.now())
    go_round()
    assert len(post.letters) == 1
    assert not Delivery.objects.exists()
    event.refresh_from_db()
    assert event.totals.deliveries == {"confirmation.sent": 1}
