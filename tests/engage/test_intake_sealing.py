"""What is said without a name is sealed as it comes in, to a key that the web does not have."""

import datetime as dt
import os
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from engage.listening.intake import empty_intake, take_in
from engage.listening.intake_watching import troubles
from engage.listening.models import Contribution, ContributionIntake
from engage.sealing.intake import public_half
from tests.makers.agencies import an_agency
from tests.makers.events import an_event
from tests.makers.intake import NOON, empty, say
from tests.makers.rsvps import an_rsvp

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)
TOMORROW = NOON + dt.timedelta(days=1)


def test_whoever_takes_a_text_in_cannot_open_it(settings):
    """The web has the public half alone; the worker's private half opens it, and the next key opens the next."""
    old, new = os.urandom(32), os.urandom(32)
    agency = an_agency()
    settings.INTAKE_PUBLIC_KEY, settings.INTAKE_PRIVATE_KEYS = (7, public_half(old)), []
    say(agency, "Sealed to the worker")
    assert empty(TOMORROW) == 0
    settings.INTAKE_PUBLIC_KEY = (8, public_half(new))
    say(agency, "Sealed to the next key")
    settings.INTAKE_PUBLIC_KEY, settings.INTAKE_PRIVATE_KEYS = None, [(8, new), (7, old)]
    assert empty(TOMORROW) == 2


def test_a_text_that_no_key_opens_stays_and_holds_up_no_other(settings, caplog):
    agency = an_agency()
    settings.INTAKE_PUBLIC_KEY = (7, public_half(os.urandom(32)))
    say(agency, "For a key that was lost")
    settings.INTAKE_PUBLIC_KEY = None
    say(agency, "For the worker")
    ContributionIntake.objects.filter(pk=_one_more(agency)).update(sealed=b"\x01\x01no seal at all")
    assert empty(TOMORROW) == 1
    assert Contribution.objects.get().body == "For the worker"
    assert ContributionIntake.objects.count() == 2
    assert [(line.levelname, line.message, line.texts) for line in caplog.records] == [
        ("ERROR", "intake_texts_not_opened", 2)
    ]
    assert troubles().unopened == 2


def _one_more(agency):
    before = set(ContributionIntake.objects.values_list("pk", flat=True))
    say(agency, "And another")
    return (set(ContributionIntake.objects.values_list("pk", flat=True)) - before).pop()


def test_sealed_bytes_that_are_put_into_another_row_do_not_open():
    agency = an_agency()
    say(agency, "Mine")
    row = ContributionIntake.objects.get()
    other = _one_more(agency)
    ContributionIntake.objects.filter(pk=other).update(sealed=row.sealed)
    assert empty(TOMORROW) == 1
    assert ContributionIntake.objects.get().pk == other


@pytest.mark.parametrize(
    ("kind", "language", "body", "key"),
    [
        ("question", "", "?", None),
        ("thanks", "zh-Hant", "\U0001f600" * 4000, "0b0f7e6c-5f6e-4c51-9d0f-0a6f5b1f3d11"),
        ("concern", "es", "\x01" * 4000, "5b9a3a54-2f0e-4c22-8a7f-6f1b0d2e9c42"),
    ],
)
def test_every_row_has_one_shape_and_gives_its_words_back(kind, language, body, key):
    agency = an_agency(languages=["es", "en"])
    take_in(
        agency_id=agency.pk, target="agency", target_id=agency.pk, zone="UTC", kind=kind, way_in="web",
        language=language, body=body, idempotency_key=key, now=NOON,
    )  # fmt: skip
    row = ContributionIntake.objects.get()
    assert (len(row.sealed), len(row.retry_mark)) == (2 + 32 + 16_384 + 16, 32)
    assert (row.kind, row.way_in, row.language, row.body) == ("", "", "", "")
    empty(TOMORROW)
    contribution = Contribution.objects.get()
    assert (contribution.kind, contribution.way_in, contribution.language, contribution.body) == (
        kind,
        "web",
        language or "es",
        body.strip(),
    )


def test_the_row_holds_nothing_that_came_with_the_rsvp():
    """Two askers who have nothing in common leave rows that differ in what is random alone."""
    event = an_event(an_agency(languages=["en", "es", "vi"]))
    an_rsvp(event, email="ana@home.example", language="es", party_size=3, question="¿Quién decide?")
    an_rsvp(event, language="en", question="Who decides?", source="api", idempotency_key=str(uuid4()))
    one, other = ContributionIntake.objects.values()
    assert {name for name in one if one[name] != other[name]} == {"id", "sealed", "retry_mark"}
    assert {bytes(row["retry_mark"]) == b"" for row in (one, other)} == {False}
    empty_intake(now=timezone.now(), live_event_ids=[], event_ids_today=[event.pk])
    # The words may be of another language; nobody is told which form they came by.
    assert set(Contribution.objects.values_list("language", "kind", "way_in")) == {("en", "question", "web")}


def test_a_text_that_the_last_release_took_in_in_clear_goes_on_too():
    agency = an_agency()
    ContributionIntake.objects.create(
        agency_id=agency.pk, target="agency", target_id=agency.pk, local_day=NOON.date(), kind="idea",
        way_in="web", language="es", body="Más luz",
    )  # fmt: skip
    assert empty(TOMORROW) == 1
    contribution = Contribution.objects.get()
    assert (contribution.kind, contribution.language, contribution.body) == ("idea", "es", "Más luz")


def test_a_worker_of_the_last_release_loses_no_text_that_it_cannot_read():
    """It would move the empty column on: the database refuses, and everything stays where it is."""
    agency = an_agency()
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.create(agency=agency, body="", said_on=NOON.date())
