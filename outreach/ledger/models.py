from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from engage.agencies.models import Agency
from engage.contacts.models import Channel, Contact
from engage.database.ids import uuid7
from engage.people.models import Person
from events.event.models import Event


class DeliveryState(models.TextChoices):
    DUE = "due", "due"
    CLAIMED = "claimed", "claimed"
    SENDING = "sending", "sending"
    SENT = "sent", "sent"
    UNCERTAIN = "uncertain", "uncertain"
    FAILED = "failed", "failed"
    SUPPRESSED = "suppressed", "suppressed"
    EXPIRED = "expired", "expired"


class Lane(models.IntegerChoices):
    """Claimed in this order, so that an answer never waits behind a broadcast."""

    ANSWER = 0, "answers to a click"
    EVENT = 1, "reminders, moves, cancellations"
    BROADCAST = 2, "broadcasts, summaries, digests"


class Delivery(models.Model):
    """The ledger: one row per occasion, contact and channel. The row exists before anything is sent."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="+")
    # "activity:<id>" for what an act causes; "reminder:<rule>:<event>:<schedule version>" for reminders.
    occasion = models.CharField(max_length=160)
    kind = models.CharField(max_length=48)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.EMAIL)
    # Either a resident's contact, or a person or invitation of the staff.
    contact = models.ForeignKey(
        Contact, db_constraint=False, null=True, on_delete=models.CASCADE, related_name="deliveries"
    )
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    invitation = models.ForeignKey("engage.Invitation", null=True, on_delete=models.CASCADE, related_name="+")
    event = models.ForeignKey(
        Event, db_constraint=False, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # What the message is about (an RSVP, subscription, commitment update, summary version…); no foreign key.
    subject_id = models.UUIDField(null=True)
    schedule_version = models.PositiveIntegerField(null=True)
    lane = models.PositiveSmallIntegerField(choices=Lane.choices, default=Lane.EVENT)
    due_at = models.DateTimeField(default=timezone.now)
    # Not sent at or after this instant: a reminder that would come after the start.
    expires_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=DeliveryState.choices, default=DeliveryState.DUE)
    attempts = models.PositiveSmallIntegerField(default=0)
    claim_token = models.UUIDField(null=True, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    # The state of the attempt before: "worker_lost" and "uncertain" rows are repeated alone and few times.
    reason = models.CharField(max_length=48, blank=True)
    provider_id = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    settled_at = models.DateTimeField(null=True, blank=True)
    # What staff are shown instead of letters: the places (questions, things followed) that this one address has to do
    # with it. 0 where its last place is gone and only a calendar is still to be told.
    places = models.PositiveIntegerField(default=1, db_default=1)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["occasion", "contact", "channel"],
                condition=Q(contact__isnull=False),
                name="delivery_once",
            ),
            models.UniqueConstraint(
                fields=["occasion", "person", "channel"],
                condition=Q(person__isnull=False),
                name="delivery_staff_once",
            ),
            models.UniqueConstraint(
                fields=["occasion", "invitation", "channel"],
                condition=Q(invitation__isnull=False),
                name="delivery_invitation_once",
            ),
            models.CheckConstraint(
                condition=Q(contact__isnull=False, person=None, invitation=None)
                | Q(contact=None, person__isnull=False, invitation=None)
                | Q(contact=None, person=None, invitation__isnull=False),
                name="delivery_has_one_recipient",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["claimed", "sending"], claim_token__isnull=False, claimed_until__isnull=False
                )
                | (~Q(state__in=["claimed", "sending"]) & Q(claim_token=None, claimed_until=None)),
                name="delivery_claim_while_claimed",
            ),
        ]
        indexes = [
            models.Index(fields=["lane", "due_at", "id"], condition=Q(state="due"), name="delivery_due"),
            models.Index(
                fields=["claimed_until"],
                condition=Q(state__in=["claimed", "sending"]),
                name="delivery_leased",
            ),
            # What an operator must hear of, and may send again.
            models.Index(
                fields=["state", "settled_at"],
                condition=Q(state__in=["failed", "uncertain"]),
                name="delivery_in_trouble",
            ),
            models.Index(fields=["contact"], name="delivery_contact"),
            models.Index(fields=["event", "kind", "state"], name="delivery_event"),
            models.Index(fields=["agency", "-created_at", "-id"], name="delivery_list"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class DeliveryTally(models.Model):
    """How many places messages of one kind were written for on one day of the agency's, of those whose rows are gone.

    Messages go with their contact; what staff read of a day that is over must not change when somebody is erased.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(
        Event, db_constraint=False, null=True, on_delete=models.PROTECT, related_name="+"
    )
    day = models.DateField()
    kind = models.CharField(max_length=48)
    # What became of them, once kept here, says of whoever is the only one that an address bounced or wants no mail.
    state = models.CharField(max_length=12, blank=True, default="", db_default="")
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
        return f"{self.day} {self.kind}: {self.number}"


class DeliveryCount(models.Model):
    """A view: of each event, day of the agency's and kind, for how many places messages were written; tallies included.

    By the day on which they were written into the ledger, and whatever became of them: one that bounced, one that is
    withheld and one that waits for the morning would otherwise each tell one address from the others.
    Whoever shows these leaves out today and answers to residents' own acts (outreach.ledger.counts).
    """

    id = models.TextField(primary_key=True)
    agency = models.ForeignKey(Agency, on_delete=models.DO_NOTHING, related_name="+")
    event = models.ForeignKey(Event, null=True, on_delete=models.DO_NOTHING, related_name="+")
    day = models.DateField()
    kind = models.CharField(max_length=48)
    number = models.IntegerField()

    class Meta:
        managed = False
        db_table = "outreach_deliverycount"

    def __str__(self) -> str:
        return self.id
