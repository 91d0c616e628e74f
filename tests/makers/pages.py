"""The HTML of an answer as one hand writes it, so that a test does not depend on where a template breaks its lines."""

from __future__ import annotations

import re
from typing import Any


def html_of(answer: Any) -> str:
    """On one line: one space between words, none at the edges of an element or of a tag."""
    line = " ".join(answer.content.decode().split())
    line = re.sub(r"\s*(/?>)", r"\1", line)
    return re.sub(r"(<[a-z][^<>]*>) ", r"\1", re.sub(r" </", "</", line))
