"""Entity tags. The first part is the edit version: it alone decides whether an edit is stale (If-Match); all of it
decides whether something is new to read (If-None-Match)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

from django.db import models, transaction

from api.strict_json import write_json
from engage.refusals import StaleEdit, Unknown


def tag(version: Any, *parts: Any) -> str:
    """``"<version>-<part>-…"``. The parts are what else an answer hangs on: counters, the day, who reads it."""
    return '"' + "-".join(str(part) for part in (version, *parts)) + '"'


def tag_of_content(data: Any) -> str:
    """For things without an edit version: what they say is their version."""
    return tag(sha256(write_json(data)).hexdigest()[:32])


def is_known(request: Any, current: str) -> bool:
    """Whether the client has this already (RFC 9110 §13.1.2, weak comparison)."""
    return current in _listed(request, "HTTP_IF_NONE_MATCH", current)


def must_match(request: Any, current: str) -> None:
    """Raises StaleEdit where If-Match names another edit version (RFC 9110 §13.1.1). Without the header: nothing."""
    if "HTTP_IF_MATCH" not in request.META:
        return
    version = _version(current)
    if version not in {_version(given) for given in _listed(request, "HTTP_IF_MATCH", current)}:
        raise StaleEdit


def version_wanted(request: Any) -> int | None:
    """The edit version that If-Match asks for; None without the header or for ``*``. Raises StaleEdit for nonsense."""
    if "HTTP_IF_MATCH" not in request.META:
        return None
    given = _listed(request, "HTTP_IF_MATCH", "*")
    if "*" in given:
        return None
    versions = [_version(one) for one in given]
    if len(versions) != 1 or not versions[0].isascii() or not versions[0].isdigit() or len(versions[0]) > 9:
        raise StaleEdit
    return int(versions[0])


@contextmanager
def unchanged(request: Any, thing: models.Model, *, called: str = "") -> Iterator[None]:
    """Hold ``thing`` still while it is changed, where If-Match says which version is meant. Raises StaleEdit.

    called: what stands before the edit version in the tag, for a thing whose address may lead to another one later.
    """
    if "HTTP_IF_MATCH" not in request.META:
        yield
        return
    with transaction.atomic():
        rows = type(thing)._default_manager.select_for_update(no_key=True).filter(pk=thing.pk)
        version = rows.values_list("edit_version", flat=True).first()
        if version is None:
            raise Unknown
        must_match(request, tag(f"{called}{version}"))
        yield


def _listed(request: Any, header: str, current: str) -> list[str]:
    given = [one.strip().removeprefix("W/") for one in request.META.get(header, "").split(",")]
    return [current] if "*" in given else [one for one in given if one]


def _version(entity_tag: str) -> str:
    return entity_tag.strip('"').partition("-")[0]
