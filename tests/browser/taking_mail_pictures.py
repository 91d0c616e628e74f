"""``make mail-pictures``: every kind of letter at 390 px, in both languages, into ``docs/mail``, with a page that lists them.

The letters are those of ``tests/makers/every_letter.py``, sent over SMTP; what looks at them takes the pictures.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Final

import pytest

from tests.journeys.running_demo import ROOT

FOLDER: Final = ROOT / "docs" / "mail"
_LOOKS: Final = "tests/browser/test_letters_on_a_phone.py"
_WORDS: Final = """# Every kind of letter

As a phone shows it at 390 px, in both languages; `make mail-pictures` takes these anew. What each must say, as text and as
HTML, is demanded by `tests/outreach/test_what_each_letter_says.py`; that it can be read by night and at 320 px by
`tests/browser/test_letters_on_a_phone.py`. How letters are written: `docs/recipes.md`, and `outreach/letters/`.

"""
_DISCREET: Final = """
## Of a discreet meeting

Neutral outside, one way in, and nothing that says what it is about or whose it is.

"""


def index_of(folder: Path) -> str:
    """The page that lists what is there: a row a kind, a column a language."""
    names = sorted(picture.stem for picture in folder.glob("*-en.webp"))
    kinds = [name.removesuffix("-en") for name in names]
    plain = [kind for kind in kinds if not kind.endswith("-discreet")]
    discreet = [kind for kind in kinds if kind.endswith("-discreet")]
    return _WORDS + _table(plain) + _DISCREET + _table(discreet)


def _table(kinds: list[str]) -> str:
    rows = [
        f"| `{kind.removesuffix('-discreet')}` | ![The letter {kind} in English]({kind}-en.webp) "
        f"| ![The letter {kind} in Spanish]({kind}-es.webp) |"
        for kind in kinds
    ]
    return "\n".join(["| kind | English | Spanish |", "|---|---|---|", *rows, ""])


def main() -> int:
    """The exit code of the tests: pictures of letters that cannot be read are not kept."""
    with tempfile.TemporaryDirectory() as there:
        os.environ["MAIL_PICTURES"] = there
        failed = int(pytest.main(["-q", "-n", "0", "-mslow", _LOOKS]))
        if not failed:
            FOLDER.mkdir(parents=True, exist_ok=True)
            for old in FOLDER.glob("*.webp"):
                old.unlink()
            for picture in Path(there).glob("*.webp"):
                (FOLDER / picture.name).write_bytes(picture.read_bytes())
            (FOLDER / "README.md").write_text(index_of(FOLDER), encoding="utf-8")
    return failed


if __name__ == "__main__":
    sys.exit(main())
