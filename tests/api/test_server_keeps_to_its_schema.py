"""Schemathesis, all of its checks, over the whole schema: nothing that the server does is left unsaid in it."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from schemathesis.generation import GenerationMode

from tests.api.knocking_by_the_schema import WHO, knock, one_connection

pytestmark = [pytest.mark.django_db(databases=["default", "owner"]), pytest.mark.slow]

# Requests a method of a path and a kind; with some 130 methods the whole takes some 40 seconds; `python -m
# bench.schema_walk` asks a hundred times as much of a server of its own.
EXAMPLES = {"everything": 3, "nobody": 2}


@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
@pytest.mark.parametrize("who", WHO)
def test_the_server_keeps_to_its_schema(who: str, mode: GenerationMode, settings: LazySettings) -> None:
    settings.THROTTLES = "off"
    with one_connection():
        found = knock(who, mode, examples=EXAMPLES[who])
    assert found == [], "\n\n".join(found)
