"""What residents read exists in Spanish, in every room that speaks, and the committed catalogs say what is compiled."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from config.message_catalogs import LANGUAGES, ROOMS, ROOT, faults, read_po, said_in
from engage.models import CommitmentStatus
from events.models import EventStatus


@pytest.mark.parametrize("room", ROOMS)
def test_nothing_is_untranslated_unsure_left_over_or_not_compiled(room: str) -> None:
    assert faults([room]) == []


def test_every_room_that_says_something_is_covered_by_a_catalog() -> None:
    covered = {part for rooms in ROOMS.values() for part in rooms}
    speaking = {
        path.parent.name for path in ROOT.glob("*/__init__.py") if path.parent.name not in {"tests", "bench"}
    }
    assert {room for room in speaking - covered if said_in([room])} == set()


def test_the_settings_read_every_catalog_there_is() -> None:
    there = {
        path.parents[2] for room in ROOMS for path in (ROOT / room).glob("locale/*/LC_MESSAGES/django.po")
    }
    assert there == {Path(path) for path in settings.LOCALE_PATHS}
    assert there == {ROOT / room / "locale" for room in ROOMS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_rooms_that_say_the_same_words_mean_the_same(language: str) -> None:
    # All catalogs are read into one: of two translations one would silently win, and stand where it does not fit.
    seen: dict[tuple[str, str], list[str]] = {}
    clashing = {}
    for room in ROOMS:
        for key, entry in read_po(ROOT / room / "locale" / language / "LC_MESSAGES" / "django.po").items():
            if seen.setdefault(key, entry.forms) != entry.forms:
                clashing[key] = [seen[key], entry.forms]
    assert clashing == {}


def test_a_word_with_two_meanings_has_two_translations() -> None:
    with translation.override("es"):
        assert str(CommitmentStatus.OPEN.label) == "Sin empezar"
        assert str(CommitmentStatus.WILL_NOT_DO.label) == "No se hará"
        assert str(EventStatus.CANCELLED.label) == "Cancelada"
        assert translation.gettext("Cancelled") == "Cancelado"
