"""What a frightened resident does in Engage, and every way we know in which it goes wrong."""

from __future__ import annotations

import concurrent.futures
import datetime as dt
import secrets
import threading
from collections.abc import Collection
from typing import Any
from uuid import uuid4

import httpx
import psycopg

from servers.postgres import DATABASE, OWNER, Postgres
from tests.journeys.running_demo import Demo, wait_for
from tests.journeys.searching_in_clear import Search

# Letters only, so that each reads the same in a URL, in JSON and in CSV; new at each run, so that a find is no chance.
RUN = "".join(secrets.choice("bcdfghjklmnpqrstvwxz") for _ in range(10))
ADDRESS = f"Frightened.{RUN}@Mail.example"
NAME = f"Wilhelmina Vane{RUN}"
PHONE = "+1 (202) 555-0123"
DETAIL = f"My left knee detail{RUN} needs a chair with arms"
QUESTION = f"Why did the officer signed{RUN} follow me home?"
UNSAID = f"Who takes complaints unsaid{RUN} about the chief?"
SHELTERED = f"Who reads the notes sheltered{RUN} of the night shift?"
KEY = str(uuid4())


def owner_url(demo: Demo) -> str:
    return demo.settings.get("DATABASE_OWNER_URL") or servers(demo).url(OWNER)


def servers(demo: Demo) -> Postgres:
    return Postgres(demo.folder, demo.folder / "log" / "postgres.log")


def an_event(demo: Demo) -> dict[str, Any]:
    starts = dt.datetime.now(dt.UTC) + dt.timedelta(hours=30)
    body = {
        "title": "Town hall: the night shift",
        "kind": "town_hall",
        "starts_at": starts.isoformat(timespec="seconds"),
        "ends_at": (starts + dt.timedelta(hours=1)).isoformat(timespec="seconds"),
        "timezone": "America/Chicago",
    }
    with demo.api("liaison") as liaison:
        event: dict[str, Any] = ok(liaison.post("/events/", json=body))
        ok(liaison.post(f"/events/{event['id']}/publish/", json={}))
    return event


def ok(answer: httpx.Response) -> Any:
    assert answer.is_success, f"{answer.status_code} {answer.text}"
    return answer.json() if answer.content else None


def wish(**more: Any) -> dict[str, Any]:
    return {
        "name": NAME,
        "email": ADDRESS,
        "phone": PHONE,
        "party_size": 2,
        "access_requests": [{"kind": "other", "detail": DETAIL}],
        "question": QUESTION,
        "anonymous_question": False,
    } | more


def enough(demo: Demo) -> list[dict[str, Any]]:
    letters = demo.letters(ADDRESS.lower())
    return letters if len(letters) >= 2 else []


