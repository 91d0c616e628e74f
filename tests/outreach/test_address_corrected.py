"""A mistyped address, corrected from the ticket; and what somebody with a forwarded link, or with many, makes of that."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from engage.activity.models import Activity
from engage.contacts.keeping import prove
from engage.contacts.links import Purpose, mint
from engage.contacts.models import Contact
from engage.retention.models import Destruction
from events.event.models import Event
from events.planning.lifecycle import cancel as call_off
from events.planning.scheduling import edit
from events.rsvps import changing
from events.rsvps.models import Rsvp
from events.rsvps.needs.arranging import arrange
from events.rsvps.needs.asking import Need, needs_of
from outreach.announcing.sweep import announce
from outreach.ledger.models import Delivery
from outreach.reminders.setting import add_rule
from outreach.worker.rounds import go_round
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import an_event
from tests.makers.letters import html_of, links_in, method_of, text_of
from tests.makers.mail_server import Post
from tests.makers.pages import html_of as page_html
from tests.makers.rsvps import a_full_event, an_rsvp, as_it_is, contact_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
WRONG, RIGHT, OWN = "anna@mail.example", "ana@mail.example", "mallory@mail.example"


def link_of(rsvp: Rsvp, purpose: Purpose = Purpose.RSVP_SCREEN) -> str:
    return f"/r/{mint(purpose, rsvp.pk, as_it_is(rsvp).link_version)}"


def corrected(link: str, email: str) -> Any:
    return Client().post(f"{link}/address", {"email": email})


def page(answer: Any) -> str:
    return re.sub(r"\s+", " ", page_html(answer))


def opens(link: str) -> bool:
    return Client().get(link).status_code == 200


def test_a_corrected_rsvp_is_written_about_to_the_new_address_and_every_older_link_ends(post: Post) -> None:
    rsvp = an_rsvp(an_event(), email=WRONG, name="Ana", needs=[Need("other", detail="near the door")])
    go_round()
    (first,) = post.to(WRONG)
    (mailed, *_rest) = links_in(first, "/r")
    screen, calendar = link_of(rsvp), f"/calendars/rsvp/{mint(Purpose.CALENDAR, rsvp.pk)}.ics"
    answer = corrected(screen, RIGHT)
    new = answer["Location"].partition("?")[0]
    assert "We write to ana@mail.example from now on." in page(Client().get(answer["Location"]))
    assert [opens(one) for one in (screen, f"/r/{mailed}", f"/r/{mailed}/not-me", calendar, new)] == [
        False, False, False, False, True,
    ]  # fmt: skip
    go_round()
    (letter,) = post.to(RIGHT)
    assert method_of(letter) == "REQUEST"
    assert opens(f"/r/{links_in(letter, '/r')[0]}")
    assert "/not-me" in text_of(letter), "it is as unproven as any that was typed"
    assert "near the door" not in html_of(letter)
    assert len(post.to(WRONG)) == 1, "a stranger, perhaps: told nothing"


def test_what_was_still_to_go_to_the_old_address_never_goes(post: Post) -> None:
    agency = an_agency()
    event = an_event(agency, capacity=2)
    rsvp = an_rsvp(event, email=WRONG, needs=[Need("captions")])
    go_round()
    # A move, an answer about a need and a change are all due when it is corrected.
    later = {
        name: (getattr(event, f"local_{name}") + dt.timedelta(days=1)).isoformat()
        for name in ("starts_at", "ends_at")
    }
    edit(event.pk, actor=None, now=timezone.now(), fields=later)
    liaison = a_person(agency)
    arrange(needs_of(rsvp)[0], actor=liaison, status="arranged", outcome="A screen.", now=timezone.now())
    changing.change(rsvp.pk, party_size=2, now=timezone.now())
    announce(now=timezone.now())
    assert Delivery.objects.filter(state="due").count() >= 2
    corrected(link_of(rsvp), RIGHT)
    assert not Delivery.objects.filter(contact=Contact.objects.order_by("pk")[0], state="due").exists()
    call_off(event.pk, reason="The hall is flooded.", actor=None, now=timezone.now())
    go_round()
    assert len(post.to(WRONG)) == 1
    assert any("The hall is flooded." in text_of(letter) for letter in post.to(RIGHT))


def test_another_rsvp_of_the_old_address_keeps_its_letters_and_its_links(post: Post) -> None:
    event = an_event()
    add_rule(agency=event.agency, event=event, actor=None, minutes_before=60, now=timezone.now())
    stays, leaves = an_rsvp(event, email=WRONG), an_rsvp(event, email=WRONG)
    go_round()
    corrected(link_of(leaves), RIGHT)
    assert opens(link_of(stays))
    assert as_it_is(stays).email_contact_id != as_it_is(leaves).email_contact_id
    call_off(event.pk, reason="The hall is flooded.", actor=None, now=timezone.now())
    go_round()
    assert "The hall is flooded." in text_of(post.to(WRONG)[-1])
    assert "The hall is flooded." in text_of(post.to(RIGHT)[-1])


def test_an_rsvp_without_messages_gets_an_address_and_its_reminder(post: Post) -> None:
    begins = timezone.now() + dt.timedelta(days=2)
    event = an_event(starts_at=begins.isoformat(), ends_at=(begins + dt.timedelta(hours=2)).isoformat())
    add_rule(agency=event.agency, event=event, actor=None, minutes_before=1440, now=timezone.now())
    rsvp = an_rsvp(event)
    before = page(Client().get(link_of(rsvp)))
    assert "Add an email to be reminded" in before
    assert 'name="remind"' not in before, "no field with one choice"
    answer = corrected(link_of(rsvp), RIGHT)
    assert as_it_is(rsvp).remind == "email"
    after = page(Client().get(answer["Location"]))
    assert "We remind you by email." in after
    assert 'name="remind"' in after
    go_round()
    assert len(post.to(RIGHT)) == 1


def test_who_waits_or_is_offered_a_seat_hears_so_at_the_new_address(post: Post) -> None:
    _event, holder, (first, second) = a_full_event(2, 1)
    changing.cancel(holder.pk, by="staff", now=timezone.now())
    assert (as_it_is(first).status, as_it_is(second).status) == ("offered", "offered")
    _another, _holder, (waits,) = a_full_event(2)
    corrected(link_of(first), "one@mail.example")
    corrected(link_of(waits), "two@mail.example")
    go_round()
    offer, waiting = post.to("one@mail.example")[0], post.to("two@mail.example")[0]
    assert "free for you" in offer["Subject"]
    assert opens(f"/accept/{links_in(offer, '/accept')[0]}")
    assert "waitlist" in waiting["Subject"]


def test_a_forwarded_link_takes_an_rsvp_over_only_so_that_its_owner_hears_of_it(post: Post) -> None:
    event = an_event()
    rsvp = an_rsvp(event, email=RIGHT, name="Ana")
    go_round()
    prove(contact_of(rsvp).pk, now=timezone.now())
    new = corrected(link_of(rsvp), OWN)["Location"].partition("?")[0]
    go_round()
    told = post.to(RIGHT)[-1]
    assert "We write to another address now" in told["Subject"]
    assert method_of(told) == "CANCEL", "nobody keeps the entry in that calendar true any more"
    said = text_of(told) + html_of(told)
    assert "mallory" not in said
    assert "/r/" not in said
    assert "Was that not you?" in said
    # What the taker holds now tells nothing of the address that was there.
    record = page(Client().get(f"{new}/data"))
    assert "ana@" not in record
    assert "ana@" not in Client().get(f"/api/v1/rsvps/{new.rpartition('/')[2]}/data/").content.decode()
    # Of the meeting that is called off hears whoever has it in the calendar.
    call_off(event.pk, reason="The hall is flooded.", actor=None, now=timezone.now())
    go_round()
    assert len(post.to(RIGHT)) == 2
    assert "The hall is flooded." in text_of(post.to(OWN)[-1])


def test_a_forwarded_mail_tells_its_owner_too_since_its_link_speaks_for_the_mailbox(post: Post) -> None:
    rsvp = an_rsvp(an_event(), email=RIGHT)
    stays = an_rsvp(rsvp.event, email=RIGHT)
    go_round()
    assert corrected(link_of(rsvp, Purpose.RSVP_MAIL), OWN).status_code == 302
    go_round()
    assert "We write to another address now" in post.to(RIGHT)[-1]["Subject"]
    assert method_of(post.to(RIGHT)[-1]) == "", "another place of that address stays in its calendar"
    assert opens(link_of(stays, Purpose.RSVP_MAIL)), "one place, and no other of the address"


def test_of_two_corrections_by_one_old_link_the_first_alone_counts() -> None:
    rsvp = an_rsvp(an_event(), email=WRONG)
    link = link_of(rsvp)
    assert corrected(link, RIGHT).status_code == 302
    assert corrected(link, OWN).status_code == 404
    assert contact_of(as_it_is(rsvp)).pk == as_it_is(rsvp).email_contact_id
    assert Activity.objects.filter(verb="rsvp.address_changed").count() == 1


def test_corrections_are_no_mail_cannon(post: Post) -> None:
    """Four places, each corrected to one stranger's mailbox and back as often as it goes."""
    event = an_event()
    victim, told = "victim@mail.example", []
    for number in range(4):
        rsvp = an_rsvp(event, email=f"own{number}@mail.example")
        for email in (victim, f"b{number}@mail.example", victim, f"c{number}@mail.example"):
            told.append(corrected(link_of(rsvp), email).status_code)
            go_round()
    assert told == [302, 302, 302, 409] * 4
    assert len(post.to(victim)) == 1, "one confirmation an event, as for any address that nobody has proven"
    refused = corrected(link_of(rsvp), RIGHT)
    assert "You can change the address three times a day." in page(refused)
    assert f'value="{RIGHT}"' in page_html(refused), "what was typed stays"


