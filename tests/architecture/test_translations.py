"""What residents read exists in Spanish, in every room that speaks, and the committed catalogs say what is compiled."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from django.conf import settings
from django.utils import translation

from engage.commitments.models import CommitmentStatus
from events.event.models import EventStatus
from tools.catalogs import (
    LANGUAGES,
    ROOMS,
    ROOT,
    catalog_of,
    faults,
    said_in,
    said_in_file,
    sources_of,
    translated,
)

# Looked at one by one, by why each may do without a context: one translation fits its gender and number in every place.
_SAME: Final = {
    "a room or a thing of ours, whose name leads to it from everywhere": """
        Accessibility|Administration|Ask us|Closed days|Communities|Dialogues|Door devices|Events|Follow-through
        For programs|Main|Meetings
        Meeting office|Menu|Notes|Outreach|Passkeys|Pledges|Promises|Questions|Recovery codes|Reminders|RSVPs
        Second factors|Themes|Time zone|Your account|Your passkeys|Your place
    """,
    "the heading of a column, a fact or a field, over the same kind of thing": """
        About|Address|Any language|Anywhere|Before:|By|By email|By {day}|Called off:|Choose one|Citywide|Code|Community|Day|Device|Done means
        Due|Due date|Email|Error:|Event|Focus area|For places|Getting there|In %(language)s|Kind
        Language|Languages|May quote|Meeting|Message|Name|Need|Needs|Neighborhood|New place|New time|Number %(n)s|Office
        (optional)|Our answer|Pages|Password|People|Phone|Place|Places|Question|Reminder|Requests|Room|Stage|State
        Promise {number}|Summary: %(title)s|The promise|Theme|Theme: %(theme)s|Title|Today|What|What happened|When|Where|Why
        Door: %(title)s|Your code:|Your email
    """,
    "what a button does, whatever it does it to": """
        Add it|Back|Change|Change it|Change something|Edit|Find|First page|Go on|Join online|Keep it|Not yet
        One fewer|One more|Publish|Publish it|Remove|Save changes|Send it|Show meetings|Show more|Show these|Sign in
        Sign out|Undo|Unsubscribe|Withdraw it
    """,
    "what a button does to one kind of thing, whose gender it says: a contribution, a token": """
        Hide it|Revoke it|Show it
    """,
    "a status, named by its model and by its page; Spanish has the same gender for each": """
        A leader|Approved|Arranged|Being arranged|Closed|Draft|Happening now|Hidden|Kept|Met|No reminder|Nobody yet|Not kept
        Not possible|On track|Online|Overdue|Reported|Shown|Sign language|Still missing|Text message|Thank you|Waiting
        Walk-in|Web|Welcome|Withdrawn
    """,
}


def words_in(listed: str) -> set[str]:
    return {words.strip() for words in re.split(r"[|\n]", listed)} - {""}


SAME_EVERYWHERE: Final = {words for listed in _SAME.values() for words in words_in(listed)}
# "Cambiarlo" under a button of one page says "la reserva" on the next.
_NAMES_A_GENDER: Final = re.compile(r"[aei]r(lo|la|los|las)$")


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


def short_messages() -> dict[str, set[Path]]:
    """Each message of one or two words that has no context, with the files that say it."""
    said: dict[str, set[Path]] = {}
    for parts in ROOMS.values():
        for path in (path for part in parts for path in sources_of(part)):
            for context, *forms in said_in_file(path):
                if not context and len(forms) == 1 and 0 < len(forms[0].split()) <= 2:
                    said.setdefault(forms[0], set()).add(path)
    return said


def test_one_or_two_words_said_in_two_files_have_a_context_or_mean_the_same_in_each() -> None:
    # One English word, two meanings, one translation: "Stopped" stood for promises and for messages.
    shared = {words for words, files in short_messages().items() if len(files) > 1}
    assert shared > {"Name", "Today"}, "nothing is seen"
    assert shared - SAME_EVERYWHERE == set(), (
        "give it a context (pgettext), or say above that it means the same"
    )
    assert SAME_EVERYWHERE - shared == set(), "no longer shared: strike it off"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_button_of_several_pages_names_no_gender_of_the_thing_it_is_about(language: str) -> None:
    said = {
        words: forms[0]
        for room in ROOMS
        for (_, words), forms in translated(catalog_of(room, language)).items()
    }
    buttons = words_in(_SAME["what a button does, whatever it does it to"])
    assert {words: said[words] for words in buttons if _NAMES_A_GENDER.search(said[words])} == {}


def test_a_stopped_commitment_and_stopped_messages_are_two_things() -> None:
    with translation.override("es"):
        assert translation.pgettext("promise", "Stopped") == "No se hará"
        assert translation.pgettext("messages", "Stopped") == "Listo: no habrá más mensajes"
        assert translation.gettext("Stopped") == "Stopped"


PLACEHOLDER: Final = re.compile(r"%\([a-z_]+\)[sd]|\{\w*\}|`[^`]*`")
# What a reader in the United States does not say, or takes for something else; beside it what is said instead.
NOT_SAID_HERE: Final = {
    r"añ[aá]d\w+": "agregar",
    r"p[uú]ls(e|a|ó)\w*": "presionar",
    r"cartel(es)?": "póster",
    r"(evento|vecino)s?": "reunión, persona: one word for one thing",
    r"laborables?": "hábil",
    r"(ordenador|móvil|fichero|portátil|billete|coste)(es|s)?": "computadora, teléfono, archivo, boleto, costo",
    r"(vosotr[oa]s|vuestr[oa]s?|\w+(áis|éis))": "ustedes, su",
    r"(tú|tu|tus|ti|contigo)": "usted, su: residents are strangers to us",
    r"(coger|coge|coja|vale|valen)": "tomar, contar, servir",
    r"(coche|aparcar|aparcamiento|conducir)s?": "auto, estacionar, estacionamiento, manejar",
    r"(remover|remueva|remueve)": "quitar: remover is to stir",
    r"aplica(r|mos)|aplique": "pedir, solicitud: aplicar is to put on",
    r"(actual|eventual)mente|realizar|soportar": "ahora, al final, hacer, apoyar: not what the English word says",
    r"(email|e-mail|mail|link|ticket|password|online|feedback|parking)s?": "correo, enlace, contraseña, en línea …",
    r"(ayuntamiento|comarca|barriada)s?": "ciudad, vecindario",
    r"(tiene|tendrá|tuvo|tener) lugar": "se hace, se hará: lugar is the seat that somebody saved",
    r"celebr\w+": "se hace: celebrar is a party",
    r"lugares? guardados?|guard(ar|e|a|ó) (un|mi|su|el) lugar": "reservar: guardar is what is done with data",
}


@pytest.mark.parametrize("room", ROOMS)
def test_spanish_holds_no_false_friend_and_no_word_of_spain(room: str) -> None:
    unlike = re.compile("|".join(rf"\b(?:{words})\b" for words in NOT_SAID_HERE) + "|[«»]", re.IGNORECASE)
    said = {form for forms in translated(catalog_of(room, "es")).values() for form in forms}
    assert {form: found[0] for form in said if (found := unlike.search(PLACEHOLDER.sub("", form)))} == {}


def test_a_word_of_spain_is_found_wherever_it_stands() -> None:
    for words in ("Pulse el botón", "Añadirlo", "No tendrá lugar.", "Guardar mi lugar", "¿Tenéis sitio?"):
        assert any(re.search(rf"\b(?:{each})\b", words, re.IGNORECASE) for each in NOT_SAID_HERE), words


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
