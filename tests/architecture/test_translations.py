"""What residents read exists in Spanish, in every room that speaks, and the committed catalogs say what is compiled."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from django.conf import settings
from django.utils import translation

from engage.commitments.models import CommitmentStatus
from events.event.models import EventStatus
from tools.catalogs import LANGUAGES, ROOMS, ROOT, catalog_of, faults, said_in, translated

# Looked at one by one, by why each may do without a context: one translation fits its gender and number in every place.
_SAME: Final = {
    "a room or a thing of ours, whose name leads to it from everywhere": """
        Accessibility Administration Event Events Follow-through Meeting Meetings Outreach Passkeys Promises Questions RSVPs
    """,
    "the heading of a column, a fact or a field, over the same kind of thing": """
        About Address By Code Day Due Email Kind Language Languages Name Need Needs Neighborhood Notes People Question Reminder
        Requests Stage State Theme Title Today What When Where Why (optional) Error: Pages
    """,
    "what a button does": "Back Change Edit Find Publish Remove",
    "a status, named by its model and by its page; Spanish has the same gender for each": """
        Anywhere Approved Arranged Closed Draft Hidden Kept Met Online Overdue Reported Shown Waiting Walk-in Web Welcome
        Withdrawn
    """,
}
SAME_EVERYWHERE: Final = {word for words in _SAME.values() for word in words.split()}


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_is_untranslated_unsure_left_over_or_not_compiled(room: str) -> None:
    assert faults([room]) == []


def test_every_room_that_says_something_is_covered_by_a_catalog() -> None:
    covered = {part for rooms in ROOMS.values() for part in rooms}
    speaking = {
        path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name not in {"tests", "bench"}
    }
    assert {room for room in speaking - covered if len(said_in([room]))} == set()


def test_the_settings_read_every_catalog_there_is() -> None:
    there = {
        path.parents[2] for room in ROOMS for path in (ROOT / room).glob("locale/*/LC_MESSAGES/django.po")
    }
    assert there == {Path(path) for path in settings.LOCALE_PATHS}
    assert there == {ROOT / room / "locale" for room in ROOMS}


def packages(room: str) -> dict[str, list[str]]:
    """A room's subjects, each with where its code and its templates lie."""
    found: dict[str, list[str]] = {}
    for part in ROOMS[room]:
        for home in (part, f"{part}/templates"):
            for path in sorted((ROOT / home).glob("*")):
                if path.is_dir() and path.name not in {"templates", "locale", "__pycache__"}:
                    found.setdefault(f"{part}/{path.name}", []).append(f"{home}/{path.name}")
    return found


def one_word_messages() -> dict[str, set[str]]:
    """Each message of one word that has no context, with the packages that say it."""
    said: dict[str, set[str]] = {}
    for room in ROOMS:
        for name, homes in packages(room).items():
            for message in said_in(homes):
                words = message.id
                if isinstance(words, str) and words and not message.context and len(words.split()) == 1:
                    said.setdefault(words, set()).add(name)
    return said


def test_one_word_said_in_two_packages_has_a_context_or_means_the_same_in_each() -> None:
    # One English word, two meanings, one translation: "Stopped" stood for promises and for messages.
    shared = {word for word, homes in one_word_messages().items() if len(homes) > 1}
    assert shared > {"Name", "Today"}, "nothing is seen"
    assert shared - SAME_EVERYWHERE == set(), (
        "give it a context (pgettext), or say below that it means the same"
    )
    assert SAME_EVERYWHERE - shared == set(), "no longer shared: strike it off"


def test_a_stopped_commitment_and_stopped_messages_are_two_things() -> None:
    with translation.override("es"):
        assert translation.pgettext("promise", "Stopped") == "No se hará"
        assert translation.pgettext("messages", "Stopped") == "Hecho: no habrá más mensajes"
        assert translation.gettext("Stopped") == "Stopped"


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_rooms_that_say_the_same_words_mean_the_same(language: str) -> None:
    # All catalogs are read into one: of two translations one would silently win, and stand where it does not fit.
    seen: dict[tuple[str, str], tuple[str, ...]] = {}
    clashing = {}
    for room in ROOMS:
        for key, forms in translated(catalog_of(room, language)).items():
            if seen.setdefault(key, forms) != forms:
                clashing[key] = [seen[key], forms]
    assert clashing == {}


def test_a_word_with_two_meanings_has_two_translations() -> None:
    with translation.override("es"):
        assert str(CommitmentStatus.OPEN.label) == "Sin empezar"
        assert str(CommitmentStatus.WILL_NOT_DO.label) == "No se hará"
        assert str(EventStatus.CANCELLED.label) == "Cancelada"
        assert translation.gettext("Cancelled") == "Cancelado"
