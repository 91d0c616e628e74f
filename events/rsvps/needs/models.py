from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.agencies.models import Agency
from engage.database.erasable import Erasable
from engage.database.ids import uuid7
from engage.people.models import Person
from engage.roles.answering import Owned
from engage.sealing.column import SealedColumn
from events.event.models import Event
from events.rsvps.models import Rsvp


class NeedKind(models.TextChoices):
    SIGN_LANGUAGE = "sign_language", _("Sign language interpreter")
    CAPTIONS = "captions", _("Live captions")
    INTERPRETER = "interpreter", _("Language interpreter")
    WHEELCHAIR = "wheelchair", _("Wheelchair space or a seat near the door")
    CHILDCARE = "childcare", _("Childcare")
    TRANSPORT = "transport", _("Transport")
    LARGE_PRINT = "large_print", _("Large print")
    OTHER = "other", _("Something else")


class NeedStatus(models.TextChoices):
    ASKED = "asked", _("Asked")
    ARRANGING = "arranging", _("Being arranged")
    ARRANGED = "arranged", _("Arranged")
    MET = "met", _("Met")
    NOT_MET = "not_met", _("Not possible")


class AccessRequest(Owned, Erasable):
    """What somebody needs to take part: work with an owner, a deadline and a result."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(
        Event, db_constraint=False, on_delete=models.PROTECT, related_name="access_requests"
    )
    rsvp = models.ForeignKey(
        Rsvp, db_constraint=False, on_delete=models.CASCADE, related_name="access_requests"
    )
    kind = models.CharField(max_length=16, choices=NeedKind.choices)
    language = models.CharField(max_length=16, blank=True)
    sealed_detail = SealedColumn(padded_to=4096, null=True, blank=True)
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    needed_by = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=12, choices=NeedStatus.choices, default=NeedStatus.ASKED)
    # What was arranged, in words for the resident; staff write it.
    outcome = models.CharField(max_length=500, blank=True)
    edit_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="interpreter") | ~Q(language=""),
                name="access_request_interpreter_names_language",
                violation_error_code="language_required",
            ),
        ]
        indexes = [models.Index(fields=["event", "status", "id"], name="access_request_list")]

    def __str__(self) -> str:
        return self.get_kind_display()
