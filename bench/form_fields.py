"""``python -m bench.form_fields [ROUNDS]``: what two dozen fields cost to draw, by three renderers.

Ours (``web/site/forms/drawing.py``) beside Django's templates and Django's templates for Jinja2, in turn (A B C A B C …), in
CPU time; the ratio is ours by the other. Jinja2 is in none of our lists: it is measured where somebody installed it.
"""

from __future__ import annotations

import importlib.util
import os
import statistics
import sys
import time

from bench.rounds import machine

_TIMES = 100


def _widgets() -> list[object]:
    from django import forms

    choices = [(str(number), f"Choice {number}") for number in range(8)]
    return [
        *(forms.TextInput({"maxlength": 200, "class": "usa-input"}) for _ in range(6)),
        forms.EmailInput({"autocomplete": "email"}),
        forms.TelInput({"autocomplete": "tel"}),
        *(forms.DateInput({"type": "date"}) for _ in range(2)),
        *(forms.TimeInput({"type": "time"}) for _ in range(2)),
        *(forms.NumberInput({"min": 1, "max": 20}) for _ in range(2)),
        *(forms.HiddenInput() for _ in range(2)),
        *(forms.CheckboxInput() for _ in range(3)),
        *(forms.Textarea({"rows": 4}) for _ in range(2)),
        *(forms.Select(choices=choices) for _ in range(2)),
        forms.RadioSelect(choices=choices),
    ]


def _draw(widgets: list[object], renderer: object) -> None:
    for number, widget in enumerate(widgets):
        widget.render(f"field{number}", "2", {"id": f"id_{number}"}, renderer=renderer)  # type: ignore[attr-defined]


def _cpu(widgets: list[object], renderer: object) -> float:
    """Milliseconds of CPU time for one form."""
    began = time.process_time()
    for _ in range(_TIMES):
        _draw(widgets, renderer)
    return (time.process_time() - began) * 1000 / _TIMES


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.forms.renderers import DjangoTemplates, Jinja2

    from web.site.forms.drawing import QuickForms

    rounds = int(arguments[0]) if arguments else 15
    renderers: dict[str, object] = {"ours": QuickForms(), "Django's templates": DjangoTemplates()}
    if importlib.util.find_spec("jinja2"):
        renderers["Jinja2"] = Jinja2()
    widgets = _widgets()
    for renderer in renderers.values():
        _draw(widgets, renderer)
    measured = [
        {name: _cpu(widgets, renderer) for name, renderer in renderers.items()} for _ in range(rounds)
    ]
    print("| renderer | ms of CPU: median (min–max) | ours by it |\n|---|---|---|")
    for name in renderers:
        values = [one[name] for one in measured]
        ratio = statistics.median(one["ours"] / one[name] for one in measured)
        print(
            f"| {name} | {statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f}) | {ratio:.2f} |"
        )
    print(f"\n{len(widgets)} fields, {rounds} rounds of {_TIMES}; {machine()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
