"""The mailbox's pages: plain HTML that needs no script."""

import re
from collections.abc import Sequence
from datetime import datetime
from html import escape
from urllib.parse import quote

from demo.mailbox.reading import Opened, Part
from demo.mailbox.storing import Letter

STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 72rem; margin: 0 auto; padding: 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid #8886; vertical-align: top; }
td { overflow-wrap: anywhere; }
a:focus-visible, input:focus-visible, button:focus-visible { outline: 3px solid #2491ff; outline-offset: 2px; }
input, button { font: inherit; padding: .3rem .6rem; }
iframe { width: 100%; height: 40rem; border: 1px solid #8886; background: #fff; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem; border: 1px solid #8886; }
.headers th { width: 12rem; }
"""
_ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]]")


def list_page(letters: Sequence[Letter], to: str, most: int) -> str:
    """The newest letters; ``to`` is what was searched for."""
    rows = "".join(
        f'<tr><td><a href="/messages/{letter.id}">{escape(letter.subject) or "(no subject)"}</a></td>'
        f"<td>{escape(', '.join(letter.to))}</td><td>{escape(letter.sender)}</td><td>{_time(letter)}</td></tr>"
        for letter in letters[:most]
    )
    shown = f"The newest {most} of {len(letters)}." if len(letters) > most else f"{len(letters)} in all."
    head = "<thead><tr><th scope=col>Subject<th scope=col>To<th scope=col>From<th scope=col>Received</tr></thead>"
    table = f"<table>{head}<tbody>{rows}</tbody></table>" if rows else "<p>No mail yet.</p>"
    return _page(
        "Mail of the demo",
        '<form action="/" role="search"><label for="to">To</label> '
        f'<input id="to" name="to" value="{escape(to)}"> <button>Show</button></form>'
        f"<p>{shown} Nothing here left this machine.</p>{table}",
    )


def letter_page(letter: Letter, content: Opened) -> str:
    """One letter: who, what, the text, the HTML in a frame without rights, and the parts."""
    base = f"/messages/{letter.id}"
    top = [("To (envelope)", ", ".join(letter.to)), *_named(content, "From", "To", "Reply-To", "Date")]
    body = [f"<p><a href='/'>All mail</a> · <a href='{base}/raw'>Source</a></p>", _rows(top)]
    if content.html is not None:
        body.append(
            f'<h2>HTML</h2><iframe title="The letter as HTML" src="{base}/html" '
            'sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
        )
    if content.text is not None:
        body.append(f"<h2>Text</h2><pre>{_with_links(content.text)}</pre>")
    items = "".join(f"<li>{_part_link(base, part)}</li>" for part in content.parts)
    body.append(f"<h2>Parts</h2><ul>{items}</ul>")
    body.append(f"<details><summary>All headers</summary>{_rows(content.headers)}</details>")
    return _page(letter.subject or "(no subject)", "".join(body))


def framed_html(letter_id: str, content: Opened) -> str:
    """The letter's own HTML for the frame: pictures it carries are found, links open beside."""
    html = content.html or ""
    for part in content.parts:
        if part.content_id:
            html = html.replace(f"cid:{part.content_id}", f"/messages/{letter_id}/parts/{part.number}")
    return f'<base target="_blank">{html}'


def missing_page() -> str:
    return _page("No such letter", "<p>It is not here. <a href='/'>All mail</a></p>")


def _part_link(base: str, part: Part) -> str:
    return (
        f'<a href="{base}/parts/{part.number}" download="{escape(quote(part.filename))}">{escape(part.filename)}</a> '
        f"({escape(part.content_type)}, {len(part.content):,} bytes)"
    )


def _named(content: Opened, *names: str) -> list[tuple[str, str]]:
    wanted = {name.casefold() for name in names}
    return [(name, value) for name, value in content.headers if name.casefold() in wanted]


def _rows(pairs: Sequence[tuple[str, str]]) -> str:
    rows = "".join(
        f"<tr><th scope=row>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in pairs
    )
    return f"<table class=headers>{rows}</table>"


def _with_links(text: str) -> str:
    parts, end = [], 0
    for found in _ADDRESS.finditer(text):
        address = escape(found[0])
        parts += [escape(text[end : found.start()]), f'<a href="{address}" rel="noreferrer">{address}</a>']
        end = found.end()
    return "".join([*parts, escape(text[end:])])


def _time(letter: Letter) -> str:
    received = datetime.fromisoformat(letter.received_at)
    return f'<time datetime="{letter.received_at}">{received.astimezone():%Y-%m-%d %H:%M:%S}</time>'


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="/style.css"></head>'
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
