"""A sentence for the next page, in a cookie whose name no other host of the domain can set."""

from __future__ import annotations

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class _NamedCookie(CookieStorage):
    cookie_name = settings.MESSAGES_COOKIE_NAME


class SaidOnce(FallbackStorage):
    storage_classes = (_NamedCookie, SessionStorage)
