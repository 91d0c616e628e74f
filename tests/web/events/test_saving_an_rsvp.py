"""The form that saves a place: one field is enough, and however often it is sent, it is one place."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from engage.contacts.models import Contact
from engage.kept_answers.models import IdempotentAnswer
from engage.listening.models import Contribution, ContributionIntake
from events.event.models import Event
from events.rsvps.models import Rsvp, RsvpSource
from events.rsvps.needs.asking import detail_of, needs_of
from events.rsvps.tickets import name_of
from tests.makers.agencies import an_agency
from tests.makers.contributions import what_waits
from tests.makers.events import an_event
from tests.makers.rsvps import an_rsvp, sums_hold

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def filled(**more: Any) -> dict[str, Any]:
    """What a browser sends that typed an address and made a key."""
    given = {
        "key": secrets.token_urlsafe(24), "party_size": "1", "contact": "email", "email": "maya@mail.example",
        "remind": "on", "language": "en", "name": "", "question": "",
    }  # fmt: skip
    return {name: value for name, value in (given | more).items() if value is not None}


def save(client: Client, event: Event, prefix: str = "", **more: Any) -> Any:
    return client.post(f"{prefix}/events/{event.pk}/rsvp", filled(**more))


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_one_field_saves_an_rsvp_and_leads_to_it(client: Client) -> None:
    event = an_event(title="Town hall about stops")
    answer = save(client, event)
    assert answer.status_code == 303
    assert answer["Cache-Control"] == "no-store"
    rsvp = Rsvp.objects.get()
    assert (rsvp.status, rsvp.source, rsvp.remind) == ("confirmed", RsvpSource.WEB, "email")
    page = client.get(answer["Location"])
    assert "Your place is saved" in text_of(page)
    assert "A message with your link is on its way" in text_of(page)
    assert rsvp.checkin_code[:5] in text_of(page)
    assert not page.cookies
    assert sums_hold(event.pk)


def test_no_field_at_all_saves_one_too(client: Client) -> None:
    answer = save(client, an_event(), contact="none", email="left over")
    assert answer.status_code == 303
    assert Contact.objects.count() == 0
    assert Rsvp.objects.get().remind == "none"
    assert "Keep the code" in text_of(client.get(answer["Location"]))


def test_everything_that_was_filled_in_is_kept(client: Client) -> None:
    save(
        client, an_event(), party_size="3", name="Maya", remind=None, need_interpreter="on", interpreter_language="so",
        need_other="on", detail_other="A quiet table", detail_childcare="not ticked",
    )  # fmt: skip
    rsvp = Rsvp.objects.get()
    assert (rsvp.party_size, name_of(rsvp), rsvp.remind) == (3, "Maya", "none")
    assert [(need.kind, need.language, detail_of(need)) for need in needs_of(rsvp)] == [
        ("interpreter", "so", ""),
        ("other", "", "A quiet table"),
    ]


def test_a_question_goes_its_own_way_and_no_page_says_that_there_was_one(client: Client) -> None:
    event = an_event()
    with_one = save(client, event, question="Why was I stopped?")
    without = save(client, event, email="other@mail.example")
    row = ContributionIntake.objects.get()
    assert row.target_id == event.pk
    assert [said.body for said in what_waits()] == ["Why was I stopped?"]
    assert Contribution.objects.count() == 0
    pages = [text_of(client.get(answer["Location"])) for answer in (with_one, without)]
    told = [
        re.sub(
            r'[a-z2-7]{53}|(?<=name="key" value=")[\w-]+|[0-9A-Z]{5} ?[0-9A-Z]{5}|\w+@mail.example|<svg.*?</svg>',
            "",
            page,
        )
        for page in pages
    ]
    assert told[0] == told[1]


def test_a_question_may_be_kept_with_the_rsvp(client: Client) -> None:
    save(client, an_event(), question="Why was I stopped?", with_name="on")
    contribution = Contribution.objects.get()
    assert not contribution.anonymous
    assert contribution.contact is not None
    assert ContributionIntake.objects.count() == 0


def test_twenty_posts_at_once_with_one_key_are_one_rsvp() -> None:
    event = an_event(capacity=50)
    given = filled(question="Once?")

    def send(_number: int) -> Any:
        try:
            return Client().post(f"/events/{event.pk}/rsvp", given)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as many:
        answers = list(many.map(send, range(20)))
    assert Rsvp.objects.count() == 1
    assert ContributionIntake.objects.count() == 1
    assert sums_hold(event.pk)
    assert {answer.status_code for answer in answers} <= {303, 409}
    assert len({answer["Location"] for answer in answers if answer.status_code == 303}) == 1
    # Whoever came while it was being done is told, and the next press of the button leads to the place.
    assert Client().post(f"/events/{event.pk}/rsvp", given).status_code == 303
    assert Rsvp.objects.count() == 1


def test_without_the_key_the_same_posts_are_many_rsvps(client: Client) -> None:
    event = an_event()
    for _each in range(3):
        save(client, event)
    assert Rsvp.objects.count() == 3


def test_the_same_key_with_other_words_asks_before_it_saves_one_more(client: Client) -> None:
    event = an_event()
    given = filled()
    client.post(f"/events/{event.pk}/rsvp", given)
    answer = client.post(f"/events/{event.pk}/rsvp", given | {"party_size": "2"})
    assert answer.status_code == 409
    assert "has saved a place before" in text_of(answer)
    assert Rsvp.objects.count() == 1
    key = answer.context["key"]
    assert key != given["key"]
    assert client.post(f"/events/{event.pk}/rsvp", given | {"party_size": "2", "key": key}).status_code == 303
    assert Rsvp.objects.count() == 2


def test_a_browser_that_makes_no_key_is_asked_once_more(client: Client) -> None:
    event = an_event()
    answer = save(client, event, key=None, name="<Maya>", question="Why?", need_wheelchair="on")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert Rsvp.objects.count() == ContributionIntake.objects.count() == IdempotentAnswer.objects.count() == 0
    words = text_of(answer)
    for each in ("Is this right?", "maya@mail.example", "&lt;Maya&gt;", "Why?", "Wheelchair space"):
        assert each in words
    hidden = dict(answer.context["hidden"])
    back = client.post(f"/events/{event.pk}/rsvp", hidden | {"change": "1"})
    assert back.status_code == 200
    assert back.context["form"]["name"].value() == "<Maya>"
    assert client.post(f"/events/{event.pk}/rsvp", hidden).status_code == 303
    assert client.post(f"/events/{event.pk}/rsvp", hidden).status_code == 303
    assert Rsvp.objects.count() == 1


def test_all_mistakes_are_said_at_once_each_with_what_would_be_right(client: Client) -> None:
    answer = save(
        client,
        an_event(an_agency(largest_party=6)),
        party_size="9",
        email="not an email",
        need_interpreter="on",
        name="x" * 121,
    )
    assert answer.status_code == 400
    page = text_of(answer)
    assert set(answer.context["form"].errors) == {"party_size", "email", "interpreter_language", "name"}
    assert "at most 6" in page
    assert "like name@example.org" in page
    assert page.count('<details class="disclose" open>') == 2, "what stands folded, with a mistake, is open"


def test_without_a_key_a_party_too_large_for_the_room_is_told_so_before_anything_is_asked(
    client: Client,
) -> None:
    answer = save(client, an_event(capacity=3), party_size="5", key="")
    assert answer.status_code == 400
    page = text_of(answer)
    assert "Is this right?" not in page
    assert "The room holds fewer people than this party has: 3." in page


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"email": ""}, "email", "Type your email, or choose"),
        ({"email": "not one"}, "email", ""),
        ({"party_size": "0"}, "party_size", ""),
        ({"party_size": "many"}, "party_size", "whole number"),
        ({"party_size": "9" * 5000}, "party_size", ""),
        ({"party_size": "9"}, "party_size", "split the party"),
        ({"need_interpreter": "on"}, "interpreter_language", "Say which language"),
        ({"need_other": "on", "detail_other": "x" * 1001}, "detail_other", ""),
        ({"language": "tlh"}, "language", ""),
        ({"contact": "pigeon"}, "contact", ""),
        ({"name": "x" * 121}, "name", ""),
        ({"question": "x" * 4001}, "question", ""),
        ({"name": "a\0b"}, "name", ""),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_at_its_field_and_everything_typed_stays(
    client: Client, wrong: dict[str, str], field: str, words: str
) -> None:
    given = {"name": "Maya", "question": "Why <b>not</b>?"} | wrong
    answer = save(client, an_event(an_agency(largest_party=6)), **given)
    assert answer.status_code == 400
    form = answer.context["form"]
    assert form.errors[field]
    page = text_of(answer)
    assert words in page
    assert "<title> Error:" in page or "<title>Error:" in page
    assert "Your place is not saved yet" in page
    assert f'id="id_{field}_error"' in page
    assert form["question"].value() == given["question"]
    assert "Why <b>" not in page
    assert Rsvp.objects.count() == 0


def test_a_form_that_was_mended_goes_through_under_the_same_key(client: Client) -> None:
    event = an_event()
    answer = save(client, event, email="")
    key = answer.context["key"]
    assert f'value="{key}"' in answer.content.decode()
    assert save(client, event, key=key).status_code == 303


def test_an_event_that_filled_meanwhile_asks_before_anybody_waits(client: Client) -> None:
    event = an_event(capacity=1)
    an_rsvp(event)
    asked = save(client, event)
    assert "The one seat is taken. You can join the waitlist." in text_of(asked)
    page = client.get(save(client, event, wait="1")["Location"])
    assert "You are number 1 in line." in text_of(page)


def test_an_event_that_closed_meanwhile_says_so_and_that_the_question_came_through(client: Client) -> None:
    event = an_event()
    Event.objects.filter(pk=event.pk).update(rsvp_closes_at=timezone.now() - dt.timedelta(minutes=1))
    answer = save(client, event, question="Why?")
    assert answer.status_code == 409
    words = text_of(answer)
    assert "Places cannot be saved for this meeting now." in words
    assert "Your question has reached us all the same" in words
    assert ContributionIntake.objects.count() == 1
    assert Rsvp.objects.count() == 0


def test_another_site_cannot_send_it(client: Client) -> None:
    event = an_event()
    answer = client.post(f"/events/{event.pk}/rsvp", filled(), headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert Rsvp.objects.count() == 0


def test_looking_at_its_address_changes_nothing_and_leads_to_the_form(client: Client) -> None:
    event = an_event()
    answer = client.get(f"/events/{event.pk}/rsvp", filled())
    assert answer["Location"] == f"/events/{event.pk}#rsvp"
    assert client.head(f"/events/{event.pk}/rsvp").status_code == 302
    assert Rsvp.objects.count() == 0


def test_too_many_at_once_are_asked_to_wait_and_keep_their_words(client: Client, settings: Any) -> None:
    settings.RATES = settings.RATES | {"public_posts": (1, 600)}
    settings.THROTTLES = "on"
    event = an_event()
    save(client, event)
    answer = save(client, event, question="Do not lose this")
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert "Do not lose this" in text_of(answer)
    assert Rsvp.objects.count() == 1


def test_in_spanish_the_rsvp_speaks_spanish(client: Client) -> None:
    answer = save(client, an_event(), "/es", language="es")
    assert Rsvp.objects.get().language == "es"
    assert '<html lang="es"' in text_of(client.get(answer["Location"]))


def test_who_is_signed_in_is_of_no_interest(client: Client) -> None:
    answer = save(client, an_event())
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