def asks_wrongly(public: httpx.Client, path: str) -> None:
    """Every way to be refused with all of it in the request: body, key, address of the page."""
    key = {"Idempotency-Key": KEY}
    wrong = [
        public.post(path, json=wish(party_size=0)),
        public.post(path, json=wish(email=f"{ADDRESS} and more")),
        public.post(path, json=wish(phone=f"{PHONE} {NAME}")),
        public.post(path, json=wish(name=f"{NAME}\0")),
        public.post(path, json=wish() | {ADDRESS: NAME}),
        public.post(path, json=wish(party_size=9), headers=key),
        public.post(path, content=f'{{"email": "{ADDRESS}", "name": "{NAME}", "phone": "{PHONE}'),
        public.post(path, content=f'{{"name": "{NAME}"}}', headers={"Content-Type": "text/plain"}),
        public.get("/events/", params={"q": NAME, "email": ADDRESS, "phone": "2025550123"}),
        public.get(f"/rsvps/{ADDRESS}/"),
        public.get(f"/rsvps/{NAME}/data/"),
        public.post("/subscriptions/", json={"agency": NAME, "email": ADDRESS}),
        public.get("/me/", headers={"Authorization": f"Bearer {ADDRESS}"}),
    ]
    assert {answer.status_code // 100 for answer in wrong} == {4}, [one.status_code for one in wrong]
    again = public.post(path, json=wish(), headers=key)
    assert again.status_code == 201


def asks_many_times_at_once(demo: Demo, path: str) -> None:
    """Doubles that meet in the database's unique indexes: the same key, and the same address under other keys."""
    keys = [str(uuid4())] * 4 + [str(uuid4()) for _ in range(4)]

    def ask(key: str) -> int:
        with demo.api() as public:
            return public.post(path, json=wish(), headers={"Idempotency-Key": key}).status_code

    with concurrent.futures.ThreadPoolExecutor(len(keys)) as at_once:
        assert set(at_once.map(ask, keys)) <= {201, 409}


def walks_every_link(demo: Demo, tokens: Collection[str]) -> None:
    """Every page that a token could open, opened; those it does not fit answer 404, and write a line too."""
    with httpx.Client(base_url=demo.credentials["base_url"], timeout=30) as browser:
        pages = ("r/{}", "r/{}/data", "r/{}/erase", "r/{}/not-me", "accept/{}", "confirm/{}", "unsubscribe/{}",
                 "calendars/rsvp/{}.ics", "api/v1/rsvps/{}/", "api/v1/rsvps/{}/data/", "api/v1/subscriptions/{}/",
                 "nowhere/{}")  # fmt: skip
        seen = [browser.get(f"/{page.format(token)}").status_code for token in tokens for page in pages]
        # Twenty links that do not fit, and the guesser has to wait.
        assert set(seen) <= {200, 404, 429}, seen
        assert seen.count(200) >= 5
        for token in tokens:
            sent = {
                "party_size": "two",
                "language": "en",
                "remind": "email",
                "need_other": "on",
                "detail_other": DETAIL,
            }
            answer = browser.post(f"/r/{token}", data=sent, headers={"Origin": demo.credentials["base_url"]})
            assert answer.status_code in {400, 404, 429}
            answer = browser.post(f"/confirm/{token}", headers={"Origin": demo.credentials["base_url"]})
            assert answer.status_code < 500


def staff_look(demo: Demo, event: dict[str, Any], rsvp: dict[str, Any]) -> None:
    """It is there for whoever may see it: sealed is not lost."""
    path = f"/events/{event['id']}"
    with demo.api("liaison") as liaison:
        shown = ok(liaison.post(f"{path}/rsvps/{rsvp['id']}/reveal/", json={"purpose": "call_back"}))
        assert shown["name"] == NAME
        assert (shown["email"], shown["phone"]) == (ADDRESS.lower(), "+12025550123")
        assert DETAIL not in liaison.get(f"{path}/access-requests/").text, "nobody has taken it on"
        me = ok(liaison.get("/me/"))["person"]["id"]
        for need in ok(liaison.get(f"{path}/access-requests/"))["results"]:
            ok(liaison.patch(f"{path}/access-requests/{need['id']}/", json={"owner": me}))
        assert DETAIL in liaison.get(f"{path}/access-requests/").text
        liaison.get(f"{path}/rsvps/", params={"status": ADDRESS})


def the_database_refuses(demo: Demo, path: str) -> None:
    """A constraint refuses the row, so that the server's complaint quotes it; and connections are cut in mid-request."""
    with psycopg.connect(owner_url(demo), autocommit=True) as owner, demo.api() as public:
        for table, sent in (
            ("events_rsvp", wish()),
            ("engage_contribution", wish()),
            ("events_accessrequest", wish()),
            ("contribution_intake", wish(question=UNSAID, anonymous_question=True)),
        ):
            owner.execute(f"ALTER TABLE {table} ADD CONSTRAINT refuses_all CHECK (1 > 2) NOT VALID")
            try:
                answer = public.post(path, json=sent, headers={"Idempotency-Key": str(uuid4())})
            finally:
                owner.execute(f"ALTER TABLE {table} DROP CONSTRAINT refuses_all")
            assert answer.status_code >= 400, table
            assert RUN not in answer.text
        if "DATABASE_URL" not in demo.settings:
            cut_while_it_writes(demo, owner, path)


def cut_while_it_writes(demo: Demo, owner: psycopg.Connection[Any], path: str) -> None:
    """The server ends the connection of a request that waits for a lock."""
    codes: list[int] = []

    def ask() -> None:
        with demo.api() as public:
            codes.append(
                public.post(path, json=wish(), headers={"Idempotency-Key": str(uuid4())}).status_code
            )

    asking = threading.Thread(target=ask)
    with (
        owner.transaction(),
        psycopg.connect(servers(demo).url("postgres", DATABASE), autocommit=True) as super_,
    ):
        owner.execute("LOCK TABLE events_rsvp IN ACCESS EXCLUSIVE MODE")
        asking.start()
        waiting = "SELECT pid FROM pg_locks WHERE NOT granted"
        wait_for(lambda: super_.execute(waiting).fetchall() or codes, seconds=20, what="a request that waits")
        said = super_.execute("SELECT string_agg(query, ' ') FROM pg_stat_activity").fetchone()
        assert said is not None
        assert (
            Search({"what was typed": RUN, "the number": "2025550123"}).inside(str(said[0]).encode()) == set()
        )
        super_.execute(f"SELECT pg_terminate_backend(pid) FROM ({waiting}) AS w")
        asking.join(timeout=40)
    assert codes
    assert codes[0] in {201, 409, 503}, codes