def test_whoever_left_a_proven_address_again_and_again_fills_no_mailbox(post: Post) -> None:
    event = an_event()
    hers = an_rsvp(event, email=RIGHT)
    go_round()
    prove(contact_of(hers).pk, now=timezone.now())
    for number in range(8):
        corrected(link_of(an_rsvp(event, email=RIGHT)), f"own{number}@mail.example")
    go_round()
    assert sum("We write to another address now" in letter["Subject"] for letter in post.to(RIGHT)) == 3


def test_the_answer_is_the_same_whatever_the_typed_address_has_done(post: Post) -> None:
    event = an_event()
    known = an_rsvp(event, email=RIGHT)
    go_round()
    prove(contact_of(known).pk, now=timezone.now())
    seen = []
    for email in (RIGHT, "xyz@mail.example"):
        rsvp = an_rsvp(event, email=OWN)
        answer = corrected(link_of(rsvp), email)
        shown = page(Client().get(answer["Location"])).replace(email, "ADDRESS")
        seen.append(
            (
                answer.status_code,
                re.sub(
                    r"[a-z2-7]{53}|[0-9A-HJKMNP-TV-Z]{5} ?[0-9A-HJKMNP-TV-Z]{5}|<svg.*?</svg>|[\w-]{22,}",
                    "",
                    shown,
                ),
            )
        )
    assert seen[0] == seen[1]


