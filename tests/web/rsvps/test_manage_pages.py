"""What a resident does with the link they were given."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from engage.contacts.links import Purpose, mint
from engage.contacts.models import BlockedAddress, Contact
from events.event.models import Event
from events.rsvps.changing import cancel
from events.rsvps.models import Rsvp
from events.rsvps.needs.asking import Need, detail_of, needs_of
from tests.makers.events import an_event
from tests.makers.pages import html_of
from tests.makers.rsvps import a_full_event, an_rsvp, as_it_is, contact_of, sums_hold

pytestmark = pytest.mark.django_db(databases=["default", "owner"], transaction=True)


def page_of(rsvp: Rsvp, purpose: Purpose = Purpose.RSVP_SCREEN, more: str = "") -> str:
    return f"/r/{mint(purpose, rsvp.pk, rsvp.link_version)}{more}"


def text_of(answer: object) -> str:
    return re.sub(r"\s+", " ", html_of(answer))  # type: ignore[attr-defined]


def as_filled_in(client: Client, path: str, **changes: object) -> dict[str, object]:
    """What a browser sends that got the page and changed something in it."""
    form = client.get(path).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False, "")}
    return {name: "on" if value is True else value for name, value in (sent | changes).items() if value != ""}


def test_the_page_shows_the_rsvp_and_its_code(client: Client) -> None:
    rsvp = an_rsvp(an_event(title="Town hall about stops"), party_size=3)
    shown = text_of(client.get(page_of(rsvp)))
    assert "Town hall about stops" in shown
    assert "Your place is saved" in shown
    assert f"{rsvp.checkin_code[:5]} {rsvp.checkin_code[5:]}" in shown


def test_a_discreet_event_is_not_named(client: Client) -> None:
    rsvp = an_rsvp(an_event(title="Survivors of violence", kind="listening_session"))
    assert rsvp.event.discreet or Event.objects.get(pk=rsvp.event_id).discreet
    assert "Survivors" not in text_of(client.get(page_of(rsvp)))


def test_what_residents_and_staff_typed_is_escaped(client: Client) -> None:
    event = an_event(title="<script>alert(1)</script>")
    rsvp = an_rsvp(event, needs=[Need("other", detail='"><img src=x onerror=alert(1)>')])
    shown = html_of(client.get(page_of(rsvp)))
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown


def test_the_party_grows_and_the_seats_with_it(client: Client) -> None:
    rsvp = an_rsvp(an_event(capacity=10), party_size=2)
    path = page_of(rsvp)
    answer = client.post(path, as_filled_in(client, path, party_size=5), follow=True)
    assert "Saved" in text_of(answer)
    assert as_it_is(rsvp).party_size == 5
    assert sums_hold(rsvp.event_id)


def test_a_party_that_does_not_fit_is_refused_and_what_was_typed_stays(client: Client) -> None:
    rsvp = an_rsvp(an_event(capacity=3), party_size=2)
    path = page_of(rsvp)
    answer = client.post(
        path, as_filled_in(client, path, party_size=4, detail_other="Near the door", need_other="on")
    )
    assert answer.status_code == 400
    assert "Near the door" in text_of(answer)
    assert "Error:" in text_of(answer)
    assert as_it_is(rsvp).party_size == 2
    assert needs_of(rsvp) == []


def test_a_full_event_is_a_conflict_behind_the_link_as_on_its_own_page(client: Client) -> None:
    event = an_event(capacity=3)
    rsvp, _other = an_rsvp(event, party_size=2), an_rsvp(event, party_size=1)
    path = page_of(rsvp)
    answer = client.post(path, as_filled_in(client, path, party_size=3))
    assert (answer.status_code, as_it_is(rsvp).party_size) == (409, 2)
    assert "All 3 seats are taken. Your place for 2 stands as it is." in text_of(answer)


@pytest.mark.parametrize("size", ["0", "-1", "21", "many", "", "9" * 5000, "1e3"])
def test_a_party_of_no_sensible_size_is_refused(client: Client, size: str) -> None:
    rsvp = an_rsvp(an_event(), party_size=2)
    path = page_of(rsvp)
    assert client.post(path, {"party_size": size, "language": "en", "remind": "none"}).status_code == 400
    assert as_it_is(rsvp).party_size == 2


def test_needs_are_added_kept_and_taken_away(client: Client) -> None:
    rsvp = an_rsvp(an_event(), needs=[Need("wheelchair", detail="Two chairs")])
    path = page_of(rsvp)
    more = as_filled_in(client, path, need_interpreter="on", interpreter_language="vi")
    assert client.post(path, more).status_code == 302
    assert {(need.kind, need.language, detail_of(need)) for need in needs_of(rsvp)} == {
        ("wheelchair", "", "Two chairs"),
        ("interpreter", "vi", ""),
    }
    less = as_filled_in(client, path, need_wheelchair="", detail_wheelchair="")
    assert client.post(path, less).status_code == 302
    assert [need.kind for need in needs_of(rsvp)] == ["interpreter"]


def test_a_second_interpreter_asked_for_elsewhere_is_not_lost(client: Client) -> None:
    rsvp = an_rsvp(an_event(), needs=[Need("interpreter", "vi"), Need("interpreter", "so")])
    path = page_of(rsvp)
    assert client.post(path, as_filled_in(client, path, party_size=2)).status_code == 302
    assert {need.language for need in needs_of(rsvp)} == {"vi", "so"}


def test_an_interpreter_without_a_language_is_asked_for_the_language(client: Client) -> None:
    rsvp = an_rsvp(an_event())
    path = page_of(rsvp)
    answer = client.post(path, as_filled_in(client, path, need_interpreter="on"))
    assert answer.status_code == 400
    assert needs_of(rsvp) == []


def test_reminders_by_email_are_offered_only_with_an_address(client: Client) -> None:
    without, with_one = an_rsvp(an_event()), an_rsvp(an_event(), email="a@home.example")
    assert [value for value, _ in client.get(page_of(without)).context["form"].fields["remind"].choices] == [
        "none"
    ]
    offered = client.get(page_of(with_one)).context["form"].fields["remind"].choices
    assert [value for value, _ in offered] == ["email", "none"]


def test_giving_back_is_asked_once_more_and_done_by_the_button(client: Client) -> None:
    rsvp = an_rsvp(an_event(capacity=1))
    waiting = an_rsvp(Event.objects.get(pk=rsvp.event_id), email="next@home.example")
    assert "Give your place back?" in text_of(client.get(page_of(rsvp, more="/cancel")))
    assert as_it_is(rsvp).status == "confirmed"
    answer = client.post(page_of(rsvp, more="/cancel"), follow=True)
    assert "You gave your place back" in text_of(answer)
    assert as_it_is(waiting).status == "offered"
    assert client.post(page_of(rsvp, more="/cancel")).status_code == 302
    assert sums_hold(rsvp.event_id)


def test_whoever_waits_leaves_the_line_and_has_no_rsvp_to_give_back(client: Client) -> None:
    _event, _holder, (waiting,) = a_full_event(1)
    assert "Leave the waitlist, and those behind you move up." in text_of(client.get(page_of(waiting)))
    asked = text_of(client.get(page_of(waiting, more="/cancel")))
    assert "<h1>Leave the waitlist?</h1>" in asked
    assert "Whoever has waited longest gets it" not in asked
    client.post(page_of(waiting, more="/cancel"))
    assert as_it_is(waiting).status == "cancelled"


def an_offered_rsvp() -> Rsvp:
    """A place that became free for somebody who waited, thirty days before the meeting."""
    event = an_event(capacity=1)
    first = an_rsvp(event)
    second = an_rsvp(event, email="waits@home.example")
    cancel(first.pk, by="resident", now=timezone.now())
    return as_it_is(second)


def test_an_offer_is_taken_by_the_button_of_its_link_and_proves_the_address(client: Client) -> None:
    rsvp = an_offered_rsvp()
    path = f"/accept/{mint(Purpose.ACCEPT, rsvp.pk, rsvp.link_version)}"
    assert "A place is free for you" in text_of(client.get(path))
    assert as_it_is(rsvp).status == "offered"
    assert "Your place is saved" in text_of(client.post(path))
    assert as_it_is(rsvp).status == "confirmed"
    assert contact_of(rsvp).proven_on is not None
    assert client.post(path).status_code == 200


def test_an_offer_is_given_on_by_its_button(client: Client) -> None:
    rsvp = an_offered_rsvp()
    answer = client.post(page_of(rsvp, more="/decline"), follow=True)
    assert answer.status_code == 200
    assert as_it_is(rsvp).status == "cancelled"


def test_the_link_of_an_offer_manages_nothing_else(client: Client) -> None:
    rsvp = an_offered_rsvp()
    token = mint(Purpose.ACCEPT, rsvp.pk, rsvp.link_version)
    for more in ("", "/cancel", "/erase", "/data", "/not-me"):
        assert client.post(f"/r/{token}{more}").status_code in {404, 405}
    assert as_it_is(rsvp).status == "offered"


def test_an_offer_that_has_gone_is_told_without_an_error_page(client: Client) -> None:
    rsvp = an_offered_rsvp()
    cancel(rsvp.pk, by="resident", now=timezone.now())
    answer = client.post(f"/accept/{mint(Purpose.ACCEPT, rsvp.pk, rsvp.link_version)}")
    assert answer.status_code == 409
    assert "offer has ended" in text_of(answer)


def test_everything_held_is_shown_by_the_mailed_link(client: Client) -> None:
    event = an_event()
    first = an_rsvp(
        event, name="Ada", email="family@home.example", needs=[Need("childcare", detail="Two small ones")]
    )
    an_rsvp(event, name="Bela", email="family@home.example")
    mailed = text_of(client.get(page_of(first, Purpose.RSVP_MAIL, "/data")))
    assert "Ada" in mailed
    assert "Bela" in mailed
    assert "family@home.example" in mailed
    assert "Two small ones" in mailed
    on_screen = text_of(client.get(page_of(first, Purpose.RSVP_SCREEN, "/data")))
    assert "Bela" not in on_screen


def test_erasing_takes_everything_and_the_link_opens_nothing_any_more(client: Client) -> None:
    rsvp = an_rsvp(an_event(), name="Ada", email="a@home.example")
    path = page_of(rsvp, Purpose.RSVP_MAIL, "/erase")
    assert client.get(path).status_code == 200
    assert "Erased" in text_of(client.post(path))
    assert not Rsvp.objects.filter(pk=rsvp.pk).exists()
    assert not Contact.objects.exists()
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


def test_not_me_works_by_a_mailed_link_only_and_blocks_the_address(client: Client) -> None:
    rsvp = an_rsvp(an_event(), email="stranger@home.example")
    assert client.post(page_of(rsvp, Purpose.RSVP_SCREEN, "/not-me")).status_code == 404
    assert as_it_is(rsvp).status == "confirmed"
    assert client.post(page_of(rsvp, Purpose.RSVP_MAIL, "/not-me")).status_code == 200
    assert as_it_is(rsvp).status == "cancelled"
    assert BlockedAddress.objects.count() == 1
    assert contact_of(rsvp).proven_on is None


def test_a_change_by_the_mailed_link_proves_the_address_and_one_by_the_screens_does_not(
    client: Client,
) -> None:
    rsvp = an_rsvp(an_event(), email="a@home.example")
    for purpose, proven in ((Purpose.RSVP_SCREEN, False), (Purpose.RSVP_MAIL, True)):
        path = page_of(rsvp, purpose)
        assert client.post(path, as_filled_in(client, path, party_size=2)).status_code == 302
        assert (contact_of(rsvp).proven_on is not None) is proven


def test_the_page_speaks_the_language_of_the_rsvp_unless_asked_otherwise(client: Client) -> None:
    rsvp = an_rsvp(an_event(), language="es")
    assert 'lang="es"' in text_of(client.get(page_of(rsvp)))
    assert 'lang="en"' in text_of(client.get(page_of(rsvp, more="?lang=en")))
    assert 'lang="es"' in text_of(client.get(page_of(rsvp, more="?lang=xx<script>")))
    assert 'lang="en"' in text_of(client.get("/nothing"))


def test_after_the_event_nothing_can_be_changed(client: Client) -> None:
    rsvp = an_rsvp(an_event())
    Event.objects.filter(pk=rsvp.event_id).update(status="ended")
    assert client.post(page_of(rsvp, more="/cancel")).status_code == 409
    data = {"party_size": "2", "language": "en", "remind": "none"}
    assert client.post(page_of(rsvp), data).status_code == 409
    assert as_it_is(rsvp).party_size == 1


def test_rows_past_their_day_are_gone_even_before_the_purge_ran(client: Client) -> None:
    rsvp = an_rsvp(an_event())
    Rsvp.objects.filter(pk=rsvp.pk).update(erase_after=timezone.now() - dt.timedelta(seconds=1))
    assert client.get(page_of(rsvp)).status_code == 404
