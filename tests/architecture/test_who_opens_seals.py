"""A seal is opened for the staff in few places, each of which knows the reader: no page, shape or template does it itself."""

from __future__ import annotations

import ast
from typing import Final

from tests.architecture.test_the_house import name_of, sources

# What gives the words under a seal, by where it is written.
OPENERS: Final = {
    ("engage.sealing.seals", "unseal"),
    ("engage.sealing.factors", "open_factor"),
    ("engage.contacts.addresses", "address_of"),
    ("engage.listening.words", "body_of"),
    ("events.rsvps.tickets", "name_of"),
    ("events.rsvps.needs.asking", "detail_of"),
    ("engage.sealing.intake", "open_as_the_worker"),
    ("engage.contacts.asking_for_letters", "address_asked_for"),
}
# Who may, and for whom. Whatever stands here and shows something to the staff writes it down, or asks for whom it is.
MAY: Final = {
    # The openers themselves, each in its own column; a second factor's secret is no resident's.
    "engage/contacts/addresses.py": "the opener",
    "engage/listening/words.py": "the opener, and words_shown_to, which asks who reads",
    "events/rsvps/tickets.py": "the opener",
    "events/rsvps/needs/asking.py": "the opener",
    "web/account/second_factors.py": "the person's own second factor",
    "engage/contacts/unproven.py": "for comparing, shown to nobody",
    # On the record with the reader's name.
    "events/rsvps/listing.py": "record_read before each name and address",
    "events/rsvps/needs/reading.py": "for whoever arranges it, record_read",
    "events/door/guests.py": "after the door was opened on the record",
    "events/door/arrivals.py": "after the door was opened on the record",
    # Sealed anew at once, shown to nobody.
    "engage/sealing/key_rotating.py": "rotation",
    "engage/sealing/factors.py": "the opener",
    # For the resident alone.
    "events/rsvps/resident_record.py": "behind their own link",
    # For the worker, among all others, in an order that means nothing.
    "engage/listening/intake.py": "the worker alone has the key",
    # For the worker, into a mail to the address itself.
    "engage/contacts/asking_for_letters.py": "the opener",
    "outreach/announcing/letters_asked_for.py": "to look up whose it is",
    "outreach/announcing/broadcasting.py": "for sending",
    "outreach/sending/fault_judging.py": "for sending",
    "outreach/letters/occasion.py": "for sending",
    "outreach/letters/reading_ahead.py": "for sending",
    # Words that become public by this act.
    "engage/listening/moderating.py": "shown to everybody from then on",
}


def test_seals_are_opened_where_the_reader_is_known_and_nowhere_else() -> None:
    found = set()
    for path in sources("engage", "events", "outreach", "api", "web", "config", "demo", "servers", "tools"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                found |= {name_of(path) for one in node.names if (node.module, one.name) in OPENERS}
    assert found - set(MAY) == set()


def test_pages_and_shapes_open_none() -> None:
    assert {name for name in MAY if name.startswith(("api/", "web/"))} == {"web/account/second_factors.py"}
