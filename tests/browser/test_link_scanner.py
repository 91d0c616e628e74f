"""Mail filters open every link of a mail, and some run the page's scripts. Nothing may change: a change needs somebody's click."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Browser, Error, Page
from psycopg import sql

from engage.agencies.models import Agency
from engage.people.models import SignInSession
from engage.roles.granting import invite
from events.door.checking_in import check_in
from events.event.models import Event
from events.planning import lifecycle, scheduling
from events.rsvps import changing
from events.rsvps.models import Rsvp
from outreach.announcing.staff_mail import send_password_reset
from outreach.ledger.models import Delivery
from outreach.reminders.setting import add_rule
from outreach.subscriptions import subscribing
from outreach.summaries import writing
from outreach.worker.rounds import go_round
from tests.browser.opening import DESKTOP, opened
from tests.browser.running_site import Site
from tests.makers.agencies import a_person, an_agency
from tests.makers.events import an_event
from tests.makers.letters import links_in
from tests.makers.mail_server import Post
from tests.makers.rsvps import an_rsvp, states

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)

MINUTE = dt.timedelta(minutes=1)
# allauth notes the key of a password's link there, so that the address bar does not show it.
_MAY_CHANGE = {"engage_signinsession"}


def links_of(letter: EmailMessage) -> set[str]:
    """Every address in the letter's parts and in its headers."""
    texts = [str(value) for value in letter.values()]
    texts += [str(part.get_content()) for part in letter.walk() if part.get_content_maintype() == "text"]
    # Calendars fold their lines (RFC 5545 §3.1).
    found = [re.findall(r"https?://[^\s\"'<>)\\]+", text.replace("\r\n ", "")) for text in texts]
    return {link.replace("&amp;", "&").rstrip(".,") for links in found for link in links}


