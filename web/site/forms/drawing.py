"""Draws the fields that nearly every form has without a template for each: a page of two dozen fields is twice as quick.

The marks are Django's own, to the letter (the tests compare them); every other widget goes through Django's template.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeData, SafeString, mark_safe

_WIDGETS: Final = "django/forms/widgets/"
_INPUTS: Final = (
    "checkbox",
    "date",
    "email",
    "hidden",
    "input",
    "number",
    "password",
    "tel",
    "text",
    "time",
    "url",
)


class QuickForms(DjangoTemplates):
    """The project's form renderer (settings.FORM_RENDERER)."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        draw = _DRAWN.get(template_name)
        if draw is None:
            return SafeString(super().render(template_name, context, request))
        return mark_safe(draw(context["widget"]))  # noqa: S308 - every part is escaped below


def _input(widget: Mapping[str, Any]) -> str:
    value = widget["value"]
    given = "" if value is None else f' value="{_escaped(value)}"'
    return (
        f'<input type="{conditional_escape(widget["type"])}" name="{conditional_escape(widget["name"])}"'
        f"{given}{_attributes(widget)}>"
    )


def _textarea(widget: Mapping[str, Any]) -> str:
    text = conditional_escape(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{conditional_escape(widget["name"])}"{_attributes(widget)}>\n{text}</textarea>'


def _select(widget: Mapping[str, Any]) -> str:
    drawn = []
    for group, options, _index in widget["optgroups"]:
        if group:
            drawn.append(f'\n  <optgroup label="{conditional_escape(group)}">')
        drawn += [f"\n  {_option(option)}\n" for option in options]
        if group:
            drawn.append("\n  </optgroup>")
    inside = "".join(drawn)
    return f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget)}>{inside}\n</select>'


def _option(option: Mapping[str, Any]) -> str:
    label = conditional_escape(option["label"])
    return f'<option value="{_escaped(option["value"])}"{_attributes(option)}>{label}</option>'


def _attributes(widget: Mapping[str, Any]) -> str:
    return "".join(
        f" {conditional_escape(name)}" + ("" if value is True else f'="{_escaped(value)}"')
        for name, value in widget["attrs"].items()
        if value is not False
    )


def _escaped(value: Any) -> str:
    """As ``value|stringformat:'s'`` in a template: only what is marked as safe is let through as it is."""
    return value if isinstance(value, SafeData) else escape(str(value))  # type: ignore[return-value]


_DRAWN: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    **{f"{_WIDGETS}{name}.html": _input for name in _INPUTS},
    f"{_WIDGETS}select.html": _select,
    f"{_WIDGETS}textarea.html": _textarea,
}
