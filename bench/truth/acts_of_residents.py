"""What residents do, without an account: by forms, by programs, and by the links in their letters."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from bench.truth.acts_of_planning import some_event
from bench.truth.town import SLUG, Resident, Town

_QUESTION: Final = "Who looks at the numbers of stops?"


def respond(town: Town) -> UUID | None:
    """A party of one to six, by the page or by a program; some come back to a meeting under the same address."""
    event = some_event(
        town,
        "status IN ('published', 'live') AND rsvp_mode = 'open' AND ends_at > clock.now() AND NOT imported",
    )
    if event is None:
        return None
    chance = town.random
    again = chance.random() < 0.25 and bool(town.residents)
    who = chance.choice(town.residents) if again else town.newcomer()
    party = chance.choice([1, 1, 1, 2, 2, 3, 4, 6])
    link = (
        _by_the_page(town, event, who, party)
        if chance.random() < 0.6
        else _by_a_program(town, event, who, party)
    )
    if link:
        who.links.setdefault(event, []).append(link)
        town.screens.setdefault(event, []).append((who, link))
    return event


def _by_the_page(town: Town, event: UUID, who: Resident, party: int) -> str:
    fields: dict[str, Any] = {
        "key": f"{town.random.getrandbits(128):032x}",
        "party_size": party,
        "contact": "email" if who.address else "none",
        "email": who.address,
        "remind": "on",
        "language": who.language,
    } | {f"need_{one['kind']}": "on" for one in _needs(town)}
    if town.random.random() < 0.15:
        fields["question"] = _QUESTION
    prefix = "/es" if who.language == "es" else ""
    answer = town.press(f"{prefix}/events/{event}/rsvp", fields, resident=who)
    return str(answer.headers.get("Location", "")).partition("?")[0]


def _by_a_program(town: Town, event: UUID, who: Resident, party: int) -> str:
    body: dict[str, Any] = {"party_size": party, "language": who.language}
    body |= {"email": who.address} if who.address else {}
    body |= {"access_requests": _needs(town), "waitlist": town.random.random() < 0.7}
    if town.random.random() < 0.15:
        body["question"] = _QUESTION
    answer = town.api("POST", f"/events/{event}/rsvps/", body, who="")
    if answer.code == "event_full":
        # Asked for a place or nothing, and told what there is instead: now and then that is taken.
        town.no_room[event] = answer.body
        if answer.body["choices"] and town.random.random() < 0.5:
            body |= town.random.choice(answer.body["choices"])
            answer = town.api("POST", f"/events/{event}/rsvps/", body, who="")
            if answer.ok:
                del town.no_room[event]
    return f"/r/{answer.body['manage_token']}" if answer.ok else ""


def _needs(town: Town) -> list[dict[str, Any]]:
    some: list[dict[str, Any]] = [{"kind": kind} for kind in ("wheelchair", "sign_language", "childcare")]
    return town.random.sample(some, town.random.choice([0, 0, 0, 0, 1, 2]))


def _somebody_with_a_link(town: Town, where: str) -> tuple[UUID, Resident, str] | None:
    event = some_event(
        town, f"{where} AND EXISTS (SELECT FROM events_rsvp r WHERE r.event_id = events_event.id)"
    )
    if event is None:
        return None
    some = [(who, link) for who in town.residents for link in who.links.get(event, [])]
    if not some:
        return None
    who, link = town.random.choice(some)
    return event, who, link


def give_back(town: Town) -> UUID | None:
    found = _somebody_with_a_link(town, "status IN ('published', 'live') AND ends_at > clock.now()")
    if found:
        town.press(f"{found[2]}/cancel", resident=found[1])
    return found[0] if found else None


def change_the_party(town: Town) -> UUID | None:
    found = _somebody_with_a_link(town, "status = 'published' AND starts_at > clock.now()")
    if found:
        event, who, link = found
        fields = {"party_size": town.random.randrange(1, 7), "language": who.language}
        town.press(link, fields | {"remind": "email" if who.address else "none"}, resident=who)
        return event
    return None


def answer_an_offer(town: Town) -> UUID | None:
    """Taken or declined, by the link of the mail; who does neither lets it lapse."""
    found = _somebody_with_a_link(town, "seats_held > 0 AND status IN ('published', 'live')")
    if found:
        act = town.random.choice(["accept", "accept", "decline"])
        town.press(f"{found[2]}/{act}", resident=found[1])
        return found[0]
    return None


def ask_for_the_link_again(town: Town) -> UUID | None:
    found = _somebody_with_a_link(town, "status = 'published' AND starts_at > clock.now()")
    if found and found[1].address:
        town.press(f"/events/{found[0]}/my-link", {"email": found[1].address}, resident=found[1])
    return found[0] if found else None


def follow(town: Town) -> UUID | None:
    """Asks to hear of the agency's meetings; the letter's question is answered later, or never."""
    who = town.newcomer()
    if who.address:
        town.api(
            "POST",
            "/subscriptions/",
            {"agency": SLUG, "email": who.address, "language": who.language},
            who="",
        )
    return None


def confirm_a_subscription(town: Town) -> UUID | None:
    if town.asked_to_follow:
        address = town.random.choice(sorted(town.asked_to_follow))
        answer = town.press(town.asked_to_follow.pop(address))
        # The first question that somebody gets is about the agency; a later one may be about a single promise.
        if answer.status_code < 400 and address not in town.stopped:
            town.followers.setdefault(address, "")
    return None


def unsubscribe(town: Town) -> UUID | None:
    """By one click under a letter: from then on nothing more comes."""
    some = sorted(address for address, link in town.followers.items() if link)
    if some:
        address = town.random.choice(some)
        town.press(town.followers.pop(address), {"List-Unsubscribe": "One-Click"})
        town.stopped.add(address)
    return None
