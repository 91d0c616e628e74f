"""What hangs together belongs to one agency. The database holds it too, but only says so at commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _

from engage.agencies.models import Agency, Community
from engage.refusals import FieldError, Invalid


def with_things_of(
    agency_id: UUID, model: type[models.Model], fields: Mapping[str, Any], *, names: Sequence[str]
) -> dict[str, Any]:
    """``fields`` with the ids under ``names`` read as rows of the agency; rows are looked at, None stays.

    Raises Invalid, naming each field whose thing is another agency's or is not there.
    """
    read = dict(fields)
    strange = []
    for name in names:
        given = read.get(name)
        if isinstance(given, models.Model):
            found = given if getattr(given, "agency_id", None) == agency_id else None
        elif given is not None:
            related: Any = model._meta.get_field(name).related_model
            found = next(iter(related._base_manager.filter(pk=given, agency_id=agency_id)), None)
        else:
            continue
        read[name] = found
        strange += [] if found else [name]
    if strange:
        raise Invalid(
            errors=[FieldError(name, "unknown", _("There is no such thing here.")) for name in strange]
        )
    return read


def communities_of(
    agency_id: UUID, wanted: Iterable[Community | UUID], *, field: str = "communities"
) -> list[Community]:
    """The communities named, by row or by id. Raises Invalid where one is not the agency's."""
    ids = {one.pk if isinstance(one, Community) else one for one in wanted}
    found = list(Community.objects.filter(agency_id=agency_id, pk__in=ids)) if ids else []
    if len(found) != len(ids):
        raise Invalid(errors=[FieldError(field, "unknown", _("There is no such community here."))])
    return found


def partners_called(
    agency_id: UUID, wanted: Iterable[Agency | str], *, field: str = "partners"
) -> list[Agency]:
    """The partner agencies named, by row or by slug; a host is no partner of its own. Raises Invalid."""
    slugs = {one.slug if isinstance(one, Agency) else one for one in wanted}
    found = list(Agency.objects.filter(slug__in=slugs).exclude(pk=agency_id)) if slugs else []
    if len(found) != len(slugs):
        raise Invalid(errors=[FieldError(field, "unknown", _("There is no such agency here."))])
    return found
