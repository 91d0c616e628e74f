"""Every kind of letter as a mail program on a phone shows it: by day and by night, whatever its style sheet is worth there.

``make mail-pictures`` runs this with a folder in MAIL_PICTURES: then it looks at nothing, and leaves a picture of each kind
and language there.
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.looking import axe, no_sideways_scroll
from tests.makers.agencies import an_agency
from tests.makers.every_letter import Town, a_hall
from tests.makers.letters import html_of
from tests.makers.mail_server import Post, a_mail_server

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(databases=["default", "owner"], transaction=True),
]
_STYLE: Final = re.compile(r"<style>.*?</style>", re.DOTALL)
# Small enough for a repository: chromium writes WebP, which playwright does not.
_AS_WEBP: Final = """
async (png) => {
  const image = new Image();
  image.src = 'data:image/png;base64,' + png;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.width, image.height];
  canvas.getContext('2d').drawImage(image, 0, 0);
  return canvas.toDataURL('image/webp', 0.6).split(',')[1];
}
"""


@pytest.fixture
def letters_sent(settings: Any) -> Iterator[Post]:
    """A mail server, and settings that name it."""
    with a_mail_server() as running:
        settings.MAIL_SERVER = running.server
        settings.MAIL_FROM = "meetings@harborfalls.example"
        settings.PUBLIC_URL = "https://engage.harborfalls.example"
        yield running


@pytest.mark.parametrize("discreet", [False, True], ids=["open", "discreet"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_each_letter_can_be_read_by_day_and_by_night_on_a_narrow_phone(
    browser: Browser, letters_sent: Post, language: str, discreet: bool
) -> None:
    shown = one_of_each(letters_sent, language, discreet=discreet)
    page = browser.new_page(viewport={"width": 390, "height": 844})
    wrong: list[str] = []
    folder = os.environ.get("MAIL_PICTURES")
    try:
        for kind, letter in shown.items():
            html = with_pictures(letter)
            page.emulate_media(color_scheme="light")
            page.set_content(html)
            if folder is not None:
                _take(page, Path(folder, f"{kind}{'-discreet' if discreet else ''}-{language}.webp"))
                continue
            wrong += [f"{kind}: {one}" for one in [*axe(page), *no_sideways_scroll(page)]]
            page.emulate_media(color_scheme="dark")
            wrong += [f"{kind}, by night: {one}" for one in axe(page)]
            # Some mail programs throw the style sheet away, and keep what stands at each part.
            page.emulate_media(color_scheme="light")
            page.set_content(_STYLE.sub("", html))
            wrong += [f"{kind}, without its sheet: {one}" for one in axe(page) if "contrast" in one]
    finally:
        page.close()
    assert not wrong, "\n".join(wrong)


def one_of_each(post: Post, language: str, *, discreet: bool) -> dict[str, EmailMessage]:
    """By kind, the first of it; of a discreet town those that are about a meeting."""
    words = {
        "en": {
            "title": "Town hall on traffic stops and searches",
            "description": "Ask the chief how stops and searches are decided, and what was promised in spring.",
        },
        "es": {
            "title": "Asamblea sobre detenciones de tránsito",
            "description": "Pregunte a la jefatura cómo se deciden las detenciones, y qué se prometió en primavera.",
        },
    }
    agency = an_agency(
        slug="harbor-falls",
        name="Harbor Falls Police Department",
        contact_office="Community Relations Office",
        contact_phone="202-555-0123",
        contact_email="relations@harborfalls.example",
        languages=["en", "es"],
    )
    promise = {
        "en": "Print a card that says what your rights are at a stop",
        "es": "Imprimir una tarjeta que diga cuáles son sus derechos",
    }
    town = Town(
        agency,
        post,
        language,
        {**words[language], "discreet": discreet},
        a_hall(agency),
        {"title": promise[language]},
    )
    town.everything()
    kinds, found = town.kinds(), {}
    for each in post.letters:
        found.setdefault(kinds[each["Message-ID"]], each)
    return found


def with_pictures(letter: EmailMessage) -> str:
    """Its HTML, with what it carries in itself."""
    html = html_of(letter)
    for part in letter.walk():
        if cid := part["Content-ID"]:
            data = base64.b64encode(bytes(part.get_payload(decode=True))).decode()
            html = html.replace(f"cid:{cid[1:-1]}", f"data:image/png;base64,{data}")
    return html


def _take(page: Page, file: Path) -> None:
    png = base64.b64encode(page.screenshot(full_page=True)).decode()
    file.write_bytes(base64.b64decode(page.evaluate(_AS_WEBP, png)))
