from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from engage.models.identifiers import uuid7


def _english() -> list[str]:
    return ["en"]


class AgencyMark(models.TextChoices):
    """The drawing beside the agency's name. Never a badge: many who come here are wary of one."""

    SKYLINE = "skyline", _("Roofs over water")
    RIVER = "river", _("A river between hills")
    TREE = "tree", _("A tree")
    BRIDGE = "bridge", _("A bridge")
    LETTERS = "letters", _("Letters of our own")


class Agency(models.Model):
    """The host and the tenant: every resident's row reaches exactly one agency."""

    class Kind(models.TextChoices):
        POLICE_DEPARTMENT = "police_department", _("Police department")
        SHERIFF = "sheriff", _("Sheriff's office")
        CITY_HALL = "city_hall", _("City hall")
        OTHER = "other", _("Other agency")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=63, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=32, choices=Kind.choices, default=Kind.POLICE_DEPARTMENT)
    country = models.CharField(max_length=2, default="US")
    region = models.CharField(max_length=100, blank=True)
    timezone = models.CharField(max_length=64, default="America/Chicago")
    languages = ArrayField(models.CharField(max_length=16), default=_english)
    population = models.PositiveIntegerField(null=True, blank=True)
    contact_office = models.CharField(max_length=200, blank=True)
    contact_phone = models.CharField(max_length=32, blank=True)
    offices = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    contact_address = models.CharField(max_length=300, blank=True, default="", db_default="")
    contact_email = models.EmailField(max_length=254, blank=True, default="", db_default="")
    emergency_number = models.CharField(max_length=16, default="911", db_default="911", blank=True)

    # How its pages look, and what stands on and under each of them (engage.agency_appearance).
    official_line = models.CharField(max_length=200, blank=True, default="", db_default="")
    tagline = models.CharField(max_length=120, blank=True, default="", db_default="")
    mark = models.CharField(
        max_length=16, choices=AgencyMark.choices, default=AgencyMark.SKYLINE, db_default=AgencyMark.SKYLINE
    )
    mark_letters = models.CharField(max_length=3, blank=True, default="", db_default="")
    primary_color = models.CharField(max_length=7, blank=True, default="", db_default="")
    # Each a title and an address: where else people may turn, such as a complaint or an oversight board.
    other_links = models.JSONField(default=list, db_default=Value([], models.JSONField()), blank=True)

    # Settings, changed by an administrator.
    retention_days = models.PositiveSmallIntegerField(default=30)
    smallest_group = models.PositiveSmallIntegerField(default=10)
    largest_party = models.PositiveSmallIntegerField(default=6)
    summary_due_days = models.PositiveSmallIntegerField(default=10)
    at_risk_due_days = models.PositiveSmallIntegerField(default=14)
    at_risk_silent_days = models.PositiveSmallIntegerField(default=30)
    offer_least_minutes = models.PositiveIntegerField(default=60)
    offer_most_minutes = models.PositiveIntegerField(default=1440)
    pass_over_hours = models.PositiveSmallIntegerField(default=24)
    sms_quiet_from = models.TimeField(default="20:00")
    sms_quiet_until = models.TimeField(default="09:00")
    email_quiet_from = models.TimeField(null=True, blank=True)
    email_quiet_until = models.TimeField(null=True, blank=True)
    holiday_calendar = models.CharField(max_length=16, blank=True)
    mfa_required = models.BooleanField(default=False)

    # The last commitment number given; moved only under the lock of this row, so numbers have no gaps.
    last_commitment_number = models.PositiveIntegerField(default=0)
    edit_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name_plural = "agencies"
        constraints = [
            models.CheckConstraint(
                condition=Q(smallest_group__gte=5), name="agency_smallest_group_at_least_5"
            ),
            models.CheckConstraint(
                condition=Q(largest_party__range=(1, 20)), name="agency_largest_party_1_to_20"
            ),
            models.CheckConstraint(
                condition=Q(retention_days__range=(1, 730)), name="agency_retention_1_to_730_days"
            ),
            models.CheckConstraint(
                condition=Q(offer_least_minutes__gte=5, offer_most_minutes__gte=F("offer_least_minutes")),
                name="agency_offer_times_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Pledge(models.Model):
    """A promise about the agency's own conduct, shown only while an administrator's signature stands."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="pledges")
    code = models.SlugField(max_length=63)
    text = models.CharField(max_length=500)
    signed_by = models.ForeignKey("engage.Person", on_delete=models.PROTECT, related_name="+")
    signed_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "code"],
                condition=Q(withdrawn_on=None),
                name="pledge_signed_once_while_it_stands",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("signed_on")),
                name="pledge_withdrawn_after_signing",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Community(models.Model):
    """A part of the public: a neighbourhood, a language group, an age group, a faith group."""

    class Kind(models.TextChoices):
        NEIGHBORHOOD = "neighborhood", _("Neighborhood")
        LANGUAGE = "language", _("Language group")
        AGE = "age", _("Age group")
        FAITH = "faith", _("Faith group")
        OTHER = "other", _("Other group")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="communities")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=32, choices=Kind.choices, default=Kind.NEIGHBORHOOD)
    population_share = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    seldom_heard = models.BooleanField(default=False)
    last_heard_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "communities"
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "name"],
                name="community_name_once",
                violation_error_code="name_taken",
            ),
            models.UniqueConstraint(fields=["agency", "id"], name="community_of_agency"),
            models.CheckConstraint(
                condition=Q(population_share=None) | Q(population_share__range=(0, 100)),
                name="community_share_0_to_100",
            ),
        ]

    def __str__(self) -> str:
        return self.name
