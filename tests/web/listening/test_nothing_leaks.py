"""What staff typed and what residents wrote stays out of addresses and cookies, which browsers and proxies keep."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from engage.listening.contributing import contribute
from engage.listening.theming import make_theme
from tests.makers.events import an_event
from tests.web.listening.staff import a_desk
from tests.web.listening.test_live_notes import typed, url

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_nothing_that_was_typed_stands_in_the_address_that_follows() -> None:
    client, agency, _person = a_desk()
    words = typed(said_by="other", speaker="Pastor Lee", table_label="Ann's table", kind="concern")
    answer = client.post(url("notes", an_event(agency)), words)
    assert answer.status_code == 302
    assert "kind=concern" in answer["Location"]
    assert not {"Lee", "Ann", "speaker", "lamp"} & set(re.split(r"[^A-Za-z]+", answer["Location"]))


def test_words_under_seal_are_put_into_no_message_which_a_cookie_would_carry() -> None:
    client, agency, _person = a_desk()
    theme = make_theme(actor=None, event=an_event(agency), title="Lamps")
    sealed = contribute(
        agency=agency, target="agency", target_id=agency.pk, kind="question", body="My son was stopped",
        language="en", way_in="web", now=timezone.now(),
    )  # fmt: skip
    many = reverse("contributions_many", kwargs={"slug": agency.slug})
    answer = client.post(many, {"act": "theme", "theme": theme.pk, "chosen": [sealed.pk]})
    assert "My son" not in str(answer.cookies)
    assert "stays as it was" in client.get(answer["Location"]).content.decode()
