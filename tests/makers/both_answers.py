"""What somebody outside can observe of an answer, with everything that is random for everyone taken out."""

from __future__ import annotations

import re
from typing import Any

from engage.contacts.addresses import masked

# Drawn from the check-in code: how long its lines are is chance.
_PICTURE = re.compile(r"<path[^>]*>")
_RANDOM = (
    (re.compile(r'name="key" value="[\w-]{32}"'), 'name="key" value="<key>"'),
    (re.compile(r"(?:\b|(?<=%2F))[a-z2-7]{53}\b"), "<link>"),
    # What follows from an act (engage.confirming), named by the event's id; its numbers stand beside it in words.
    (re.compile(r"\b[0-9a-f]{32}\b"), "<digest>"),
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "<id>"),
    (re.compile(r"\b[0-9A-HJKMNP-TV-Z]{5} ?[0-9A-HJKMNP-TV-Z]{5}\b"), "<code>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)?"), "<moment>"),
    (re.compile(r"\b\d{1,2}:\d\d [ap]\.m\."), "<hour>"),
    (re.compile(r"\b(?:DTSTAMP|LAST-MODIFIED|CREATED):\d{8}T\d{6}Z"), "<stamp>"),
)


def observed(answer: Any, *addresses: str) -> tuple[int, dict[str, str], str, int]:
    """Status, headers, body and the body's length without what is random. addresses: of one length each, so that they leave no trace."""
    headers = {
        name: _plain(value, addresses) for name, value in answer.headers.items() if name != "X-Request-Id"
    }
    body = answer.content.decode()
    seen = _plain(_PICTURE.sub("<path>", body), addresses)
    if _PICTURE.search(body):
        headers.pop("Content-Length", None)
    return answer.status_code, headers, seen, len(seen)


def _plain(text: str, addresses: tuple[str, ...]) -> str:
    for address in addresses:
        for form in (address, address.replace("@", "%40"), masked(address)):
            text = text.replace(form, "<address>")
    for pattern, instead in _RANDOM:
        text = pattern.sub(instead, text)
    return text
