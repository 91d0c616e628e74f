"""A seal is opened for the staff in few places, each of which knows the reader: no page, shape or template does it itself."""

from __future__ import annotations

import ast
from typing import Final

from tests.architecture.test_the_house import name_of, sources

# What gives the words under a seal, by where it is written.
OPENERS: Final = {
    ("engage.sealing", "unseal"),
    ("engage.addresses", "address_of"),
    ("engage.contact_keeping", "address_of"),
    ("engage.said_words", "body_of"),
    ("events.guest_names", "name_of"),
    ("events.access_asking", "detail_of"),
    ("engage.intake_sealing", "open_as_the_worker"),
    ("engage.letter_asking", "address_asked_for"),
}
# Who may, and for whom. Whatever stands here and shows something to the staff writes it down, or asks for whom it is.
MAY: Final = {
    # The openers themselves, each in its own column; a second factor's secret is no resident's.
    "engage/addresses.py": "the opener",
    "engage/said_words.py": "the opener, and words_shown_to, which asks who reads",
    "events/guest_names.py": "the opener",
    "events/access_asking.py": "the opener",
    "web/second_factors.py": "the person's own second factor",
    # Everything about a contact is had from there.
    "engage/contact_keeping.py": "hands the opener on",
    "engage/unproven_addresses.py": "for comparing, shown to nobody",
    # On the record with the reader's name.
    "events/place_listing.py": "record_read before each name and address",
    "events/needs_reading.py": "for whoever arranges it, record_read",
    "events/door_list.py": "after the door was opened on the record",
    "events/arrival_showing.py": "after the door was opened on the record",
    # Sealed anew at once, shown to nobody.
    "engage/key_rotating.py": "rotation, and the person's own second factor",
    # For the resident alone.
    "events/resident_record.py": "behind their own link",
    # For the worker, among all others, in an order that means nothing.
    "engage/anonymous_intake.py": "the worker alone has the key",
    # For the worker, into a mail to the address itself.
    "engage/letter_asking.py": "the opener",
    "outreach/letters_asked_for.py": "to look up whose it is",
    "outreach/broadcasting.py": "for sending",
    "outreach/fault_judging.py": "for sending",
    "outreach/message_composing/occasion.py": "for sending",
    "outreach/message_composing/reading_ahead.py": "for sending",
    # Words that become public by this act.
    "engage/moderating.py": "shown to everybody from then on",
}


def test_seals_are_opened_where_the_reader_is_known_and_nowhere_else() -> None:
    found = set()
    for path in sources("engage", "events", "outreach", "api", "web", "config"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                found |= {name_of(path) for one in node.names if (node.module, one.name) in OPENERS}
    assert found - set(MAY) == set()


def test_pages_and_shapes_open_none() -> None:
    assert {name for name in MAY if name.startswith(("api/", "web/"))} == {"web/second_factors.py"}
