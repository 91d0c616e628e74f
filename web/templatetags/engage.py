"""What templates draw: icons, marks, tallies, bars, QR codes; and the addresses of pages in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import segno
from django import template
from django.conf import settings
from django.forms import BoundField
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from engage.agencies.models import Agency
from engage.contacts.telephones import calling, relay_of
from engage.local_time import one_stop
from events.event.when import dates_of, days_of
from web.site.drawings import CRESTS, MARKS
from web.site.forms.plain_words import mistakes_of
from web.site.languages.addresses import address_of
from web.site.languages.worded import another_language, direction, own, told

register = template.Library()
register.filter("one_stop", one_stop)
register.filter("event_dates", dates_of)
register.filter("event_days", days_of)
register.filter("mistakes", mistakes_of)
register.filter("calling", calling)
register.filter("own", own)
register.filter("told", told)
_ICONS: Final = Path(__file__).resolve().parents[1] / "static" / "web" / "built" / "icons.json"


@lru_cache(maxsize=1)
def _icons() -> dict[str, str]:
    return dict(json.loads(_ICONS.read_text(encoding="utf-8")))


@register.simple_tag
def lang_of(text: str, agency: Any) -> SafeString | str:
    """The language of a whole element that holds an agency's words, where it is not the page's."""
    language = another_language(text, agency)
    return format_html('lang="{}" dir="{}"', language, direction(language)) if language else ""


@register.simple_tag
def relay(agency: Agency) -> SafeString | str:
    """The number that connects whoever types or signs where the agency is, as a link that calls it; empty for none."""
    return calling(relay_of(agency.country))


@register.simple_tag
def icon(name: str, more: str = "") -> SafeString:
    """One icon of the design system, drawn in the page: it says nothing to a screen reader, the words beside it do."""
    inner = _icons()[name]
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        more,
        mark_safe(inner),  # noqa: S308 - the design system's own drawing
    )


@register.simple_tag
def idle_warning() -> int:
    """Seconds without an act after which an unsaved draft is warned of."""
    return int(settings.IDLE_WARNING_SECONDS)


@register.simple_tag
def mark(name: str) -> SafeString:
    """The mark of a status: kept, track, risk, late, failed, stopped or draft."""
    return format_html(
        '<svg class="mark mark--{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        name,
        mark_safe(MARKS[name]),  # noqa: S308 - our own drawing
    )


@register.simple_tag
def status(standing: Any, size: str = "") -> SafeString:
    """A status with its word. standing: has ``mark`` and ``word`` (web.site.drawings.Marked). size: "" or "big"."""
    return format_html(
        '<span class="status status--{}{}">{}{}</span>',
        standing.mark,
        f" status--{size}" if size else "",
        mark(standing.mark),
        standing.word,
    )


@register.simple_tag
def tally(marks: Iterable[str], words: str, more: str = "") -> SafeString:
    """One mark a promise, in the order given. words: what a screen reader says instead of the row of marks."""
    drawn = format_html_join("", "{}", ((mark(name),) for name in marks))
    return format_html('<div class="tally {}" role="img" aria-label="{}">{}</div>', more, words, drawn)


@register.simple_tag
def bar(part: float, whole: float) -> SafeString:
    """A bar as wide as ``part`` of ``whole``; the number stands beside it in words."""
    percent = min(100, round(100 * part / whole)) if whole else 0
    return format_html(
        '<svg class="measure" width="100%" height="12" aria-hidden="true" focusable="false">'
        '<rect class="measure__ground" width="100%" height="12"/>'
        '<rect class="measure__part" width="{}%" height="12"/></svg>',
        percent,
    )


@register.simple_tag
def qr(text: str, words: str) -> SafeString:
    """A QR code as a picture in the page. words: what it is, for who does not see it."""
    drawn = segno.make(text, micro=False, error="m", boost_error=False)
    inside = drawn.svg_inline(border=0, omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(inside.replace("<svg ", str(format_html('<svg role="img" aria-label="{}" ', words)), 1))  # noqa: S308


@register.simple_tag
def crest(agency: Any) -> SafeString:
    """The mark beside the agency's name: a drawing, or one to three letters."""
    inner = CRESTS.get(getattr(agency, "mark", ""), "")
    if not inner:
        inner = format_html(
            '<text x="22" y="28" text-anchor="middle" font-size="16" font-weight="700" fill="#fff">{}</text>',
            getattr(agency, "mark_letters", "") or "E",
        )
    return format_html(
        '<svg viewBox="0 0 44 44" aria-hidden="true" focusable="false">'
        '<circle class="brand__ground" cx="22" cy="22" r="21"/>{}</svg>',
        mark_safe(inner) if not isinstance(inner, SafeString) else inner,  # noqa: S308 - our own drawing
    )


@register.simple_tag
def address(name: str, **parts: Any) -> str:
    """The address of a page in the language that is spoken now."""
    return address_of(name, **parts)


@register.inclusion_tag("site/forms/field.html")
def field(bound: BoundField, size: str = "", hint: str = "") -> dict[str, Any]:
    """One field of a form with its label, hint and errors. size: "", "short" or "mid"."""
    return {"field": bound, "kind": _kind(bound), "size": size, "hint": hint or bound.help_text}


@register.simple_tag
def control(bound: BoundField, size: str = "") -> SafeString:
    """The field itself, as the design system draws it. Django adds what a screen reader needs (aria-describedby …)."""
    classes = {"select": "usa-select", "textarea": "usa-textarea"}.get(_kind(bound), "usa-input")
    more = f" usa-input--{size}" if size else ""
    given = bound.field.widget.attrs.get("class", "")
    return bound.as_widget(attrs={"class": f"{classes}{more} {given}".strip()})


@register.simple_tag
def box(bound: BoundField) -> SafeString:
    """A checkbox with its label."""
    drawn = bound.as_widget(attrs={"class": "usa-checkbox__input"})
    return format_html(
        '<div class="usa-checkbox">{}<label class="usa-checkbox__label" for="{}">{}</label></div>',
        drawn,
        bound.id_for_label,
        bound.label,
    )


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    names = {
        "CheckboxInput": "checkbox",
        "RadioSelect": "radios",
        "CheckboxSelectMultiple": "checkboxes",
        "Select": "select",
        "SelectMultiple": "select",
        "NullBooleanSelect": "select",
        "Textarea": "textarea",
        "HiddenInput": "hidden",
    }
    return next((names[kind.__name__] for kind in type(widget).__mro__ if kind.__name__ in names), "input")
