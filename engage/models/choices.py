"""The closed lists of values that several things share. The stored words are part of the API's contract."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class FocusArea(models.TextChoices):
    """The five focus areas of the IACP Institute for Community-Police Relations (2016)."""

    LEADERSHIP_AND_CULTURE = "leadership_and_culture", _("Leadership and culture")
    COMMUNITY_ENGAGEMENT = "community_engagement", _("Community engagement")
    PROCEDURAL_JUSTICE = "procedural_justice", _("Procedural justice")
    POLICY_AND_PRACTICE = "policy_and_practice", _("Policy and leading practices")
    SAFETY_AND_WELLNESS = "safety_and_wellness", _("Officer safety and wellness")


class ParticipationLevel(models.TextChoices):
    """How much a resident's word decides (after the IAP2 spectrum)."""

    INFORM = "inform", _("We tell you")
    CONSULT = "consult", _("We ask you")
    INVOLVE = "involve", _("We work on it with you")
    COLLABORATE = "collaborate", _("We decide it with you")
    EMPOWER = "empower", _("You decide")


class Channel(models.TextChoices):
    EMAIL = "email", _("Email")
    SMS = "sms", _("Text message")
