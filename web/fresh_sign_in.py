"""Before what would outlast a stolen session, such as a key for a program, one shows again who one is."""

from __future__ import annotations

import time

from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest


def must_be_fresh(request: HttpRequest) -> None:
    """Go on where a password, a code or a passkey was given in this session within the last 10 minutes.

    Else raises ReauthenticationRequired: allauth's page asks, and then goes on with this very request.
    """
    given = get_authentication_records(request, request.user)
    newest = max((record["at"] for record in given), default=0)
    if time.time() - newest > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
        raise ReauthenticationRequired
