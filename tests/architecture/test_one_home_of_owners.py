"""Who answers for something is asked of engage/roles/answering.py: an owner who left is nobody, wherever one looks."""

from __future__ import annotations

import ast
import re

import pytest
from django.apps import apps

from api.v1.roles import HandOver
from engage.people.models import Person
from engage.roles.answering import Owned
from engage.roles.handing_over import KINDS
from tests.architecture.sources import PACKAGES, ROOT, name_of, nodes_of, sources, text_of

HOME = "engage/roles/answering.py"
# Reads the pointer itself, each for a reason.
OTHERWISE = {
    "events/rsvps/needs/arranging.py": "writes who it is now, whom it has just looked at",
    "web/commitments/follow_through/decisions.py": "names whom the line before it has asked about",
    "web/rsvps/needs.py": "offers whom the line before it has asked about",
    "engage/commitments/tracking.py": "what stood and what stands now, for the line of history",
}
_ROLES = re.compile(r"Role\.objects\.filter\([^)]*\buntil\s*=\s*None|\broles__until\b")
# Roles that have not ended, whoever holds them: they are listed, given once and ended, also where an account is closed.
ON_RECORD = {
    "engage/roles/granting.py",
    "web/office/people.py",
    "web/office/staff_listing.py",
    "web/office/what_is_open.py",
}

OWNS, DID, OWN, OPEN = "owns", "did", "own", "open"
# Every pointer to a person, and what becomes of it when they leave.
#   owns  somebody is to do something about it: counts only while they have a role there
#   did   says who did something: stays for ever, true whoever works where
#   own   is theirs alone, and opens nothing by itself
#   open  opens something: closed when the role ends, and asked again at each use
POINTERS = {
    "account.EmailAddress user": OWN,
    "mfa.Authenticator user": OWN,
    "engage.Activity actor": DID,
    "engage.Pledge signed_by": DID,
    "engage.SignInSession person": OPEN,
    "engage.Commitment owner": OWNS,
    "engage.Commitment created_by": DID,
    "engage.CommitmentUpdate owner_from": DID,
    "engage.CommitmentUpdate owner_to": DID,
    "engage.CommitmentUpdate actor": DID,
    "engage.Evidence added_by": DID,
    "engage.Redaction actor": DID,
    "engage.ContactRead reader": DID,
    "engage.ReadingRequest reader": OPEN,
    "engage.ReadingRequest granted_by": DID,
    "engage.Role person": OPEN,
    "engage.Invitation invited_by": OPEN,
    "engage.AccessToken person": OPEN,
    "events.Event created_by": OWNS,
    "events.DoorLink created_by": OPEN,
    "events.ChecklistItem done_by": DID,
    "events.AccessRequest owner": OWNS,
    "outreach.Delivery person": OWN,
    "outreach.SummaryVersion drafted_by": DID,
    "outreach.SummaryVersion approved_by": DID,
    "outreach.SummaryVersion published_by": DID,
}


def _pointers() -> dict[str, type]:
    return {
        f"{model._meta.label} {field.name}": model
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model is Person
    }


def test_every_pointer_to_a_person_says_what_becomes_of_it_when_they_leave() -> None:
    assert _pointers().keys() == POINTERS.keys()


def test_each_kind_of_thing_that_somebody_owns_is_handed_over_when_they_leave() -> None:
    owns = {name for name, treated in POINTERS.items() if treated is OWNS}
    assert owns == {kind.pointer for kind in KINDS}
    # The page and the API ask of each.
    assert {kind.code for kind in KINDS} == HandOver().get_fields().keys()


@pytest.mark.parametrize("pointer", [name for name in POINTERS if name.endswith(" owner")])
def test_what_has_an_owner_can_be_asked_who_answers_for_it_now(pointer: str) -> None:
    assert issubclass(_pointers()[pointer], Owned)


def test_nobody_else_looks_at_the_pointer_or_asks_who_still_works_there() -> None:
    looking = {name_of(path) for path in sources(*PACKAGES) if any(_looks(node) for node in nodes_of(path))}
    assert HOME in looking, "the home is not seen, so nothing is"
    assert looking - {HOME, *OTHERWISE} == set()
    assert OTHERWISE.keys() - looking == set()
    asking = {name_of(path) for path in sources(*PACKAGES) if _ROLES.search(text_of(path))}
    assert asking - ON_RECORD == set()
    assert ON_RECORD - asking == set()


def test_no_template_shows_an_owner_who_may_have_left() -> None:
    shown = re.compile(r"\w\.owner(?:_id)?\b(?!_)(?<!form\.owner)")
    pages = (ROOT / "web" / "templates").rglob("*.html")
    assert [name_of(page) for page in pages if shown.search(page.read_text(encoding="utf-8"))] == []


def _looks(node: ast.AST) -> bool:
    """``row.owner``, ``row.owner_id``, ``filter(owner=…)``, ``owner__isnull``, ``select_related("owner")``."""
    if isinstance(node, ast.Attribute):
        of_self = isinstance(node.value, ast.Name) and node.value.id == "self"
        return (
            node.attr in {"owner", "owner_id"}
            and isinstance(node.ctx, ast.Load)
            and (not of_self or node.attr == "owner")
        )
    if not isinstance(node, ast.Call):
        return False
    called = getattr(node.func, "attr", None) or getattr(node.func, "id", "")
    if called in {"Q", "filter", "exclude"}:
        return any((each.arg or "").split("__")[0] in {"owner", "owner_id"} for each in node.keywords)
    named = [each.value for each in node.args if isinstance(each, ast.Constant)]
    return called in {"select_related", "F", "values", "values_list"} and "owner" in named
