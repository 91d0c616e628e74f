"""Pages that hold a key or are for staff: kept by no cache, found by no search engine, named to no other site."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

# By the path's beginning, so that an address which leads nowhere is covered like one that does.
PRIVATE: Final = re.compile(
    r"/(?:(?:r|accept|unsubscribe|confirm|invitation|c|door|accounts|desk)/|calendars/(?:rsvp|person)/)",
    re.IGNORECASE,
)
SIGNING_OUT: Final = re.compile(r"/accounts/logout/?")


class PrivatePages:
    """Sets the three headers of reliability.md on every answer below a private path, the errors' too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if PRIVATE.match(request.path_info):
            patch_cache_control(answer, no_store=True)
            # `no-referrer` would make browsers send `Origin: null` with our own forms.
            answer["Referrer-Policy"] = "same-origin"
            answer["X-Robots-Tag"] = "noindex, nofollow"
        if request.method == "POST" and SIGNING_OUT.fullmatch(request.path_info) and answer.status_code < 400:
            # What a browser still holds of the desk goes with the session. Its cookies stay: the door has one of its own.
            answer["Clear-Site-Data"] = '"cache", "storage"'
        return answer
