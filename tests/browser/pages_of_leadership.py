"""Rows of the table of pages (tests.browser.pages): follow-through, promises as staff keep them, administration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from playwright.sync_api import Page as BrowserPage

from tests.browser.page import STAFF, Page
from tests.browser.town import Town


def _as(
    who: str, name: str, path: str, then: Callable[[BrowserPage], None] | None = None, status: int = 200
) -> Page:
    """A page at the agency's desk. path: ``{p_late}`` stands for the id of that promise."""

    def address(town: Town) -> str:
        ids = {f"who_{kind}": person.pk for kind, person in town.people.items()}
        ids |= {f"p_{key.replace('-', '_')}": commitment.pk for key, commitment in town.commitments.items()}
        return f"/desk/{town.agency.slug}/" + path.format(**ids)

    return Page(name, address, STAFF, who=who, then=then, status=status)


def _the_role_of(kind: str) -> Callable[[Town], str]:
    return lambda town: f"/desk/{town.agency.slug}/office/roles/{town.people[kind].roles.get().pk}/end"


def _send_the_form(page: BrowserPage) -> None:
    page.get_by_role("main").locator("form[method=post]").first.get_by_role("button").first.click()


def _open_the_first_act(page: BrowserPage) -> None:
    page.get_by_role("main").get_by_role("link", name="Move the date").or_(
        page.get_by_role("main").locator(".decision__acts a").last
    ).first.click()
    page.locator(".decision__form form, form.panel").first.wait_for()


LEAD: Final = [
    _as("leader", "follow-through", "follow-through/"),
    _as("leader", "follow-through, an act opened", "follow-through/", then=_open_the_first_act),
    _as("admin", "follow-through, to who only looks", "follow-through/?from=2020-Q1&to=2020-Q2"),
    _as("leader", "approvals", "approvals/"),
    _as("liaison", "commitments of staff", "commitments/?show=all"),
    _as("liaison", "commitments of staff, none", "commitments/?words=unicorns"),
    _as("liaison", "make a commitment", "commitments/new"),
    _as("liaison", "make a commitment, errors", "commitments/new", then=_send_the_form),
    *(
        _as("liaison", f"commitment of staff, {name}", f"commitments/{{p_{name.replace('-', '_')}}}/")
        for name in ("draft", "late", "at-risk", "moved", "kept", "not-kept", "stopped")
    ),
    _as("liaison", "commitment of staff, errors", "commitments/{p_late}/", then=_send_the_form),
    _as("liaison", "edit a draft commitment", "commitments/{p_draft}/edit"),
    _as("liaison", "make a draft commitment public", "commitments/{p_draft}/confirm"),
    _as("liaison", "delete a draft commitment", "commitments/{p_spare}/delete"),
    *(
        _as("leader", f"act on a commitment, {act}", f"commitments/{{p_late}}/{act}")
        for act in ("update", "date", "owner")
    ),
    _as("liaison", "hide a text", "commitments/{p_on_track}/lines/1/hide"),
]
OFFICE: Final = [
    _as("admin", "office", "office/"),
    *(
        _as("admin", f"office, {section}", f"office/{section}/")
        for section in (
            "about", "look", "links", "languages", "privacy", "commitments", "rsvps", "messages", "security", "people",
            "pledges", "readings", "tokens", "communities", "holidays", "closed-days",
        )
    ),
    _as("admin", "office, a color that cannot be read", "office/look/?mark=letters&mark_letters=HF&primary_color=%23ffd000"),
    _as("admin", "office, what is open for somebody", "office/people/{who_liaison}/"),
    Page("office, end a role that leaves something behind", _the_role_of("liaison"), STAFF, who="admin"),
    _as("admin", "office, closed days, errors", "office/closed-days/", then=lambda page: page.locator(".panel form button").first.click()),
    _as("admin", "office, invite, errors", "office/people/", then=lambda page: page.locator(".panel form button").first.click()),
    _as("admin", "office, sign a pledge", "office/pledges/sign/own"),
    _as("liaison", "events from a file", "import/"),
    _as("liaison", "events from a file, errors", "import/", then=_send_the_form),
]  # fmt: skip
