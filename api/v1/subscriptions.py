"""/subscriptions/: somebody wants to hear about something. Nothing is sent until they have confirmed, or once they
have stopped; and no answer says whether an address is known."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language
from rest_framework import serializers
from rest_framework.response import Response

from api.answers import Answer
from api.endpoint import Endpoint, NoBody, operation
from api.strict_fields import Choice, Id, Language, Strict, Text
from engage.agencies.models import Agency
from engage.contacts.addresses import LONGEST_EMAIL
from engage.refusals import Unknown
from outreach.subscriptions.models import Subscription, SubscriptionTarget
from outreach.subscriptions.subscribing import (
    choose_language,
    confirm,
    subscribe,
    subscription_behind,
    unsubscribe,
)


class SubscriptionBody(Strict):
    agency = Text(max_length=63, help_text="A slug.")
    target = Choice(
        choices=SubscriptionTarget.choices, required=False, help_text="The agency itself, unless named."
    )
    target_id = Id(required=False, help_text="The dialogue's, event's, … id; not needed for an agency.")
    email = Text(max_length=LONGEST_EMAIL)
    language = Language(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        target = attrs.setdefault("target", SubscriptionTarget.AGENCY.value)
        if target != SubscriptionTarget.AGENCY and "target_id" not in attrs:
            raise serializers.ValidationError(
                {"target_id": [serializers.ErrorDetail("This field is required.", code="required")]}
            )
        return attrs


class SubscriptionAnswer(Answer):
    agency = serializers.CharField(source="agency.slug")
    target = Choice(choices=SubscriptionTarget.choices)
    target_id = serializers.UUIDField()
    language = serializers.CharField()
    confirmed = serializers.BooleanField()

    def confirmed_of(self, subscription: Subscription) -> bool:
        return subscription.confirmed_at is not None


class SubscriptionEdit(Strict):
    language = Language()


class Subscriptions(Endpoint):
    tag = "Subscriptions"

    @operation("Ask to be told; a mail asks for your confirmation", body=SubscriptionBody, status=202, sign_in="ignored",
               counted=True, refuses=(404,))  # fmt: skip
    def post(self, request: Any) -> Any:
        body = self.body
        agency = Agency.objects.filter(slug=body["agency"]).first()
        if agency is None:
            raise Unknown(field="agency")
        subscribe(
            agency=agency, target=body["target"], target_id=body.get("target_id") or agency.pk, email=body["email"],
            language=body.get("language") or get_language() or "en", now=self.now,
        )  # fmt: skip
        return Response(status=202)


class _ByToken(Endpoint):
    tag = "Subscriptions"

    def subscription(self, token: str) -> Subscription:
        try:
            return subscription_behind(token)
        except Unknown:
            self.guess_failed()
            raise


class OneSubscription(_ByToken):
    @operation("What you are told about", answer=SubscriptionAnswer, sign_in="ignored")
    def get(self, request: Any, token: str) -> Any:
        return self.shape(SubscriptionAnswer).say(self.subscription(token))

    @operation("Choose another language", body=SubscriptionEdit, answer=SubscriptionAnswer, sign_in="ignored")
    def patch(self, request: Any, token: str) -> Any:
        found = self.subscription(token)
        if "language" in self.body:
            found = choose_language(token, language=self.body["language"])
        return self.shape(SubscriptionAnswer).say(found)

    @operation("Be told no more", status=204, sign_in="ignored")
    def delete(self, request: Any, token: str) -> None:
        self.subscription(token)
        unsubscribe(token, now=self.now)


class ConfirmSubscription(_ByToken):
    @operation("Confirm, with the token of the mail", body=NoBody, answer=SubscriptionAnswer, sign_in="ignored",
               counted=True)  # fmt: skip
    def post(self, request: Any, token: str) -> Any:
        try:
            found = confirm(token, now=self.now)
        except Unknown:
            self.guess_failed()
            raise
        return self.shape(SubscriptionAnswer).say(found)
