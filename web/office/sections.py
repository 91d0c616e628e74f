"""Administration: the sections of an agency's settings, each on a page of its own."""

from __future__ import annotations

import re
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from engage.agencies.appearance import LEAST_CONTRAST, contrast, palette
from engage.agencies.models import Agency, AgencyMark
from engage.agencies.onboarding import change_settings
from engage.confirming import ConfirmRequired
from engage.refusals import Unknown
from web.account.what_ends import stay
from web.office.settings_forms import SECTIONS, LookForm, SettingsForm
from web.site.drawings import CRESTS
from web.site.frames.asking import asking_form_page, asks_page
from web.site.frames.staff import Desk, desk_page, go_on, show
from web.site.languages.dates import moment_in_words

_COLOR: Final = re.compile(r"#[0-9a-f]{6}", re.ASCII)
_OUR_BLUE: Final = "#07648d"


@desk_page("admin")
def office(request: HttpRequest, desk: Desk) -> HttpResponse:
    sections = [(key, title, lede) for key, (title, lede, _form) in SECTIONS.items()]
    return show(request, "office/index.html", desk, {"sections": sections}, nav="office")


@desk_page("admin")
def settings_section(request: HttpRequest, desk: Desk, section: str) -> HttpResponse:
    """One section. For the look, a GET with ``mark`` or ``primary_color`` shows how it would look and saves nothing."""
    if section not in SECTIONS:
        raise Unknown
    title, lede, form_class = SECTIONS[section]
    previewed = request.GET if section == "look" and request.GET else None
    form = form_class(previewed if request.method != "POST" else request.POST, agency=desk.agency)

    def shown(status: int) -> HttpResponse:
        context: dict[str, Any] = {"title": title, "lede": lede, "form": form, "section": section}
        context["begins"] = moment_in_words(desk.agency.retention_next_at, desk.agency.timezone)
        template = "office/settings.html"
        if isinstance(form, LookForm):
            template = "office/look.html"
            context |= _look(form, desk.agency)
        return show(request, template, desk, context, nav="office", status=status)

    def asks(refusal: ConfirmRequired, status: int) -> HttpResponse:
        return asks_page(
            request,
            desk,
            refusal.question,
            heading=_("Keep names and addresses for fewer days?"),
            button=_("Keep them for fewer days"),
            back=reverse("office_section", kwargs={"slug": desk.agency.slug, "section": section}),
            back_words=str(title),
            leave=_("Leave it as it is"),
            status=status,
            is_grave=True,
            nav="office",
        )

    return asking_form_page(
        request,
        form,
        lambda confirm: _save(request, desk, form, confirm),
        shown=shown,
        asks=asks,
        done=lambda said: go_on(request, desk, said, "office_section", section=section),
    )


def _save(request: HttpRequest, desk: Desk, form: SettingsForm, confirm: str) -> str:
    """Gives what is to be said of it."""
    before = desk.person.access_version
    change_settings(
        desk.agency,
        actor=desk.person,
        fields=form.given(),
        now=desk.now,
        confirm=confirm,
        if_stood=form.cleaned_data["if_stood"],
    )
    desk.person.refresh_from_db(fields=["access_version"])
    if desk.person.access_version != before:
        stay(request, desk.person)
    return _("The settings are saved.")


def _look(form: LookForm, agency: Agency) -> dict[str, Any]:
    """How the agency would look with what stands in the form, and whether white words can be read on the colour."""
    said = form.data if form.is_bound else form.initial
    mark, letters = str(said.get("mark") or agency.mark), str(said.get("mark_letters") or "")[:3]
    color = form["primary_color"].value() or ""
    color = color.strip().lower()
    color = color if color.startswith("#") or not color else f"#{color}"
    chosen = color if _COLOR.fullmatch(color) else _OUR_BLUE
    ratio, family = contrast(chosen, "#ffffff"), palette(chosen)
    like = Agency(name=agency.name, mark=mark, mark_letters=letters)
    return {
        "like": like,
        "drawing": mark_safe(CRESTS[mark]) if mark in CRESTS else "",  # noqa: S308 - our own drawing
        "family": {
            "primary": family["primary"],
            "deep": family["primary-deep"],
            "soft": family["primary-soft"],
        },
        "ratio": ratio,
        "readable": ratio >= LEAST_CONTRAST,
        "least": LEAST_CONTRAST,
        "marks": [
            (Agency(mark=value, mark_letters=letters or "AB"), value, label)
            for value, label in AgencyMark.choices
        ],
        "chosen_mark": mark,
    }