def digest() -> dict[str, str]:
    """What every table holds, as a hash by table, so that a failing test can name the one that changed."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        names = [name for (name,) in cursor.fetchall() if name not in _MAY_CHANGE]
        found = {}
        for name in names:
            cursor.execute(
                sql.SQL(
                    "SELECT md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '')) FROM {} t"
                ).format(sql.Identifier(name))
            )
            found[name] = cursor.fetchone()[0]
    return found


class Scanner:
    """Opens what arrived since it was last asked, three times each."""

    def __init__(self, post: Post, site: Site, page: Page) -> None:
        self.post, self.site, self.page = post, site, page
        self.seen = 0
        self.opened: set[str] = set()

    def scan(self) -> None:
        go_round()
        letters, self.seen = self.post.letters[self.seen :], len(self.post.letters)
        assert letters, "nothing was sent"
        links = {link for letter in letters for link in links_of(letter)}
        assert all(link.lower().startswith(self.site.url) for link in links), links
        before = digest()
        for link in sorted(links):
            for method in ("HEAD", "GET"):
                self._fetch(link, method)
            self._run(link)
        after = digest()
        assert {name for name in before if before[name] != after[name]} == set(), links
        assert not SignInSession.objects.filter(person__isnull=False).exists(), "a scanner was signed in"
        self.opened |= {
            re.sub(r"[a-z2-7]{53}|[0-9a-f-]{32,}\S*", "…", link.removeprefix(self.site.url)) for link in links
        }

    def _fetch(self, link: str, method: str) -> None:
        with urllib.request.urlopen(urllib.request.Request(link, method=method), timeout=20) as answer:
            assert answer.status < 400, link

    def _run(self, link: str) -> None:
        """In a browser that runs scripts, waits, and clicks nothing. A calendar is downloaded, which ends the visit."""
        with contextlib.suppress(Error) if ".ics" in link else contextlib.nullcontext():
            answer = self.page.goto(link)
            assert answer is not None
            assert answer.status < 400, link
            self.page.wait_for_timeout(250)


@pytest.fixture
def scanner(post: Post, site: Site, browser: Browser) -> Iterator[Scanner]:
    with opened(browser, site.url, size=DESKTOP) as made:
        yield Scanner(post, site, made.page)
        assert made.guard.taken() == []


def an_event_in(agency: Agency, ahead: dt.timedelta, **fields: Any) -> Event:
    begins = timezone.now() + ahead
    return an_event(
        agency, starts_at=begins.isoformat(), ends_at=(begins + 60 * MINUTE).isoformat(), **fields
    )


def test_before_and_after_the_evening(scanner: Scanner) -> None:
    agency = an_agency()
    event = an_event_in(agency, 3 * 24 * 60 * MINUTE, capacity=2)
    rsvp = an_rsvp(event, 2, email="ana@mail.example", name="Ana")
    waiting = an_rsvp(event, 1, email="ben@mail.example")
    scanner.scan()  # a confirmation, and word of the waitlist

    changing.cancel(rsvp.pk, by="resident", now=timezone.now())
    scanner.scan()  # an offer, and a cancellation
    assert states(rsvp, waiting) == ["cancelled", "offered"]

    begins = timezone.now() + 40 * MINUTE
    moved = {"starts_at": begins.isoformat(), "ends_at": (begins + 60 * MINUTE).isoformat()}
    scheduling.edit(event.pk, actor=None, now=timezone.now(), fields=moved)
    scanner.scan()  # the new time

    tonight = an_event_in(agency, 10 * MINUTE)
    known = an_rsvp(tonight, email="cara@mail.example")
    add_rule(agency=agency, event=tonight, actor=None, minutes_before=30, now=timezone.now())
    Rsvp.objects.filter(pk=known.pk).update(confirmed_at=timezone.now() - dt.timedelta(days=9))
    scanner.scan()  # a reminder
    assert Delivery.objects.filter(kind="reminder", state="sent").exists()

    lifecycle.cancel(event.pk, reason="The hall is flooded.", actor=None, now=timezone.now())
    scanner.scan()  # the host's cancellation
    assert any("/r/…" in link for link in scanner.opened)
    assert any("/accept/…" in link for link in scanner.opened)
    assert any("/unsubscribe/…" in link for link in scanner.opened)


def test_what_came_of_it_and_what_followers_hear(scanner: Scanner) -> None:
    agency, now = an_agency(), timezone.now()
    asked = subscribing.subscribe(
        agency=agency, target="agency", target_id=agency.pk, email="reader@mail.example", now=now
    )
    scanner.scan()
    asked.refresh_from_db()
    assert asked.confirmed_at is None
    subscribing.confirm(links_in(scanner.post.letters[-1], "/confirm")[0], now=timezone.now())
    event = an_event_in(agency, 2 * 24 * 60 * MINUTE)
    rsvp = an_rsvp(event, email="ana@mail.example")
    scanner.scan()  # news of a meeting, with the link that stops news

    lifecycle.start(event.pk, now=timezone.now())
    event.refresh_from_db()
    check_in(event, client_id="door", code=rsvp.checkin_code, now=timezone.now())
    lifecycle.end(event.pk, now=timezone.now())
    event.refresh_from_db()
    version = writing.draft(event, actor=None, now=timezone.now()).version
    version = writing.approve(
        version, actor=a_person(agency, "leader"), reply="I answer for it.", now=timezone.now()
    )
    writing.publish(version, actor=None, now=timezone.now())
    scanner.scan()  # the summary
    asked.refresh_from_db()
    assert asked.ended_at is None


def test_what_staff_get(scanner: Scanner) -> None:
    agency = an_agency()
    invite(agency=agency, email="new@staff.example", kind="liaison", actor=None, now=timezone.now())
    send_password_reset(a_person(agency, email="dana@staff.example"), now=timezone.now())
    scanner.scan()
    assert any("/invitation/" in link for link in scanner.opened)
    assert any("/password/reset/key/" in link for link in scanner.opened)


def test_the_digest_notices_one_changed_letter_in_one_row() -> None:
    agency = an_agency()
    before = digest()
    Agency.objects.filter(pk=agency.pk).update(name="Harbor Falls Policf")
    after = digest()
    assert [name for name in before if before[name] != after[name]] == ["engage_agency"]
