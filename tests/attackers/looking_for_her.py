"""One evening twice: once the place is hers, once somebody else's. Whoever types her address must not see which.

``evening`` sets the scene, ``what_is_seen`` types her address into every form and call that takes one and then asks for
everything that can be asked for. The two records are compared letter by letter, after what is random by nature
(ids, links, codes, keys of forms) has been replaced by its turn in the record, at its length.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from api.endpoint import Endpoint
from outreach.announcing.sweep import announce
from outreach.worker.rounds import go_round
from tests.api.test_roles_and_endpoints import methods_of, routes
from tests.attackers.reading_forms import forms_of
from tests.makers.letters import html_of, text_of
from tests.makers.mail_server import Post, addressee_of

HER, ANOTHER, HIS = "marisol@mail.example", "someone@mail.example", "ex-partner@mail.example"
Record = dict[str, str]
# What neither of the two can open: the scraper's numbers, which count requests.
NOT_HIS = {"metrics"}
# Lists in the order of ids that are random, or of moments that may be one: the same pieces, in any order.
SHUFFLED = {
    "api:activity", "api:event-contributions", "api:agency-contributions", "api:dialogue-contributions", "contributions",
    "event_contributions", "event_rsvps", "api:event-rsvps", "event", "ask_event", "ask_us", "agency_home", "dialogue",
}  # fmt: skip


@contextmanager
def undone() -> Iterator[None]:
    """A savepoint that lets durable transactions pass, as a test's own does."""
    block: Any = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


@dataclass
class Town:
    """What stands before the evening, the same for both: values for the parts of every path, and who is signed in."""

    event: Any
    other: Any
    parts: dict[str, list[str]]
    browser: Client
    key: str
    post: Post

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """As the attacker: by browser, or by API with his key where he has one."""
        headers: dict[str, Any] = {}
        if path.startswith("/api/") and self.key:
            headers["HTTP_AUTHORIZATION"] = f"Bearer {self.key}"
        if method == "GET":
            return self.browser.get(path, **headers)
        return self.browser.post(path, body, content_type="application/json", **headers)


def twice(
    town: Town, evening: Callable[[Town, str], None], attack: Callable[[Town], Record]
) -> tuple[Record, Record]:
    """The record with her at the meeting, and the one with another in her place."""
    records, parts = [], town.parts
    for whose in (HER, ANOTHER):
        town.parts = {name: list(values) for name, values in parts.items()}
        cache.clear()
        town.post.letters.clear()
        with undone():
            evening(town, whose)
            send_what_is_due()
            records.append(attack(town))
    return records[0], records[1]


def differences(known: Record, unknown: Record) -> list[str]:
    """Where the two differ: the first place of each, with what stands around it."""
    found = []
    for label in [*known, *(set(unknown) - set(known))]:
        one, other = known.get(label, "(not there)"), unknown.get(label, "(not there)")
        if one != other:
            at = next((n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), -1)
            found.append(
                f"{label}: …{one[max(0, at - 80) : at + 80]}… / …{other[max(0, at - 80) : at + 80]}…"
            )
    return found


def what_is_seen(town: Town, *, only: frozenset[str] = frozenset()) -> Record:
    """What comes of typing her address everywhere, and then everything that can be looked at, and his letters.

    only: names of the routes that are typed at and looked at, where one is enough.
    """
    record: Record = {}
    there = [one for one in routes() if "language" not in one[2] and (not only or one[0] in only)]
    _type_her_address(town, there, record)
    send_what_is_due()
    record |= what_is_looked_at(town, only=only)
    for number, letter in enumerate(
        one for one in town.post.letters if addressee_of(one) in {HIS, str(town.parts["staff"][0])}
    ):
        headers = "\n".join(f"{name}: {value}" for name, value in letter.items() if name != "Content-Type")
        record[f"letter {number}"] = _plain(f"{headers}\n{text_of(letter)}\n{html_of(letter)}")
    return record


def send_what_is_due() -> None:
    for _ in range(2):
        announce(now=timezone.now())
        go_round()


# --- typing ------------------------------------------------------------------------------------------------------


def calls_with_an_address() -> dict[str, dict[str, Any]]:
    """By "name of the route": a body that fits, for every call of the API that takes an address."""
    anonymous_not = {"kind": "question", "body": "Why?", "anonymous": False}
    return {
        "api:event-rsvps": {},
        "api:event-rsvps-resend": {},
        "api:event-contributions": anonymous_not,
        "api:dialogue-contributions": anonymous_not,
        "api:agency-contributions": anonymous_not,
        "api:subscriptions": {},
        "api:tokens": {"password": "a wrong one, and long", "agency": "harbor-falls"},
        "api:roles": {"kind": "leader"},
    }


def routes_that_take_an_address() -> set[str]:
    """By the shapes themselves, so that a new one cannot be forgotten."""
    found = set()
    for name, pattern, _names in routes():
        endpoint = getattr(pattern.callback, "view_class", None)
        if endpoint is None or not issubclass(endpoint, Endpoint) or "POST" not in methods_of(pattern):
            continue
        body = endpoint.operation_of("POST").body
        if body is not None and "email" in body().fields:
            found.add(name)
    return found


