from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from engage.database.ids import uuid7


class Activity(models.Model):
    """One line of the record: what happened, who of the staff did it, to what, when.

    Written in the transaction of the change. Append-only: a trigger lets ``announced_at`` be set once and nothing
    else. Its object is named by type and id, without a foreign key: the purge deletes what it names. A resident's own
    acts go with what they are about (engage.activity.forgetting).
    """

    # Acts on these are residents' own, or follow from one: no list that staff read has them (engage.roles.permissions.acts_shown_to).
    OF_RESIDENTS: ClassVar[tuple[str, ...]] = ("contribution", "rsvp", "subscription")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey("engage.Agency", null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=64)
    object_type = models.CharField(max_length=32)
    object_id = models.UUIDField()
    actor = models.ForeignKey("engage.Person", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    # Ids, states and dates only: never an address, a name, or a text a resident typed.
    data = models.JSONField(default=dict)
    public = models.BooleanField(default=False)
    announced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "activities"
        indexes = [
            models.Index(fields=["id"], condition=Q(announced_at=None), name="activity_unannounced"),
            models.Index(fields=["agency", "-at", "-id"], name="activity_record"),
            models.Index(fields=["object_type", "object_id"], name="activity_object"),
            # A busy evening writes a thousand lines that no list shows.
            models.Index(
                fields=["agency", "-at", "-id"],
                condition=~Q(object_type__in=("contribution", "rsvp", "subscription")),
                name="activity_of_staff",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="never_deleted",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func="""
                    IF OLD.object_type IN ('rsvp', 'subscription', 'accessrequest') OR OLD.verb = 'contribution.made' THEN
                        RETURN OLD;
                    END IF;
                    RAISE EXCEPTION 'the record is append-only' USING ERRCODE = 'integrity_constraint_violation';
                """,
            ),
            pgtrigger.Trigger(
                name="announced_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF OLD.announced_at IS NOT NULL
                       OR NEW.announced_at IS NULL
                       OR to_jsonb(OLD) - 'announced_at' <> to_jsonb(NEW) - 'announced_at' THEN
                        RAISE EXCEPTION 'the record is append-only' USING ERRCODE = 'integrity_constraint_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_id}"
