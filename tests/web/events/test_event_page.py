"""One meeting's own page: in plain words, for everyone, in whatever state it is."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from engage.agencies.pledges import sign_pledge, withdraw_pledge
from engage.listening import moderating
from engage.listening.models import Contribution
from engage.local_time import local_day
from events.event.models import Event
from events.planning.lifecycle import cancel
from tests.makers.agencies import a_community, a_dialogue, a_person, an_agency
from tests.makers.contributions import a_contribution
from tests.makers.events import a_draft, a_venue, an_event, begins_at
from tests.makers.pages import html_of
from tests.makers.rsvps import a_response, an_rsvp
from tests.makers.worlds import World

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def shown(client: Client, event: Event, prefix: str = "") -> str:
    answer = client.get(f"{prefix}/events/{event.pk}")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", html_of(answer))


def read(client: Client, event: Event) -> str:
    """From the heading on, without what search engines read."""
    words = shown(client, event)
    return words[words.index("<h1") :]


def structured(words: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', words)
    assert found
    return dict(json.loads(found.group(1)))


def test_it_says_what_when_and_where_in_the_clock_of_the_venue(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    agency = an_agency()
    event = an_event(
        agency,
        title="Town hall",
        venue=a_venue(agency).pk,
        agenda=[{"title": "Your questions", "minutes": 40}],
    )
    with django_assert_max_num_queries(5):
        answer = client.get(f"/events/{event.pk}")
    words = html_of(answer)
    for word in ("Town hall", "6 p.m.", "7:30 p.m.", "Library", "Your questions, 40 minutes"):
        assert word in words
    assert not answer.cookies
    assert answer["Cache-Control"] == "public, max-age=60"


def test_an_online_event_says_whose_clock_is_meant(client: Client) -> None:
    event = an_event(format="online", online_url="https://meet.example/room")
    words = shown(client, event)
    assert "7:30 p.m. Central Time" in words
    assert "The link comes with your place" in words
    assert "meet.example" not in words


def test_in_spanish_under_its_own_address_and_in_its_own_words(client: Client) -> None:
    event = an_event()
    Event.objects.filter(pk=event.pk).update(translations={"es": {"title": "Asamblea"}})
    words = shown(client, event, "/es")
    assert '<html lang="es"' in words
    assert "18:00" in words
    assert "<h1>Asamblea</h1>" in words


def test_one_called_off_says_why_and_takes_nobody(client: Client) -> None:
    event = an_event()
    cancel(event, reason="The hall has no heating.", actor=None, now=timezone.now())
    words = shown(client, event)
    assert "The hall has no heating." in words
    assert "Save my place" not in words
    assert structured(words)["eventStatus"] == "https://schema.org/EventCancelled"


def test_a_full_one_offers_the_waitlist_and_another_evening(client: Client) -> None:
    agency = an_agency()
    full = an_event(agency, capacity=1)
    an_rsvp(full)
    an_rsvp(full)
    other = an_event(agency, title="Another evening", capacity=5)
    words = shown(client, full)
    assert "This meeting is full" in words
    assert "1 group waits before you." in words
    held = r"When a place is free, we write to you and keep it for you for about \d+ hours\."
    assert re.search(held, words)
    assert f"/events/{other.pk}" in words
    assert ">Join the waitlist</button>" in words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"rsvp_mode": "none"}, "No RSVP needed"),
        ({"rsvp_closes_at": timezone.now() + dt.timedelta(seconds=1)}, "No more places can be saved"),
        ({"rsvp_opens_at": timezone.now() + dt.timedelta(days=2)}, "Not open yet"),
    ],
)
def test_one_that_takes_no_rsvps_says_so(client: Client, fields: dict[str, Any], words: str) -> None:
    event = an_event(**fields)
    if "rsvp_closes_at" in fields:
        Event.objects.filter(pk=event.pk).update(rsvp_closes_at=timezone.now())
    page = shown(client, event)
    assert words in page
    assert "Save my place" not in page


def test_an_address_in_the_text_can_be_followed_and_no_tag_can_be_typed_in(client: Client) -> None:
    words = shown(client, an_event(description="https://example.org/e/4\n\nMore at https://example.org/<b>5"))
    assert '<a href="https://example.org/e/4" rel="nofollow">' in words
    assert "<b>5" not in words


def test_a_live_one_can_be_walked_into(client: Client) -> None:
    assert "Happening now" in shown(client, World.made().live())


def test_a_past_one_says_when_its_summary_is_due_or_that_it_is_late(client: Client) -> None:
    ended = World.made().ended()
    assert "The summary is due on" in shown(client, ended)
    begins = timezone.now() - dt.timedelta(days=15)
    Event.objects.filter(pk=ended.pk).update(
        starts_at=begins, ends_at=begins + dt.timedelta(hours=1), local_ends_at=begins.replace(tzinfo=None)
    )
    assert "The summary is late." in shown(client, ended)
    Event.objects.filter(pk=ended.pk).update(imported=True)
    assert "The summary is late." not in shown(client, ended)


def test_questions_that_were_shown_can_be_read_the_most_raised_first(client: Client) -> None:
    event = an_event()
    for number in range(7):
        contribution = a_contribution(event.agency, event=event, body=f"Why <{number}>?")
        moderating.show(contribution, actor=None, now=timezone.now())
        Contribution.objects.filter(pk=contribution.pk).update(endorsements_count=number)
    a_contribution(event.agency, event=event, body="Still waiting")
    words = shown(client, event)
    assert "7 questions can be read here" in words
    assert words.index("Why &lt;6&gt;?") < words.index("Why &lt;5&gt;?")
    assert "Why &lt;1&gt;?" not in words
    assert "Still waiting" not in words


def test_only_pledges_that_stand_are_printed(client: Client) -> None:
    event = an_event()
    admin = a_person(event.agency, "admin")
    now = timezone.now()
    assert "investigate" not in shown(client, event)
    pledge = sign_pledge(
        event.agency,
        actor=admin,
        code="never-used-to-investigate",
        text="We never investigate anyone by it.",
        now=now,
    )
    assert "We never investigate anyone by it." in shown(client, event)
    withdraw_pledge(pledge, actor=admin, now=now)
    assert "investigate" not in shown(client, event)


def test_the_days_of_keeping_are_the_agencys(client: Client) -> None:
    assert "14 days after the meeting" in shown(client, an_event(an_agency(retention_days=14)))


def test_search_engines_read_the_truth_and_nothing_ends_their_block(client: Client) -> None:
    agency = an_agency(name="Police & <People>")
    event = an_event(
        agency, title="</script><script>alert(1)</script>", format="hybrid", online_url="https://meet.example/",
        venue=a_venue(agency).pk, capacity=9,
    )  # fmt: skip
    words = shown(client, event)
    assert "<script>alert" not in words
    told = structured(words)
    assert told["name"] == "</script><script>alert(1)</script>"
    assert told["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert told["eventStatus"] == "https://schema.org/EventScheduled"
    assert [each["@type"] for each in told["location"]] == ["Place", "VirtualLocation"]
    assert told["startDate"].endswith(("-05:00", "-06:00"))
    assert told["remainingAttendeeCapacity"] == 9


def test_what_is_not_for_everyone_is_not_there(client: Client) -> None:
    for event in (a_draft(), an_event(audience="staff"), an_event(audience="invited")):
        for more in ("", "/ask", "/my-link"):
            assert client.get(f"/events/{event.pk}{more}").status_code == 404
        assert (
            client.post(f"/events/{event.pk}/rsvp", {"contact": "none", "party_size": "1"}).status_code == 404
        )


def test_what_was_typed_is_escaped(client: Client) -> None:
    event = an_event(title="<img src=x>", description="<script>alert(1)</script>", run_by="<b>Us</b>")
    words = shown(client, event)
    for bad in ("<img src=x", "<script>alert", "<b>Us"):
        assert bad not in words


@pytest.mark.parametrize(("days", "over"), [(-1, True), (0, False), (3, False)])
def test_a_day_to_tell_us_by_that_is_over_is_said_as_over_on_the_page_and_the_ticket(
    client: Client, days: int, over: bool
) -> None:
    event = an_event()
    day = local_day(event.timezone, timezone.now()) + dt.timedelta(days=days)
    Event.objects.filter(pk=event.pk).update(access_deadline_on=day)
    ticket = client.get(f"/r/{a_response(event).screen_token}").content.decode()
    for page in (shown(client, event), ticket):
        words = " ".join(page.split())
        assert ("The day to tell us was" in words) is over
        assert ("Tell us by" in words) is not over


def test_who_finds_it_full_is_led_to_the_nearest_of_its_kind_and_told_why(client: Client) -> None:
    agency, now = an_agency(), timezone.now()
    stops, ward = a_dialogue(agency, stage="open"), a_community(agency)
    full = an_event(agency, capacity=1, kind="walk", dialogue=stops)
    full.communities.add(ward)
    an_rsvp(full)
    # From the nearest day to the furthest, and from what has least to do with it to what has most.
    others = [an_event(agency, kind="other", title=f"Evening {number}") for number in range(5)]
    for number, event in enumerate(others):
        begins_at(event, now + dt.timedelta(days=number + 1))
    others[1].communities.add(ward)
    Event.objects.filter(pk=others[2].pk).update(kind="walk")
    Event.objects.filter(pk__in=[others[3].pk, others[4].pk]).update(dialogue=stops)
    # What a page that may be kept does not name.
    Event.objects.filter(pk=others[3].pk).update(discreet=True)
    for nearest, why in (
        (4, "It is part of the same conversation."),
        (2, "It is of the same kind."),
        (1, "It is for the same neighborhood or group."),
        (0, ""),
    ):
        answer = client.get(f"/events/{full.pk}")
        words = re.sub(r"\s+", " ", html_of(answer))
        assert f"Come to Evening {nearest}, " in words
        assert why in words
        assert answer["Cache-Control"] == "public, max-age=60"
        cancel(others[nearest], reason="Storm.", actor=None, now=now)


def test_when_and_where_stand_before_a_long_description(client: Client) -> None:
    first, rest = "Half of the evening is yours.", "The officers who made the stops will be there. " * 20
    words = read(client, an_event(description=f"{first}\n\n{rest}"))
    assert words.index(first) < words.index('<dl class="facts"') < words.index(rest.strip())
    for whole in (rest, "One\nline\nafter\nthe\nother"):
        words = read(client, an_event(description=whole))
        assert words.index('<dl class="facts"') < words.index(whole.split("\n")[0].strip())


def test_who_speaks_another_language_reads_how_to_get_an_interpreter(client: Client) -> None:
    day = local_day("America/Chicago", timezone.now()) + dt.timedelta(days=3)
    offers: dict[str, Any] = {"access_offered": ["interpreter", "captions"]}
    words = read(client, an_event(**offers, access_deadline_on=day))
    assert re.search(r"Interpreter: save a place and ask for your language by \w+, \w+ \d+, \d{4}\.", words)
    assert "Language interpreter" not in words[: words.index("</dl>")]
    assert "Interpreter: save a place and ask for your language." in shown(client, an_event(**offers))
    walk_in = shown(client, an_event(**offers, rsvp_mode="none", access_deadline_on=day))
    assert re.search(r'/ask/">Interpreter: ask us for your language by \w+', walk_in)
    spanish = shown(client, an_event(**offers), "/es")
    assert "Intérprete: reserve un lugar y pida su idioma." in spanish


def test_one_called_off_strikes_its_time_through_and_says_so_to_who_listens(client: Client) -> None:
    event = an_event(format="hybrid", online_url="https://meet.example/1", rsvp_mode="none")
    rsvp = a_response(other := an_event(event.agency))
    for each in (event, other):
        cancel(each, reason="Storm.", actor=None, now=timezone.now())
    assert "meet.example" not in read(client, event)
    for path in (
        f"/events/{event.pk}",
        f"/agencies/{event.agency.slug}/meetings/",
        f"/r/{rsvp.screen_token}",
    ):
        words = re.sub(r"\s+", " ", html_of(client.get(path)))
        assert re.search(r"Called off: ?</span> ?<s>", words), path
