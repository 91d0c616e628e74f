"""A dump must not tell a long address, name, need or question from a short one: a sealed column has one size."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import connection, models
from django.test import Client

from engage.contacts.models import Contact
from engage.sealing.column import SealedColumn
from engage.sealing.seals import TooLongToSeal, is_sealed_as_today, seal, sealed_columns, unseal
from tests.makers.agencies import an_agency
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp, contact_of

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
ASTRAL = "\U0001f9e1"
SHORT: dict[str, Any] = {"email": "a@b.co", "phone": "12345", "name": "A", "detail": "b", "question": "?"}
# The longest that the forms take, in letters of four bytes where a letter may be one.
LONG: dict[str, Any] = {
    "email": f"{'l' * 64}@{'.'.join(['d' * 61] * 3)}.co",
    "phone": "+123456789012345",
    "name": ASTRAL * 120,
    "detail": ASTRAL * 1000,
    "question": ASTRAL * 4000,
}


def _save(client: Client, given: dict[str, Any], event: Any) -> Any:
    body = {
        "email": given["email"],
        "phone": given["phone"],
        "name": given["name"],
        "access_requests": [{"kind": "other", "detail": given["detail"]}],
        "question": given["question"],
        "anonymous_question": False,
    }
    return client.post(
        f"/api/v1/events/{event.pk}/rsvps/", body, content_type="application/json",
        headers={"Idempotency-Key": str(uuid4())},
    )  # fmt: skip


def test_after_short_and_long_values_every_sealed_column_has_one_length(client: Client) -> None:
    event = an_event(an_agency())
    for given in (SHORT, LONG):
        assert _save(client, given, event).status_code == 201
        again = client.post(f"/events/{event.pk}/my-link", {"email": given["email"]})
        assert again.status_code == 200
    for model, field in sealed_columns():
        table, column = model._meta.db_table, field.column
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT length({column}), count(*) FROM "{table}" WHERE {column} IS NOT NULL GROUP BY 1'
            )
            lengths = dict(cursor.fetchall())
        assert len(lengths) == 1, f"{table}.{column}"
        assert sum(lengths.values()) >= 2, f"{table}.{column} is not walked: give this test a way to fill it"
        assert set(lengths) == {1 + 12 + field.padded_to + 16}


def test_every_column_that_is_called_sealed_says_its_size() -> None:
    # Under the client's own key, to the worker's, and a known text: each pads by itself.
    by_themselves = {"IdempotentAnswer.sealed", "ContributionIntake.sealed", "KeyMark.sealed"}
    called = {
        f"{model.__name__}.{field.name}": field
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.BinaryField) and field.name.startswith("sealed")
    }
    assert {name for name, field in called.items() if not isinstance(field, SealedColumn)} == by_themselves


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("email", {"email": f"{'l' * 64}@{'.'.join(['d' * 62] * 3)}.co"}),
        # Few enough letters, but more bytes than the column's one size holds.
        ("email", {"email": f"a@{'.'.join(['ü' * 60] * 3)}.co"}),
        ("name", {"name": "n" * 121}),
        ("access_requests/0/detail", {"detail": "d" * 1001}),
        ("question", {"question": "q" * 4001}),
        ("phone", {"phone": "+1234567890123456"}),
    ],
)
def test_what_does_not_fit_is_an_error_of_its_field(
    client: Client, field: str, given: dict[str, Any]
) -> None:
    answer = _save(client, SHORT | given, an_event(an_agency()))
    assert answer.status_code == 400
    assert {error["pointer"] for error in answer.json()["errors"]} == {f"/{field}"}
    assert not Contact.objects.exists()


def test_what_was_sealed_in_another_size_opens_and_is_known_to_be_old() -> None:
    rsvp = an_rsvp(an_event(an_agency()), email="ada@home.example")
    contact = contact_of(rsvp)
    where: dict[str, Any] = {"table": "engage_contact", "column": "sealed_address"}
    assert is_sealed_as_today(bytes(contact.sealed_address), **where)
    elsewhere = seal(
        "ada@home.example", **(where | {"column": "x"}), row=contact.pk, agency=contact.agency_id
    )
    assert not is_sealed_as_today(elsewhere, **where)
    assert (
        unseal(elsewhere, **(where | {"column": "x"}), row=contact.pk, agency=contact.agency_id)
        == "ada@home.example"
    )


def test_a_text_that_no_form_lets_through_is_never_a_longer_seal() -> None:
    with pytest.raises(TooLongToSeal):
        seal("x" * 285, table="engage_contact", column="sealed_address", row=uuid4(), agency=UUID(int=0))
    assert len({len(_of_staff(secrets.token_hex(many))) for many in (1, 16, 100)}) == 1


def _of_staff(secret: str) -> bytes:
    return seal(secret, table="mfa_authenticator", column="data", row=UUID(int=0), agency=UUID(int=0))
