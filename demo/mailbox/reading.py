"""Takes a letter apart for whoever reads it: headers, text, HTML, and the parts to download."""

import codecs
import email
import mimetypes
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage, Message


@dataclass(frozen=True, slots=True)
class Part:
    """A leaf of the letter. ``number`` counts leaves from 0; ``size`` is in bytes, decoded."""

    number: int
    content_type: str
    filename: str
    content_id: str
    content: bytes

    def as_json(self) -> dict[str, object]:
        return {
            "number": self.number,
            "content_type": self.content_type,
            "filename": self.filename,
            "content_id": self.content_id,
            "size": len(self.content),
        }


@dataclass(frozen=True, slots=True)
class Opened:
    """A letter taken apart; ``text`` and ``html`` are the first of their kind, or None."""

    headers: list[tuple[str, str]]
    text: str | None
    html: str | None
    parts: list[Part]

    def as_json(self) -> dict[str, object]:
        return {
            "headers": [list(header) for header in self.headers],
            "text": self.text,
            "html": self.html,
            "parts": [part.as_json() for part in self.parts],
        }


def opened(raw: bytes) -> Opened:
    """Take ``raw`` apart; whatever it holds, nothing is raised."""
    message = email.message_from_bytes(raw, policy=policy.default)
    leaves = [leaf for leaf in message.walk() if not leaf.is_multipart()]
    return Opened(
        headers=_headers(message),
        text=_first(leaves, "text/plain"),
        html=_first(leaves, "text/html"),
        parts=[_part(number, leaf) for number, leaf in enumerate(leaves)],
    )


def _headers(message: Message) -> list[tuple[str, str]]:
    try:
        return [(name, str(value)) for name, value in message.items()]
    except (ValueError, IndexError, AttributeError, KeyError):
        # A header that the parser of structured headers trips over: as it stands in the letter.
        return [(name, str(value)) for name, value in message.raw_items()]


def _first(leaves: list[EmailMessage], content_type: str) -> str | None:
    for leaf in leaves:
        if leaf.get_content_type() == content_type and leaf.get_content_disposition() != "attachment":
            return _bytes(leaf).decode(_charset(leaf), errors="replace")
    return None


def _part(number: int, leaf: EmailMessage) -> Part:
    content_type = leaf.get_content_type()
    ending = mimetypes.guess_extension(content_type) or ".bin"
    try:
        filename = leaf.get_filename() or ""
    except (ValueError, TypeError):
        filename = ""
    return Part(
        number=number,
        content_type=content_type,
        filename=filename or f"part-{number}{ending}",
        content_id=str(leaf.get("Content-ID", "")).strip().strip("<>"),
        content=_bytes(leaf),
    )


def _bytes(leaf: EmailMessage) -> bytes:
    content = leaf.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _charset(leaf: EmailMessage) -> str:
    charset = leaf.get_content_charset("utf-8")
    try:
        codecs.lookup(charset)
    except LookupError:
        return "utf-8"
    return charset
