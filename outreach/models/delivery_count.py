from __future__ import annotations

from django.db import models

from engage.models import Agency, uuid7
from events.models import Event


class DeliveryTally(models.Model):
    """How many messages of one kind were settled so on one day of the agency's, of those whose rows are gone.

    Messages go with their contact; what staff read of a day that is over must not change when somebody is erased.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(
        Event, db_constraint=False, null=True, on_delete=models.PROTECT, related_name="+"
    )
    day = models.DateField()
    kind = models.CharField(max_length=48)
    state = models.CharField(max_length=12)
    number = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "delivery tallies"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "event", "day", "kind", "state"],
                nulls_distinct=False,
                name="delivery_tally_once",
            ),
            models.CheckConstraint(condition=models.Q(number__gt=0), name="delivery_tally_of_some"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.state}: {self.number}"


class DeliveryCount(models.Model):
    """A view: of each event, day of the agency's, kind and state, how many messages were settled; tallies included.

    Whoever shows these leaves out today and answers to residents' own acts (outreach.delivery_counts).
    """

    id = models.TextField(primary_key=True)
    agency = models.ForeignKey(Agency, on_delete=models.DO_NOTHING, related_name="+")
    event = models.ForeignKey(Event, null=True, on_delete=models.DO_NOTHING, related_name="+")
    day = models.DateField()
    kind = models.CharField(max_length=48)
    state = models.CharField(max_length=12)
    number = models.IntegerField()

    class Meta:
        managed = False
        db_table = "outreach_deliverycount"

    def __str__(self) -> str:
        return self.id
