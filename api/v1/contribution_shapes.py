"""How a contribution looks, coming in and going out."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api import etags
from api.answers import Answer
from api.paging import PageQuery
from api.strict_fields import Choice, Id, Language, Strict, Text, YesNo, of
from engage.contacts.addresses import LONGEST_EMAIL
from engage.listening.models import Contribution, ContributionKind, SaidBy, WayIn
from engage.listening.words import words_shown_to
from engage.roles.permissions import Viewer


class ContributionAnswer(Answer):
    id = serializers.UUIDField()
    event = serializers.UUIDField(source="event_id", allow_null=True)
    dialogue = serializers.UUIDField(source="dialogue_id", allow_null=True)
    agency = serializers.CharField(source="agency.slug")
    kind = Choice(choices=ContributionKind.choices)
    body = serializers.CharField()
    language = serializers.CharField()
    way_in = Choice(choices=WayIn.choices)
    anonymous = serializers.BooleanField()
    said_on = serializers.DateField()
    theme = serializers.UUIDField(source="theme_id", allow_null=True)
    endorsements_count = serializers.IntegerField()
    answer = serializers.CharField()
    answered_on = serializers.DateField(allow_null=True)
    moderation = Choice(choices=Contribution.Moderation.choices)
    hidden_reason = serializers.CharField()
    said_by = Choice(choices=SaidBy.choices, allow_null=True, help_text="For staff; null for others.")
    speaker = serializers.CharField(allow_null=True, help_text="For staff; null for others.")
    table_label = serializers.CharField(allow_null=True, help_text="For staff; null for others.")
    may_quote = serializers.BooleanField()

    def body_of(self, contribution: Contribution) -> str:
        # Whoever just said it reads it once, though it is sealed until a moderator shows it.
        own: str | None = self.context.get("own_words")
        return own if own is not None else words_shown_to(self.context["viewer"], contribution)

    def said_by_of(self, contribution: Contribution) -> str | None:
        return contribution.said_by if self._for_staff(contribution) else None

    def speaker_of(self, contribution: Contribution) -> str | None:
        return contribution.speaker if self._for_staff(contribution) else None

    def table_label_of(self, contribution: Contribution) -> str | None:
        return contribution.table_label if self._for_staff(contribution) else None

    def _for_staff(self, contribution: Contribution) -> bool:
        viewer: Viewer = self.context["viewer"]
        return viewer.reads("who said it", contribution.agency_id)


class ReceivedAnswer(Answer):
    """An anonymous one: nothing to follow it by."""

    received = serializers.BooleanField()


class ContributionBody(Strict):
    kind = of(Contribution, "kind", required=True)
    body = of(Contribution, "body", required=True, allow_blank=False)
    language = Language(required=False)
    anonymous = YesNo(required=False, default=True)
    email = Text(
        max_length=LONGEST_EMAIL,
        required=False,
        allow_blank=True,
        help_text="With `anonymous: false`: where an answer may go.",
    )
    phone = Text(max_length=32, required=False, allow_blank=True)
    said_by = of(Contribution, "said_by", help_text="Notes of staff.")
    speaker = of(
        Contribution,
        "speaker",
        help_text="Notes of staff: an office or a group. Of a resident never a name (`names_a_resident`).",
    )
    table_label = of(Contribution, "table_label", help_text="Notes of staff.")
    may_quote = of(Contribution, "may_quote", help_text="Notes of staff.")


class ContributionQuery(PageQuery):
    kind = serializers.ChoiceField(choices=ContributionKind.choices, required=False)
    theme = serializers.UUIDField(required=False)
    moderation = serializers.ChoiceField(choices=Contribution.Moderation.choices, required=False)


class ModerationBody(Strict):
    """Show, hide, or (with `body`) correct what is shown; the old words are kept."""

    moderation = Choice(choices=["shown", "hidden"])
    reason = of(Contribution, "hidden_reason", help_text="Public. Needed to hide and to correct.")
    body = of(Contribution, "body", allow_blank=False)


class ThemeChoiceBody(Strict):
    theme = Id(allow_null=True)


class AnswerBody(Strict):
    answer = of(Contribution, "answer", required=True, allow_blank=False)


class EndorsementBody(Strict):
    mark = serializers.RegexField(
        r"^[0-9a-f]{64}$",
        help_text="SHA-256, in hex, of a secret of the browser's and the contribution's id.",
    )


class EndorsementAnswer(Answer):
    endorsements_count = serializers.IntegerField()


def contribution_tag(contribution: Contribution, viewer: Viewer) -> str:
    who = "staff" if viewer.reads("who said it", contribution.agency_id) else "public"
    return etags.tag(contribution.edit_version, contribution.endorsements_count, who)


def without_blanks(body: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: body[name] for name in names if body.get(name)}
