"""What a program sends to say yes to what it was told (engage.confirming)."""

from __future__ import annotations

from rest_framework import serializers

from api.strict_fields import Strict, Text


class ConfirmBody(Strict):
    """For the body of every act that asks; a shape with more fields stands on this one."""

    confirm = Text(
        required=False,
        max_length=64,
        help_text="The `confirm` of the 409 `confirm_required` that said what this sets off.",
    )


class ConsequenceProblem(serializers.Serializer):
    code = serializers.CharField(help_text="Stable; programs decide by it.")
    number = serializers.IntegerField(allow_null=True, help_text="Null where nothing is counted.")
    detail = serializers.CharField()