def _type_her_address(town: Town, there: list[Any], record: Record) -> None:
    for name, pattern, parts in there:
        if name in routes_that_take_an_address():
            for path in _paths(town, name, parts):
                body = calls_with_an_address()[name] | {"email": HER}
                if name == "api:subscriptions":
                    body |= {"agency": town.parts["slug"][0]}
                answer = town.ask("POST", path, body)
                record[f"POST {_plain(path)}"] = said(answer)
                _keep_links(town, answer)
        elif not name.startswith("api:") and "GET" in methods_of(pattern):
            for path in _paths(town, name, parts):
                _fill_in(town, path, record)


def _fill_in(town: Town, path: str, record: Record) -> None:
    """Each form of a page that asks for an address, and the page that asks "is this right?" after it."""
    page = town.ask("GET", path)
    for _turn in range(2):
        if page.status_code != 200 or "html" not in page.get("Content-Type", ""):
            return
        form = next(
            (
                one
                for one in forms_of(path, page.content.decode())
                if one.method == "post" and (one.addresses or "email" in one.fields)
            ),
            None,
        )
        if form is None or "logout" in form.action:
            return
        page = town.browser.post(form.action, form.with_address(HER), headers={"Origin": "http://testserver"})
        record[f"form {_plain(form.action)} {_turn}"] = said(page)
        if page.status_code in {302, 303}:
            page = town.ask("GET", page["Location"])
            record[f"after {_plain(form.action)} {_turn}"] = said(page)


def _keep_links(town: Town, answer: Any) -> None:
    """What he was given when he typed her address: his to open."""
    if answer.status_code == 201 and "manage_token" in answer.content.decode():
        made = answer.json()
        town.parts["token"] = [
            made["manage_token"],
            made["calendar_url"].rpartition("/")[2].removesuffix(".ics"),
        ]
        town.parts["code"] = [made["checkin_code"]]


# --- looking -----------------------------------------------------------------------------------------------------


def what_is_looked_at(town: Town, *, only: frozenset[str] = frozenset()) -> Record:
    """Everything that can be asked for, or what the routes of these names show."""
    record: Record = {}
    for name, pattern, parts in routes():
        if "language" in parts or (only and name not in only):
            continue
        if "GET" not in methods_of(pattern) or name in NOT_HIS:
            continue
        for path in _paths(town, name, parts):
            record[f"GET {_plain(path)}"] = said(town.ask("GET", path), in_order=name not in SHUFFLED)
    return record


def _paths(town: Town, name: str, parts: frozenset[str]) -> Iterator[str]:
    names = sorted(parts)
    for values in product(*(town.parts.get(part, ["1"]) for part in names)):
        try:
            yield reverse(name, kwargs=dict(zip(names, values, strict=True)))
        except NoReverseMatch:
            continue


def said(answer: Any, *, in_order: bool = True) -> str:
    """Status, headers and body, each letter of it."""
    content = answer.content if not answer.streaming else b"".join(answer.streaming_content)
    # The length is that of the body below, where only the drawing of a code has another one each time.
    headers = "\n".join(
        f"{name}: {value}" for name, value in sorted(answer.items()) if name != "Content-Length"
    )
    cookies = " ".join(sorted(answer.cookies))
    kind = answer.get("Content-Type", "")
    body = content.decode("utf-8", "replace") if not kind.startswith("image/") else f"{kind} of some size"
    text = _plain(body)
    if not in_order:
        text = "\n".join(sorted(re.split(r"[\n,{}]+", text)))
    return f"{answer.status_code}\n{_plain(headers)}\n{cookies}\n{text}"


_RANDOM = [
    # Ids; links; keys of forms and of the CSRF check; check-in codes; digests; signed cursors; paths of a drawn code.
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    r"(?:\b|(?<=%2F))[a-z2-7]{53}\b",
    # Of an event's short address.
    r"(?<=/m/)[a-z]{6}\b",
    r'(?<=csrfmiddlewaretoken" value=")[A-Za-z0-9]+',
    r'(?<=name="key" value=")[A-Za-z0-9_-]+',
    r"\b[0-9a-f]{32,64}\b",
    r"\b[A-Za-z0-9_-]{20,}:[A-Za-z0-9]{5,8}:[A-Za-z0-9_-]{43}\b",
    r"\b[0-9A-HJKMNP-TV-Z]{5}[- ]?[0-9A-HJKMNP-TV-Z]{5}\b",
    r"\b[0-9A-HJKMNP-TV-Z]{4} [0-9A-HJKMNP-TV-Z]{3} [0-9A-HJKMNP-TV-Z]{3}\b",
]
# A moment, the letters of a code's beginning on the guest list, the name of a letter.
_RANDOM += [
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{6})?", r"\b\d{8}T\d{6}Z", r"\d{2}:\d{2}:\d{2}",
    r"(?<=>)[0-9A-HJKMNP-TV-Z]{4}(?=<span)", r"[a-z2-7]{32}(?=@)",
]  # fmt: skip
# The hour in words is longer or shorter as the minute is full or not.
_LENGTHLESS = [r"\d{1,2}(?::\d{2})? [ap]\.m\.|\bnoon\b|\bmidnight\b"]
_LENGTHLESS += [r'(?<= d=")M[^"]{200,}', r"(?<=base64,)[A-Za-z0-9+/=\s]{200,}"]


def _plain(text: str) -> str:
    for pattern in _RANDOM:
        text = re.sub(pattern, lambda found: "·" * len(found[0]), text)
    for pattern in _LENGTHLESS:
        text = re.sub(pattern, "…", text)
    return text
