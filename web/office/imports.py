"""Meetings from a file: what would happen is shown first, then the same file is taken over."""

from __future__ import annotations

import base64
import binascii
import zlib
from functools import partial
from typing import Any, Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engage.refusals import FieldError, Invalid, RuleViolation
from events.imports.importing import UPLOAD_BYTES, UPLOAD_EVENTS, import_upload
from events.imports.notices import FileTooLarge
from web.site.forms.one_act import may_be_sent_again
from web.site.forms.page import form_page, sent
from web.site.forms.refusals import TakesRefusals
from web.site.frames.staff import Desk, desk_page, go_on, show

# What goes along in the form until it is confirmed; below what Django takes of a form's own fields.
_CARRIED_MOST: Final = 1_800_000
_ROWS_SHOWN: Final = 300


class FileForm(TakesRefusals):
    file = forms.FileField(
        label=gettext_lazy("File of meetings"),
        widget=forms.FileInput(
            {"accept": ".csv,.json,.jsonl,.ics,.ical,text/calendar,text/csv,application/json"}
        ),
        error_messages={
            "required": gettext_lazy("Choose a file."),
            "empty": gettext_lazy("This file is empty."),
        },
        help_text=gettext_lazy("A calendar (.ics), a table (.csv) or a list (.json)."),
    )

    def take(self, refusal: RuleViolation) -> None:
        """Whatever is wrong is wrong with the file, at its line where there is one."""
        sentence = str(refusal.detail)
        if line := refusal.extra.get("line"):
            sentence = _("{sentence} Look at line {line}.").format(sentence=sentence, line=line)
        self.add_error("file", sentence)


class CarriedForm(FileForm):
    """The same file on its second way, in a field that nobody fills in: a new one is chosen where it did not come along."""

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["file"].required = False


@desk_page("events:write")
def import_events(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A file, then its rows as they would be taken (nothing is stored), then the same rows taken over.

    Between the two steps the file lies in the page's own form: nothing of it is kept here.
    """
    carries = "carried" in request.POST
    form = CarriedForm(request.POST) if carries else FileForm(sent(request), request.FILES or None)
    context = {"form": form, "most_events": UPLOAD_EVENTS, "most_megabytes": UPLOAD_BYTES // 1_000_000}

    def answered(answer: HttpResponse) -> HttpResponse:
        if not carries:
            may_be_sent_again()
        return answer

    return form_page(
        request,
        form,
        lambda: _take_over(request, desk) if carries else _foresee(request, desk, form.cleaned_data["file"]),
        shown=partial(show, request, "office/import.html", desk, context, nav="events"),
        done=answered,
    )


def _foresee(request: HttpRequest, desk: Desk, file: Any) -> HttpResponse:
    if file.size > UPLOAD_BYTES:
        raise FileTooLarge
    data = file.read(UPLOAD_BYTES + 1)
    report = import_upload(
        desk.agency, name=file.name, data=data, actor=desk.person, now=desk.now, dry_run=True
    )
    carried = base64.b64encode(zlib.compress(data, 9)).decode()
    if len(carried) > _CARRIED_MOST:
        raise FileTooLarge
    context = _told(report) | {"file_name": file.name, "carried": carried, "is_foreseen": True}
    return show(request, "office/import_rows.html", desk, context, nav="events")


def _take_over(request: HttpRequest, desk: Desk) -> HttpResponse:
    name, data = request.POST.get("file_name", "")[:200], _uncarried(request.POST["carried"])
    report = import_upload(desk.agency, name=name, data=data, actor=desk.person, now=desk.now, dry_run=False)
    counts = report["counts"]
    new = ngettext("%(n)d meeting is new.", "%(n)d meetings are new.", counts["created"]) % {
        "n": counts["created"]
    }
    changed = ngettext("%(n)d was changed.", "%(n)d were changed.", counts["updated"]) % {
        "n": counts["updated"]
    }
    if not counts["faulty"]:
        return go_on(request, desk, f"{new} {changed}", "board")
    return show(
        request, "office/import_rows.html", desk, _told(report) | {"is_foreseen": False}, nav="events"
    )


def _uncarried(text: str) -> bytes:
    """Raises Invalid, FileTooLarge. The form came from outside, so what it carries is read within the same bounds."""
    try:
        reader = zlib.decompressobj()
        data = reader.decompress(base64.b64decode(text, validate=True), UPLOAD_BYTES + 1)
    except (binascii.Error, ValueError, zlib.error):
        sentence = _("The file did not come along. Choose it again.")
        raise Invalid(sentence, errors=[FieldError("file", "invalid", sentence)]) from None
    if len(data) > UPLOAD_BYTES:
        raise FileTooLarge
    return data


def _told(report: dict[str, Any]) -> dict[str, Any]:
    """Troubles first: they are what somebody reads a report for."""
    order = {"faulty": 0, "updated": 1, "created": 2, "copy": 3, "unchanged": 4}
    rows = sorted(report["results"], key=lambda row: (order[row["outcome"]], row["component"]))
    words = {
        "created": _("New"), "updated": _("Changed"), "unchanged": _("As it was"), "copy": _("Twice in the file"),
        "faulty": _("Not taken"),
    }  # fmt: skip
    return {
        "counts": [(words[name], number) for name, number in report["counts"].items()],
        "rows": [(row, words[row["outcome"]]) for row in rows[:_ROWS_SHOWN]],
        "more_rows": max(0, len(rows) - _ROWS_SHOWN),
        "will_change": report["counts"]["created"] + report["counts"]["updated"],
    }
