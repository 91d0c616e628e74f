"""Each form has a key of its own and each page that takes one asks for it: a double press makes one thing (web.site.forms.one_act)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from tests.architecture.sources import ROOT
from tests.web.page_table import MADE_UP
from web.site.forms.one_act import IS_ONE_ACT

TEMPLATES: Final = ROOT / "web" / "templates"
_TAG: Final = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_FORM: Final = re.compile(r"<form\b(.*?)</form>", re.DOTALL)
_INCLUDED: Final = re.compile(r'\{% include "([^"]+)"')
_KEYS: Final = ("{% csrf_token %}", "{% form_key %}", 'name="key"')

# Forms without a key of this page: why a second press makes nothing more.
NEEDS_NO_KEY: Final = {
    "door/link.html": "a device that is given its cookie, anew with each answer",
    "events/is_this_right.html": "the key stands among what is carried along",
    "listening/_question_to_second.html": "the mark of the browser's own counts once",
    "listening/me_too.html": "the key stands among what is carried along",
    "listening/is_this_right.html": "the key stands among what is carried along",
}

# Pages that take a POST without asking for a key first: why one press is enough.
ASKS_FOR_NO_KEY: Final = {
    "ask_event ask_us save_rsvp follow my_link": "under the key that the browser made (keyed_form_page, done_once)",
    "me_too": "under the browser's mark, or one of the key of ours",
    "door_let_in door_walk_in": "under the key of the arrival",
    "door_begin door_leave door_find door_matches door_heads door_undo door_correct": "set or show what they name",
    "account end_session end_other_sessions": "set what they name, however often it is said",
    "unsubscribe": "a mail program's one press; the page with a button is a page behind a link",
    "account_login account_reset_password_from_key": "a password or a link that is used up by the first press",
    "account_signup old_address": "take no form",
    # allauth's own pages.
    "account_logout mfa_deactivate_totp mfa_remove_webauthn mfa_edit_webauthn": "set what they name",
    "account_reauthenticate mfa_authenticate mfa_reauthenticate mfa_reauthenticate_webauthn mfa_login_webauthn": "let one session in, however often; tries are counted",
    "account_change_password account_set_password": "the old password is none any more, or there is one now",
    "account_reset_password": "each letter's link sets one password; letters are counted",
    "mfa_activate_totp": "whoever has one is led on before a second is made",
    "mfa_add_webauthn": "its challenge is used up by the first press",
    "mfa_generate_recovery_codes": "both presses lead to the one set that holds, and it is read there",
    "mfa_index mfa_view_recovery_codes mfa_download_recovery_codes mfa_list_webauthn": "are only read",
}


def test_every_form_of_a_template_has_a_key() -> None:
    without = {name for name, form in _forms() if not any(key in form for key in _KEYS)}
    assert without == set(NEEDS_NO_KEY)


def test_every_page_that_takes_a_form_answers_it_once() -> None:
    named = {name for names in ASKS_FOR_NO_KEY for name in names.split()}
    unguarded = {
        page.name
        for page in _pages(get_resolver("web.urls").url_patterns)
        if not getattr(page.callback, IS_ONE_ACT, False) and _takes_a_form(page)
    }
    assert unguarded == named, "Make it a desk_page or a link_page, or say why one press is enough."


def _forms() -> Iterator[tuple[str, str]]:
    """Each form that is sent by POST, with the parts of it that stand in templates of their own."""
    for path in sorted(TEMPLATES.glob("**/*.html")):
        for found in _FORM.finditer(path.read_text()):
            if 'method="post"' in _head(found[1]):
                yield str(path.relative_to(TEMPLATES)), _whole(found[1])


def _head(form: str) -> str:
    return _TAG.sub("", form).partition(">")[0]


def _whole(form: str) -> str:
    parts = (TEMPLATES / name for name in _INCLUDED.findall(form))
    return form + "".join(part.read_text() for part in parts if part.exists())


def _pages(found: list[Any]) -> Iterator[URLPattern]:
    for one in found:
        if isinstance(one, URLResolver):
            yield from _pages(one.url_patterns)
        elif one.name:
            yield one


def _takes_a_form(page: URLPattern) -> bool:
    """Whether it lets a POST through at all: a page that is only read refuses it before anything is looked up."""
    parts = {name: MADE_UP[name] for name in page.pattern.converters}
    try:
        answer = page.callback(RequestFactory().post("/"), **parts)
    except Exception:
        return True
    return int(answer.status_code) != HTTPStatus.METHOD_NOT_ALLOWED
