"""The check-in code as a picture for a mail: black on white, one bit a pixel, a few hundred bytes."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

import segno
from django.conf import settings

_SCALE: Final = 4  # pixels a module
_QUIET: Final = 4  # modules of white around it (ISO/IEC 18004)


def address_of(code: str) -> str:
    """In capitals where that means the same, because then the code is smaller: ``HTTPS://HOST/C/CODE``."""
    parts = urlsplit(settings.PUBLIC_URL)
    base = settings.PUBLIC_URL if parts.path else settings.PUBLIC_URL.upper()
    return f"{base}/C/{code}"


@lru_cache(maxsize=512)
def png(code: str) -> bytes:
    """PNG, greyscale of one bit. One mask serves: trying all eight costs five times as much and reads no better here."""
    matrix = segno.make(address_of(code), micro=False, error="m", boost_error=False, mask=2).matrix
    margin = [0] * _QUIET
    rows = [[0] * (len(matrix) + 2 * _QUIET)] * _QUIET
    rows = [*rows, *([*margin, *row, *margin] for row in matrix), *rows]
    width = len(rows) * _SCALE
    lines = b"".join(_line(row, width) * _SCALE for row in rows)
    header = struct.pack(">IIBBBBB", width, width, 1, 0, 0, 0, 0)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"IDAT", zlib.compress(lines, 6)),
            _chunk(b"IEND", b""),
        ]
    )


def _line(row: list[int], width: int) -> bytes:
    # Filter 0, then the pixels: a dark module is a run of zeros.
    bits = "".join(("0" if module else "1") * _SCALE for module in row)
    padding = -width % 8
    return b"\0" + int(bits + "1" * padding, 2).to_bytes((width + padding) // 8)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
