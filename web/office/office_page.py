"""Administration: the sections of an agency's settings, each on a page of its own."""

from __future__ import annotations

import re
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from engage.agency_appearance import LEAST_CONTRAST, contrast, palette
from engage.agency_onboarding import change_settings
from engage.models import Agency, AgencyMark
from engage.rule_violation import RuleViolation, Unknown
from web.access_events import stay
from web.desk_frame import Desk, desk_page, show
from web.office.settings_forms import SECTIONS, LookForm, SettingsForm
from web.templatetags.drawings import CRESTS

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
    previewed = section == "look" and request.method != "POST" and bool(request.GET)
    data = request.POST if request.method == "POST" else request.GET if previewed else None
    form, status = form_class(data, agency=desk.agency), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                _save(request, desk, form)
                return redirect("office_section", slug=desk.agency.slug, section=section)
            except RuleViolation as refusal:
                form.take(refusal)
    context: dict[str, Any] = {"title": title, "lede": lede, "form": form, "section": section}
    template = "office/settings.html"
    if isinstance(form, LookForm):
        template = "office/look.html"
        context |= _look(form, desk.agency)
    return show(request, template, desk, context, nav="office", status=status)


def _save(request: HttpRequest, desk: Desk, form: SettingsForm) -> None:
    days = desk.agency.retention_days
    before = desk.person.access_version
    change_settings(desk.agency, actor=desk.person, fields=form.given(), now=desk.now)
    desk.person.refresh_from_db(fields=["access_version"])
    if desk.person.access_version != before:
        stay(request, desk.person)
    if desk.agency.retention_days < days:
        sentence = _("The settings are saved. What is here already is erased earlier now, too.")
    else:
        sentence = _("The settings are saved.")
    messages.success(request, sentence)


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
