"""Tries of a person's secret, counted in one place: password, code of a second factor, recovery code, here and on the API.

Whoever checks a secret takes a try first (``take``) and gives it back where the secret was right, so that at any pace
and over any number of connections no more wrong tries are answered than the limits in settings.RATES allow. What is
counted is a failure *by an account and from a network*: a stranger elsewhere uses up nothing of its owner's.

- A device on which this person has signed in before has tries of its own, whatever strangers do.
- Over all networks together one account has a slow limit (``secret:account``), so that a guesser with many networks
  stays slow. Then a known device, a passkey or a new password by mail lets its owner in.
- Codes are counted by account alone: only someone with the password gets as far. 30 wrong ones a day of 1,000,000,
  three of them valid at a time, are one chance in 11,000. Whoever reads its owner's mail can begin a new count by a
  new password, and be known on a new device by it: so beside that a person has one count of wrong codes for the day
  (``secret:code-person``), which nothing begins anew.
- A passkey's signature cannot be guessed and is never refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.conf import settings

from engage.counting.rates import Verdict, allow, give_back
from engage.people.models import Person


class Secret(StrEnum):
    PASSWORD = "password"  # noqa: S105 - a kind of secret
    CODE = "code"  # of an authenticator app, or for recovery
    SET_UP = "set_up"  # the first code of an app that is being set up, which proves nothing yet


@dataclass(frozen=True, slots=True)
class Caller:
    """Where a try comes from. network: engage.counting.rates.client_network. device: one that this account knows, or ""."""

    network: str
    device: str = ""


class TriedTooOften(Exception):
    """Nothing was checked. seconds: the true wait until the next try is answered."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.free_in)
        self.verdict = verdict
        self.seconds = max(verdict.free_in, 1)


class Try:
    """One try that was taken. It stays counted unless it is given back."""

    def __init__(self) -> None:
        self._verdicts: list[Verdict] = []

    def count(self, bucket: str, whom: str) -> None:
        """Raises TriedTooOften; then none of this try's other counters stays raised either."""
        limit, seconds = settings.RATES[bucket]
        verdict = allow(bucket, whom, limit=limit, window_seconds=seconds, without_cache="count here")
        if not verdict.allowed:
            self.was_right()
            raise TriedTooOften(verdict)
        self._verdicts.append(verdict)

    def was_right(self) -> None:
        while self._verdicts:
            give_back(self._verdicts.pop())


def account_of(person: Person | None, address: str = "") -> str:
    """Whose tries these are: the person, until all that is theirs ends (a new password begins a new count).

    However an address is written, its owner is one account. Where nobody has it, the address stands for itself.
    """
    return address.strip().lower() if person is None else f"{person.pk} {person.access_mark()}"


_BY_NETWORK: Final = {
    Secret.PASSWORD: ("secret:account-network",),
    Secret.SET_UP: ("secret:account-network",),
}
_BY_ACCOUNT: Final = {Secret.PASSWORD: ("secret:account",), Secret.CODE: ("secret:code", "secret:code-day")}


def take(secret: Secret, *, account: str, caller: Caller) -> Try:
    """Count a try of ``account``'s ``secret``, before it is checked. Raises TriedTooOften.

    account: by ``account_of``.
    """
    taken = Try()
    if secret is Secret.CODE:
        taken.count("secret:code-person", _person_in(account))
    if caller.device:
        for bucket in ("secret:device", "secret:device-day"):
            taken.count(bucket, f"{secret} {account} {caller.device}")
        return taken
    taken.count("secret:network", caller.network)
    for bucket in _BY_NETWORK.get(secret, ()):
        taken.count(bucket, f"{secret} {account} {caller.network}")
    for bucket in _BY_ACCOUNT.get(secret, ()):
        taken.count(bucket, f"{secret} {account}")
    return taken


def _person_in(account: str) -> str:
    """Whose tries these are whatever of theirs has ended since: what ``account_of`` says, without the state."""
    return account.partition(" ")[0]
