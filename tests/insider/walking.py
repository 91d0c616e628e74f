"""Everything that somebody of the staff can read, found in the table of addresses, and what it says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import unified_diff
from typing import Any, Final

from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from api.endpoint import Endpoint
from engage.agencies.models import Agency
from engage.commitments.tracking import update
from engage.people.models import Person
from engage.roles.models import Role
from engage.roles.permissions import SCOPES_OF_ROLE
from engage.roles.tokens import issue
from events.door.links import open_link
from events.event.models import Event
from events.planning.agenda import add_item
from events.rsvps.needs.asking import Need
from events.rsvps.needs.models import AccessRequest
from outreach.reminders.setting import add_rule
from outreach.summaries import writing
from tests.makers.agencies import a_community, a_dialogue, a_person, an_agency
from tests.makers.commitments import a_commitment
from tests.makers.contributions import a_contribution
from tests.makers.events import a_draft, a_venue, an_event
from tests.makers.rsvps import an_rsvp
from tests.web.listening.staff import over as over_now
from tests.web.page_table import PAGES

KINDS: Final = ("liaison", "leader", "admin")
SCOPES_OF_EVERYBODY: Final = frozenset().union(*(SCOPES_OF_ROLE[kind] for kind in KINDS))
# Views that a list can be asked for.
_ASKED: Final = {
    "event-contributions": ("", "?moderation=waiting"),
    "agency-contributions": ("", "?moderation=waiting"),
    "event-rsvps": ("", "?status=confirmed"),
}
# Empty forms, and a person's own keys: nothing of a resident's stands there.
_FORMS: Final = (
    "mfa_", "account", "add_", "new_", "plan_event", "change_", "accept_", "close_", "delete_", "end_",
    "door_links", "publish_", "start_", "open_dialogue", "report_", "remove_", "sign_", "take_", "reveal_", "withdraw_",
    "office_section", "import_", "wall",
)  # fmt: skip
# New in every answer: the token of a form, and the id or key that a new thing would get.
_KEY: Final = (
    re.compile(
        r'((?:name="(?:csrfmiddlewaretoken|key|[a-z]*_?id)" value=|"X-CSRFToken": *)"|&quot;X-CSRFToken&quot;: &quot;)[\w-]+'
    ),
    r"\1<key>",
)
# What is another in each town, whoever lives there: ids, codes, keys, moments, and the digest of what an act asks, since it
# names the event; what it is a digest of stands on the page in words.
_OWN: Final = (
    (re.compile(r'((?:name="confirm"\s+value=|"confirm": ?)")[0-9a-f]{32}'), r"\1<digest>"),
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "<id>"),
    (re.compile(r"agency-[0-9a-f]{8}"), "<slug>"),
    (re.compile(r"(?<=/m/)[a-z]{6}\b"), "<short>"),
    (re.compile(r"\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:\d\d)?)?"), "<moment>"),
    _KEY,
    (re.compile(r"[0-9a-f]{12}@staff\.example"), "<person>"),
    (re.compile(r"Ward [0-9a-f]{6}"), "<ward>"),
    (re.compile(r'("checkin_code":\s?)"\w+"'), r'\1"<code>"'),
    (re.compile(r'(/rsvps/<id>/"\s*>)\w{4}'), r"\1<code>"),
    (re.compile(r"\b[0-9A-HJKMNP-TV-Z]{5} [0-9A-HJKMNP-TV-Z]{5}\b"), "<code>"),
    (re.compile(r"'\"[0-9a-f]{32}\"'"), "<tag>"),
    (re.compile(r"(?<=\")[0-9a-f]{32}(?=\.\d)"), "<id>"),
    (re.compile(r"cursor=[\w%:.-]+"), "<cursor>"),
    (re.compile(r"\b\d{1,2}:\d\d( [AaPp]\.?[Mm]\.?)?"), "<hour>"),
)


@dataclass(slots=True)
class Town:
    """An agency with one of everything, and somebody who holds every role there at once."""

    agency: Agency
    insider: Person
    event: Event
    over: Event
    token: str
    names: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def with_rsvp_of(cls, address: str) -> Town:
        """Somebody with this address holds a place at both meetings, and at one has a need."""
        agency = an_agency()
        insider = a_person(agency, "liaison")
        for kind in KINDS[1:]:
            Role.objects.create(person=insider, agency=agency, kind=kind)
        event, over = an_event(agency), an_event(agency)
        rsvp = an_rsvp(event, email=address, needs=[Need("wheelchair")])
        an_rsvp(over, email=address)
        summed_up = _over_and_summed_up(over, a_person(agency, "leader"))
        _token, secret = issue(
            person=insider,
            agency=agency,
            label="walk",
            scopes=sorted(SCOPES_OF_EVERYBODY),
            now=timezone.now(),
        )
        town = cls(agency, insider, event, summed_up, secret)
        town.names = town._names(rsvp)
        return town

    def _names(self, rsvp: Any) -> dict[str, Any]:
        now, commitment = timezone.now(), a_commitment(self.agency)
        update(commitment, actor=self.insider, now=now, note="Begun.")
        contribution = a_contribution(self.agency, event=self.event)
        return {
            "slug": self.agency.slug,
            "event_id": self.event.pk,
            "dialogue_id": a_dialogue(self.agency, stage="open").pk,
            "commitment_id": commitment.pk,
            "commitment": commitment,
            "community_id": a_community(self.agency, name="Harbor").pk,
            "venue_id": a_venue(self.agency).pk,
            "rsvp_id": rsvp.pk,
            "request_id": AccessRequest.objects.get(rsvp=rsvp).pk,
            "contribution_id": contribution.pk,
            "rule_id": add_rule(agency=self.agency, actor=None, now=now, minutes_before=60).pk,
            "item_id": add_item(self.event, actor=None, now=now, title="Welcome").pk,
            "link_id": open_link(self.event, device="Tablet", actor=self.insider, now=now)[0].pk,
            "role_id": Role.objects.filter(agency=self.agency, person=self.insider)[0].pk,
            "section": "about",
            "draft": a_draft(self.agency).pk,
        }

    def everything(self, *, to_the_byte: bool = False) -> dict[str, str]:
        """By address: status, headers and body of all that the insider can get.

        to_the_byte: as it is, but for the keys that are new in each answer; else what is the town's own is masked.
        """
        browser = Client(raise_request_exception=False)
        browser.force_login(self.insider)
        program = Client(raise_request_exception=False, headers={"Authorization": f"Bearer {self.token}"})
        seen = {}
        for name, path in self._addresses():
            answer = (program if name.startswith("api:") else browser).get(path)
            seen[f"{name} {masked(path)}"] = _said(answer, to_the_byte)
        return seen

    def _addresses(self) -> Iterator[tuple[str, str]]:
        for name, wanted in readable_routes():
            if not wanted <= set(self.names):
                continue
            named = {part: self.names[part] for part in wanted}
            for more in _ASKED.get(name.removeprefix("api:"), ("",)):
                yield name, reverse(name, kwargs=named) + more
            if wanted == {"slug", "event_id"} or name in {"api:summary", "api:event-contributions"}:
                yield f"{name} (over)", reverse(name, kwargs=named | {"event_id": self.over.pk})


def readable_routes() -> Iterator[tuple[str, set[str]]]:
    """Each API operation that reads, and each page behind the sign-in, with the parts of its path."""
    for name, pattern, parts in _routes(get_resolver(), "", frozenset()):
        endpoint = getattr(pattern.callback, "view_class", None)
        if name in {"api:schema", "api:docs"}:
            continue
        if name.startswith("api:"):
            if endpoint is None or not issubclass(endpoint, Endpoint) or hasattr(endpoint, "get"):
                yield name, set(parts)
        elif PAGES.get(name) == "login" and not name.startswith(_FORMS):
            yield name, set(parts)


def _routes(resolver: URLResolver, space: str, taken: frozenset[str]) -> Iterator[Any]:
    for pattern in resolver.url_patterns:
        parts = taken | set(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, f"{pattern.namespace}:" if pattern.namespace else space, parts)
        elif "language" not in parts:
            yield f"{space}{pattern.name}", pattern, parts


def masked(text: str) -> str:
    for pattern, instead in _OWN:
        text = pattern.sub(instead, text)
    return text


def _said(answer: Any, to_the_byte: bool) -> str:
    # A session's own, and a number for the log. The size of what is shown is told by the body: masks have one length.
    heads = sorted(
        (name, value)
        for name, value in answer.items()
        if name not in {"Set-Cookie", "X-Request-Id", "Content-Length"}
    )
    body = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
    if to_the_byte:
        return f"{answer.status_code} {heads}\n{_KEY[0].sub(_KEY[1], body)}"
    return f"{answer.status_code} {masked(str(heads))}\n{_in_one_order(masked(body))}"


def _in_one_order(text: str) -> str:
    """What a list says, whatever order its random ids bring it into; each on a line of its own."""
    if not text.startswith('{"results":'):
        return "\n".join(sorted(text.splitlines()))
    found = json.loads(text)
    return "\n".join([*sorted(json.dumps(one) for one in found.pop("results")), json.dumps(found)])


def _over_and_summed_up(event: Event, leader: Person) -> Event:
    ended = over_now(event)
    version = writing.draft(ended, actor=leader, now=timezone.now()).version
    writing.approve(version, actor=leader, now=timezone.now())
    return ended


def differing(one: dict[str, str], other: dict[str, str]) -> dict[str, list[str]]:
    """What is not the same, by address, with the lines that differ."""
    assert one.keys() == other.keys()
    return {
        name: list(unified_diff(one[name].splitlines(), other[name].splitlines(), lineterm="", n=0))[2:]
        for name in one
        if one[name] != other[name]
    }
