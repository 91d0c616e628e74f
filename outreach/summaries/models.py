from __future__ import annotations

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engage.agencies.models import Agency
from engage.database.bounds import LongText, no_longer
from engage.database.ids import uuid7
from engage.people.models import Person
from events.event.models import Event


class SummaryStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")


class OutcomeSummary(models.Model):
    """What came of one event. Its versions hold the words; a published one never changes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="summary")
    first_published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "outcome summaries"

    def __str__(self) -> str:
        return str(self.event_id)


class SummaryVersion(models.Model):
    """One wording: drafted from the record, edited, approved by a leader, published. A correction is a new one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    summary = models.ForeignKey(OutcomeSummary, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=12, choices=SummaryStatus.choices, default=SummaryStatus.DRAFT)
    # Each a theme: its id, title, count, text, and quotes that residents allowed.
    heard = models.JSONField(default=list, blank=True)
    will_do = ArrayField(models.UUIDField(), default=list, blank=True)
    # Each a text and its reason.
    will_not_do = models.JSONField(default=list, blank=True)
    pulse = models.JSONField(null=True, blank=True)
    attendance = models.JSONField(default=dict, blank=True)
    next_steps = LongText(max_length=4000, blank=True)
    reply = LongText(max_length=4000, blank=True)
    languages = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    # By language: the same parts again, in the same order.
    translations = models.JSONField(default=dict, blank=True)
    correction_note = models.CharField(max_length=1000, blank=True)
    drafted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    edit_version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            *no_longer("summary", {"next_steps": 4000, "reply": 4000}),
            models.UniqueConstraint(fields=["summary", "number"], name="summary_version_number_once"),
            models.UniqueConstraint(
                fields=["summary"], condition=~Q(status="published"), name="summary_one_open_version"
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="summary_approved_by_somebody",
                violation_error_code="not_approved",
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__gte=F("approved_at")),
                name="summary_published_after_approval",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="published_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__status="published"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.summary_id} v{self.number}"