@pytest.mark.parametrize("email", ["", "no address", f"{'a' * 250}@mail.example"])
def test_what_is_no_address_changes_nothing_and_stays_in_the_form(email: str) -> None:
    rsvp = an_rsvp(an_event(), email=WRONG)
    answer = corrected(link_of(rsvp), email)
    assert answer.status_code == 400
    assert "Error:" in page(answer)
    assert as_it_is(rsvp).link_version == 1


def test_the_same_address_once_more_changes_nothing(post: Post) -> None:
    rsvp = an_rsvp(an_event(), email=WRONG)
    go_round()
    link = link_of(rsvp)
    assert corrected(link, WRONG.upper()).status_code == 302
    assert opens(link)
    go_round()
    assert len(post.to(WRONG)) == 1
    assert not Activity.objects.filter(verb="rsvp.address_changed").exists()


def test_an_rsvp_given_back_or_an_event_called_off_takes_no_address() -> None:
    event = an_event()
    gone, over = an_rsvp(event, email=WRONG), an_rsvp(event, email=WRONG)
    changing.cancel(gone.pk, by="resident", now=timezone.now())
    call_off(event.pk, reason="The hall is flooded.", actor=None, now=timezone.now())
    for rsvp in (gone, over):
        assert corrected(link_of(rsvp), RIGHT).status_code == 409
        assert as_it_is(rsvp).link_version == 1
        assert 'name="email"' not in page(Client().get(f"{link_of(rsvp)}/address"))


def test_the_record_says_when_and_erasing_takes_the_earlier_address_too() -> None:
    rsvp = an_rsvp(an_event(), email=WRONG)
    new = corrected(link_of(rsvp), RIGHT)["Location"].partition("?")[0]
    line = Activity.objects.get(verb="rsvp.address_changed")
    assert (line.object_id, line.actor, line.public) == (rsvp.pk, None, False)
    assert "@" not in str(line.data)
    held = Client().get(f"/api/v1/rsvps/{new.rpartition('/')[2]}/data/").json()
    assert len(held["rsvps"][0]["address_changed_at"]) == 1
    assert [one["address"] for one in held["contacts"]] == [RIGHT]
    assert Contact.objects.count() == 2
    assert Client().post(f"{new}/erase").status_code == 200
    assert (Contact.objects.count(), Rsvp.objects.count()) == (0, 0)
    assert Destruction.objects.filter(cause="erasure").exists()
    assert Event.objects.get(pk=rsvp.event_id).seats_taken == 0
