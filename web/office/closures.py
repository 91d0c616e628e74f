"""The closed days of the agency, and the holidays that its country and region have besides."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from engage.agencies.closures import close_on, open_again
from engage.agencies.models import Closure
from engage.agencies.working_days import WorkingDays
from engage.refusals import Unknown
from web.site.forms.fields import a_day, field_of
from web.site.forms.page import form_page, sent
from web.site.forms.refusals import TakesRefusals
from web.site.frames.staff import Desk, desk_page, go_on, show

_AHEAD: Final = dt.timedelta(days=400)
_MOST: Final = 500


class ClosureForm(TakesRefusals):
    on = field_of(
        Closure, "on", gettext_lazy("Day"), error_messages={"required": gettext_lazy("Say which day.")}
    )
    until = a_day(gettext_lazy("Last day, if there are several"), required=False)
    name = field_of(
        Closure,
        "name",
        gettext_lazy("Why you are closed"),
        error_messages={"required": gettext_lazy("Say why in a few words.")},
        hint=gettext_lazy("Your colleagues read this, such as “City holiday”."),
    )


@desk_page("admin")
def closures(request: HttpRequest, desk: Desk) -> HttpResponse:
    """GET lists the closed days and the holidays ahead; POST adds one day, or several in a row."""
    form = ClosureForm(sent(request))
    return form_page(
        request,
        form,
        lambda: close_on(desk.agency, actor=desk.person, now=desk.now, **form.cleaned_data),
        shown=lambda status: _listed(request, desk, form, status),
        done=lambda made: go_on(request, desk, _added(len(made)), "office_closures"),
    )


@require_POST
@desk_page("admin")
def remove(request: HttpRequest, desk: Desk, closure_id: UUID) -> HttpResponse:
    """The day is as any other again. Raises Unknown."""
    closure = Closure.objects.filter(agency=desk.agency, pk=closure_id).first()
    if closure is None:
        raise Unknown
    open_again(closure, actor=desk.person, now=desk.now)
    return go_on(request, desk, _("The day is off the list."), "office_closures")


def _listed(request: HttpRequest, desk: Desk, form: TakesRefusals, status: int) -> HttpResponse:
    days, last = WorkingDays(desk.agency), desk.today + _AHEAD
    context: dict[str, Any] = {
        "form": form,
        "closures": Closure.objects.filter(agency=desk.agency, on__gte=desk.today).order_by("on")[:_MOST],
        "holidays": [
            off for off in days.days_off(desk.today, last) if not off.ours and not days.is_weekend(off.day)
        ],
    }
    return show(request, "office/closures.html", desk, context, nav="office", status=status)


def _added(number: int) -> str:
    said = ngettext("%(number)d day is on the list.", "%(number)d days are on the list.", number)
    return said % {"number": number}
