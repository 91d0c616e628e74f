"""Who has a second factor: asked of the tables of the package that keeps them, whose code this room does not use."""

from __future__ import annotations

from typing import Any, Final

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

# An authenticator app and a passkey; recovery codes stand beside one of them.
STRONG: Final = frozenset({"totp", "webauthn"})


def strong_factors() -> Any:
    """A query set of authenticator apps and passkeys, by ``user``."""
    return apps.get_model("mfa", "Authenticator").objects.filter(type__in=STRONG)


def guarded_as_asked(agency: str, person: str) -> Any:
    """A condition on rows with an agency and a person at these paths: a factor is set up, where that agency asks for one."""
    return Q(**{f"{agency}__mfa_required": False}) | Exists(
        strong_factors().filter(user=OuterRef(f"{person}_id"))
    )
