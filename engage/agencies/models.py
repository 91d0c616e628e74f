from __future__ import annotations

from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.validators import ArrayMaxLengthValidator
from django.core.validators import MinLengthValidator, RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from engage.database.bounds import between, within
from engage.database.ids import uuid7

# A language's name like en, es or zh-Hant (RFC 5646 §2.1, without extensions and private use).
# As a regular expression of ECMA 262 too, since the API's description holds it.
LANGUAGE_TAG: Final = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$"
# To the very end, where ``$`` lets a line's end pass.
language_tag: Final = RegexValidator(
    LANGUAGE_TAG.replace("$", r"\Z"), _("Name languages as en, es or zh-Hant do.")
)
# What an agency's numbers may be, both ends included.
BOUNDS: Final = {
    "retention_days": (1, 730),
    "smallest_group": (5, 1000),
    "largest_party": (1, 20),
    "summary_due_days": (1, 365),
    "at_risk_due_days": (0, 365),
    "at_risk_silent_days": (1, 365),
    "offer_least_minutes": (5, 1440),
    "offer_most_minutes": (5, 10_080),
    "pass_over_hours": (0, 720),
}
# The settings that the API tells administrators of, and takes from them.
SETTINGS: Final = (
    "population",
    *BOUNDS,
    "walk_in_when_closed",
    "waitlist_may_come",
    "sms_quiet_from",
    "sms_quiet_until",
    "email_quiet_from",
    "email_quiet_until",
    "holiday_calendar",
    "mfa_required",
)


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
    country = models.CharField(max_length=2, default="US", validators=[MinLengthValidator(2)])
    region = models.CharField(max_length=100, blank=True)
    timezone = models.CharField(max_length=64, default="America/Chicago")
    languages = ArrayField(
        models.CharField(max_length=16, validators=[language_tag]),
        default=_english,
        validators=[ArrayMaxLengthValidator(30)],
    )
    population = models.PositiveIntegerField(null=True, blank=True)
    contact_office = models.CharField(max_length=200, blank=True)
    contact_phone = models.CharField(max_length=32, blank=True)
    # For whoever types because they cannot hear or speak: a text telephone stands there.
    contact_tty = models.CharField(max_length=32, blank=True, default="", db_default="")
    offices = ArrayField(
        models.CharField(max_length=120),
        default=list,
        blank=True,
        validators=[ArrayMaxLengthValidator(100)],
    )
    contact_address = models.CharField(max_length=300, blank=True, default="", db_default="")
    contact_email = models.EmailField(max_length=254, blank=True, default="", db_default="")
    emergency_number = models.CharField(max_length=16, default="911", db_default="911", blank=True)

    # How its pages look, and what stands on and under each of them (engage.agencies.appearance).
    official_line = models.CharField(max_length=200, blank=True, default="", db_default="")
    tagline = models.CharField(max_length=120, blank=True, default="", db_default="")
    mark = models.CharField(
        max_length=16, choices=AgencyMark.choices, default=AgencyMark.SKYLINE, db_default=AgencyMark.SKYLINE
    )
    mark_letters = models.CharField(max_length=3, blank=True, default="", db_default="")
    primary_color = models.CharField(max_length=7, blank=True, default="", db_default="")
    # Each a title and an address: where else people may turn, such as a complaint or an oversight board.
    other_links = models.JSONField(default=list, db_default=Value([], models.JSONField()), blank=True)
    # Its own short texts in further languages: by language, by the text itself (``languages.in_words_of``).
    translations = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)

    # Settings, changed by an administrator; a number has its bounds above, anything else its line in SETTINGS.
    retention_days = models.PositiveSmallIntegerField(
        default=30, validators=between(*BOUNDS["retention_days"])
    )
    # Fewer days that begin at that moment (``shorter_retention``); null where nothing is on its way.
    retention_days_next = models.PositiveSmallIntegerField(null=True, blank=True)
    retention_next_at = models.DateTimeField(null=True, blank=True)
    smallest_group = models.PositiveSmallIntegerField(
        default=10,
        validators=between(*BOUNDS["smallest_group"]),
        help_text="Kept, but nothing shows figures by group yet.",
    )
    largest_party = models.PositiveSmallIntegerField(default=6, validators=between(*BOUNDS["largest_party"]))
    summary_due_days = models.PositiveSmallIntegerField(
        default=10, validators=between(*BOUNDS["summary_due_days"])
    )
    at_risk_due_days = models.PositiveSmallIntegerField(
        default=14, validators=between(*BOUNDS["at_risk_due_days"])
    )
    at_risk_silent_days = models.PositiveSmallIntegerField(
        default=30, validators=between(*BOUNDS["at_risk_silent_days"])
    )
    offer_least_minutes = models.PositiveIntegerField(
        default=60, validators=between(*BOUNDS["offer_least_minutes"])
    )
    offer_most_minutes = models.PositiveIntegerField(
        default=1440, validators=between(*BOUNDS["offer_most_minutes"])
    )
    pass_over_hours = models.PositiveSmallIntegerField(
        default=24, validators=between(*BOUNDS["pass_over_hours"])
    )
    # What people without a place read: once no more are saved, and on the evening while they still wait for one.
    walk_in_when_closed = models.BooleanField(default=True, db_default=True)
    waitlist_may_come = models.BooleanField(default=True, db_default=True)
    sms_quiet_from = models.TimeField(default="20:00")
    sms_quiet_until = models.TimeField(default="09:00")
    email_quiet_from = models.TimeField(null=True, blank=True)
    email_quiet_until = models.TimeField(null=True, blank=True)
    # Whose holidays are days off here; "" means those of country and region (engage.agencies.working_days).
    holiday_calendar = models.CharField(
        max_length=16, blank=True, help_text="US, US-TX, or none; empty: of country and region."
    )
    mfa_required = models.BooleanField(default=False)

    # The last commitment number given; moved only under the lock of this row, so numbers have no gaps.
    last_commitment_number = models.PositiveIntegerField(default=0)
    edit_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        verbose_name_plural = "agencies"
        constraints = [
            *within("agency", BOUNDS),
            models.CheckConstraint(
                condition=Q(offer_most_minutes__gte=F("offer_least_minutes")),
                name="agency_offer_times_in_order",
                violation_error_code="offer_times_out_of_order",
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
    population_share = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, validators=between(0, 100)
    )
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


class Closure(models.Model):
    """A day on which the agency is closed, beside the holidays of its country and region."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="closures")
    on = models.DateField()
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "on"], name="closure_once_a_day", violation_error_code="closed_already"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="closure_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
