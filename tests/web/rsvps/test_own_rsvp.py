"""The page of one's own place: the ticket, what happens next with true dates, the picture, and how it all ends."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from engage.contacts.links import Purpose, mint
from events.event.models import Event
from events.event.when import moment_of
from events.planning.lifecycle import cancel as call_off
from events.rsvps.models import Rsvp
from events.rsvps.needs import arranging
from events.rsvps.needs.asking import Need, needs_of
from outreach.reminders.setting import add_rule
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import a_venue, an_event
from tests.makers.rsvps import a_full_event, an_rsvp, as_it_is, given_back
from web.rsvps.ticket_picture import ticket_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def at(rsvp: Rsvp, more: str = "", purpose: Purpose = Purpose.RSVP_SCREEN) -> str:
    return f"/r/{mint(purpose, rsvp.pk, rsvp.link_version)}{more}"


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_what_happens_next_says_only_what_will(client: Client) -> None:
    agency = an_agency(summary_due_days=10, retention_days=30)
    event = an_event(agency)
    silent = client.get(at(an_rsvp(event, email="a@mail.example"))).context["steps"]
    assert [step.what for step in silent] == [
        "Your place is saved.",
        "The meeting. Show or say your code at the door.",
        "We publish what we heard and what we promised.",
        "We delete your place and your email address.",
    ]
    day = event.local_starts_at.date()
    assert silent[2].at == day + dt.timedelta(days=10)
    assert silent[3].at == day + dt.timedelta(days=30)
    add_rule(agency=agency, actor=None, now=timezone.now(), minutes_before=1440)
    reminded = client.get(at(an_rsvp(event, email="b@mail.example"))).context["steps"]
    assert (reminded[1].what, reminded[1].at) == ("We remind you by email.", day - dt.timedelta(days=1))
    assert reminded[1].when == moment_of(event, event.starts_at - dt.timedelta(days=1)), (
        "its day and its hour"
    )
    without = client.get(at(an_rsvp(event))).context["steps"]
    assert "We remind you by email." not in [step.what for step in without]
    assert without[-1].what == "We delete your place."


def test_the_ticket_leads_to_the_page_of_its_event_unless_that_is_discreet(client: Client) -> None:
    event, private = an_event(), an_event(discreet=True)
    page = client.get(at(an_rsvp(event))).content.decode()
    for where in ("", "#asked", "#share"):
        assert f'href="/events/{event.pk}{where}"' in page
    assert f"/events/{private.pk}" not in client.get(at(an_rsvp(private))).content.decode()


def test_the_page_says_which_address_we_write_to_in_one_spelling(client: Client) -> None:
    event = an_event()
    an_rsvp(event, email="MAYA@mail.example")
    second = an_rsvp(event, email="maya@mail.example")
    page = text_of(client.get(at(second, "?new")))
    assert "That is all. A message with your link is on its way." in page
    assert "We write to maya@mail.example." in page
    later = text_of(client.get(at(second)))
    assert "We write to m…@m…." in later
    assert "mail.example" not in later, "a screen that others see, and a domain that may be a shelter's"
    assert [shown.count("We write to") for shown in (page, later)] == [1, 1]
    assert "MAYA" not in page, "how another form spelled it tells that there was one"
    assert "We write to" not in text_of(client.get(at(an_rsvp(event), "?new")))


def test_an_events_own_reminders_replace_its_agencys(client: Client) -> None:
    agency = an_agency()
    event = an_event(agency)
    add_rule(agency=agency, actor=None, now=timezone.now(), minutes_before=1440)
    add_rule(agency=agency, actor=None, now=timezone.now(), minutes_before=60, event=event)
    steps = client.get(at(an_rsvp(event, email="b@mail.example"))).context["steps"]
    assert [step.at for step in steps if "remind" in step.what] == [event.local_starts_at.date()]


def test_what_was_asked_for_stands_there_with_what_was_arranged(client: Client) -> None:
    rsvp = an_rsvp(an_event(), needs=[Need("interpreter", "so"), Need("wheelchair")])
    liaison = a_person(rsvp.event.agency)
    arranging.arrange(
        needs_of(rsvp)[1],
        actor=liaison,
        status="arranged",
        outcome="A seat <by> the door.",
        now=timezone.now(),
    )
    words = text_of(client.get(at(rsvp)))
    assert "Language interpreter (Somali)" in words
    assert "You asked for it." in words
    assert "A seat &lt;by&gt; the door." in words


def test_the_picture_is_a_png_of_the_code_and_is_kept_nowhere(client: Client) -> None:
    answer = client.get(at(an_rsvp(an_event()), "/picture.png"))
    assert answer["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")
    assert "no-store" in answer["Cache-Control"]
    assert client.get(f"/r/{'a' * 53}/picture.png").status_code == 404


def test_the_picture_says_what_it_is_for_and_its_file_is_found_by_day_and_name(client: Client) -> None:
    agency = an_agency()
    event = an_event(
        agency, title="Town hall: what happens at a stop?", venue=a_venue(agency, name="Eastside Library")
    )
    rsvp = an_rsvp(event)
    ticket = ticket_of(as_it_is(rsvp))
    assert ticket.title == event.title
    assert ticket.code.replace(" ", "") == rsvp.checkin_code
    assert ticket.lines[0].startswith(event.local_starts_at.strftime("%A"))
    assert ticket.lines[1] == "6 p.m. to 7:30 p.m."
    assert ticket.lines[2].startswith("Eastside Library")
    day = event.local_starts_at.date().isoformat()
    named = client.get(at(rsvp, "/picture.png"))["Content-Disposition"]
    assert named == f'attachment; filename="{day}-town-hall-what-happens-at-a-stop.png"'


def test_the_picture_of_a_discreet_event_says_its_day_and_the_code_and_no_more(client: Client) -> None:
    agency = an_agency()
    event = an_event(agency, title="After an assault", discreet=True, venue=a_venue(agency))
    rsvp = an_rsvp(event)
    ticket = ticket_of(as_it_is(rsvp))
    assert (ticket.title, ticket.note, len(ticket.lines)) == ("", "", 1)
    assert ticket.code.replace(" ", "") == rsvp.checkin_code
    day = event.local_starts_at.date().isoformat()
    assert client.get(at(rsvp, "/picture.png"))["Content-Disposition"] == f'attachment; filename="{day}.png"'


def test_the_qr_holds_the_code_in_capitals_and_no_link(client: Client, settings: Any) -> None:
    rsvp = an_rsvp(an_event())
    answer = client.get(at(rsvp))
    assert answer.context["qr"] == f"{settings.PUBLIC_URL.upper()}/C/{rsvp.checkin_code}"


def test_an_offer_is_taken_or_passed_on_by_one_button(client: Client) -> None:
    now = timezone.now()
    _event, holder, (first, second) = a_full_event(4, 4)
    given_back(holder, now)
    assert "A place is free for you" in text_of(client.get(at(first)))
    client.post(at(first, "/decline"))
    assert as_it_is(first).status == "cancelled"
    page = client.post(at(second, "/accept"), follow=True)
    assert "Your place is saved" in text_of(page)
    assert as_it_is(second).status == "confirmed"


def test_whoever_rather_talks_can_call_from_the_ticket_and_knows_what_to_say(client: Client) -> None:
    rsvp = an_rsvp(an_event(an_agency(contact_phone="202 555 0123")))
    words = text_of(client.get(at(rsvp)))
    assert (
        'Call <a href="tel:2025550123">202 555 0123</a>, or <a href="tel:711">711</a> for relay, '
        "and say the day of the meeting" in words
    )


def test_no_page_shows_a_number_that_cannot_be_called(client: Client) -> None:
    agency = an_agency(contact_phone="202 555 0123")
    event = an_event(agency, rsvp_mode="none")
    mailed = an_rsvp(an_event(agency), email="a@mail.example")
    home = f"/agencies/{agency.slug}/"
    pages = [
        home, f"{home}accessibility/", f"{home}privacy/", f"{home}promises/", f"/events/{event.pk}",
        at(mailed), at(mailed, "/new-link"), at(mailed, "/data"),
    ]  # fmt: skip
    for page in pages:
        shown = client.get(page).content.decode()
        shown = re.sub(r'<script type="application/ld\+json".*?</script>', "", shown, flags=re.DOTALL)
        assert "202 555 0123" in shown, page
        assert "202 555 0123" not in shown.replace('<a href="tel:2025550123">202 555 0123</a>', ""), page


def test_one_called_off_says_why(client: Client) -> None:
    event = an_event()
    rsvp = an_rsvp(event)
    call_off(event, reason="No heating.", actor=None, now=timezone.now())
    words = text_of(client.get(at(rsvp)))
    assert "This meeting is called off" in words
    assert "No heating." in words
    assert "Save the changes" not in words


def test_an_event_that_is_over_changes_nothing_more(client: Client) -> None:
    rsvp = an_rsvp(an_event())
    begins = timezone.now() - dt.timedelta(hours=3)
    Event.objects.filter(pk=rsvp.event_id).update(
        starts_at=begins, ends_at=begins + dt.timedelta(hours=1), status="ended"
    )
    words = text_of(client.get(at(rsvp)))
    assert "This meeting is over" in words
    assert "Save the changes" not in words


def test_the_reader_may_choose_another_language(client: Client) -> None:
    rsvp = an_rsvp(an_event(), language="es")
    assert '<html lang="es"' in text_of(client.get(at(rsvp)))
    assert '<html lang="en"' in text_of(client.get(at(rsvp, "?lang=en")))


def test_nothing_of_it_is_offered_to_search_engines_or_previews(client: Client) -> None:
    words = text_of(client.get(at(an_rsvp(an_event()))))
    assert "og:" not in words
    assert "hreflang" not in words.split("</head>")[0]


def test_a_page_costs_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    rsvp = an_rsvp(
        an_event(), email="a@mail.example", needs=[Need("wheelchair"), Need("captions"), Need("childcare")]
    )
    path = at(rsvp)
    with django_assert_max_num_queries(5):
        client.get(path)
