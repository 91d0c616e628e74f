"""The API's own description: the OpenAPI text, and a page to read and try it on, without any outside host."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from rest_framework.response import Response

from api import etags
from api.endpoint import Endpoint, operation


class Schema(Endpoint):
    """The same for everyone, and written once a process."""

    tag = "Reference"

    @operation("This description, as OpenAPI 3.1", sign_in="ignored")
    def get(self, request: Any) -> Any:
        text, tag = description()
        headers = {"ETag": tag, "Cache-Control": "public, max-age=300"}
        if etags.is_known(request, tag):
            return Response(status=304, headers=headers)
        return Response(orjson.Fragment(text), headers=headers)


@cache
def description() -> tuple[bytes, str]:
    text = orjson.dumps(SchemaGenerator().get_schema(request=None, public=True))
    return text, f'"{sha256(text).hexdigest()[:32]}"'


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """A readable reference."""
    return render(request, "api/docs.html")
