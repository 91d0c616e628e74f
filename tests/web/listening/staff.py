"""Who stands at the desk in these tests, and what they have before them."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from engage.agencies.models import Agency
from engage.listening.moderating import show
from engage.listening.theming import make_theme
from engage.people.models import Person
from events.event.models import Event
from events.planning.lifecycle import end, start
from outreach.summaries.models import SummaryVersion
from outreach.summaries.reading import open_version
from tests.makers.agencies import a_person, an_agency
from tests.makers.contributions import a_contribution
from tests.makers.events import an_event

HTMX = {"HTTP_HX_REQUEST": "true"}


def a_desk(kind: str = "liaison", agency: Agency | None = None) -> tuple[Client, Agency, Person]:
    """Somebody of that role, signed in, at an agency with offices."""
    host = agency or an_agency(offices=["Patrol Division", "Traffic Unit"], languages=["en", "es"])
    person = a_person(host, kind)
    client = Client()
    client.force_login(person)
    return client, host, person


def over(event: Event) -> Event:
    start(event.pk, now=timezone.now())
    end(event.pk, now=timezone.now())
    event.refresh_from_db()
    return event


def an_evening(agency: Agency) -> Event:
    """Over, with a theme, two comments that everybody can read, and one of them that may be quoted."""
    event = an_event(agency)
    theme = make_theme(actor=None, event=event, title="Street lights")
    for body, may_quote in (("Nine lamps are out.", True), ("It is dark by the bridge.", False)):
        contribution = a_contribution(agency, event=event, theme=theme, body=body, may_quote=may_quote)
        show(contribution, actor=None, now=timezone.now())
    return over(event)


def errors_in(answer: Any) -> dict[str, list[str]]:
    """What stands at the fields of the form that was shown."""
    return {name: [str(one) for one in errors] for name, errors in answer.context["form"].errors.items()}


def url(name: str, event: Event) -> str:
    return reverse(name, kwargs={"slug": event.agency.slug, "event_id": event.pk})


def as_filled_in(answer: Any, **changed: Any) -> dict[str, Any]:
    """What a browser would send if nothing but ``changed`` were touched. Names may have ``__`` for a hyphen."""
    form = answer.context["form"]
    sent: dict[str, Any] = {}
    for field in form:
        value = field.value()
        if value is True:
            sent[field.html_name] = "on"
        elif value is not None and value is not False:
            sent[field.html_name] = value
    return sent | {name.replace("__", "-"): value for name, value in changed.items()}


def drafted(client: Client, event: Event, **typed: str) -> Any:
    """typed: of a correction, what it corrects."""
    return client.post(url("event_summary_draft", event), typed, follow=True)


def the_draft(event: Event) -> SummaryVersion:
    version = open_version(event)
    assert version is not None
    return version
