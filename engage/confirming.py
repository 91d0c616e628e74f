"""An act that asks first: what it would set off, with numbers, and a digest by which whoever read it says: yes, that.

The act itself asks, in its transaction and under its locks, so that what was read is what happens. A page hands on the
digest that it showed, a program the one it got with the refusal. A caller that asks nobody (the clock, a surface whose
contract is to act at once) hands on None.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from django.utils.translation import gettext_lazy as _

from engage.refusals import RuleViolation


@dataclass(frozen=True, slots=True)
class Consequence:
    """One thing that would follow. code: stable. sentence: in the reader's language. number: None where nothing is counted.

    of: what it is said of besides (an instant, a name); where that is another one, it is asked anew.
    """

    code: str
    sentence: str
    number: int | None = None
    of: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What an act would set off. act: its name and what it is done to, so that a yes to one is none to another."""

    act: str
    consequences: Sequence[Consequence]

    @property
    def digest(self) -> str:
        """The same in every language, and another one as soon as a number is."""
        lines = [f"{one.code}\x1f{one.number}\x1f{one.of}" for one in self.consequences]
        return sha256("\x1e".join([self.act, *lines]).encode()).hexdigest()[:32]


class ConfirmRequired(RuleViolation):
    """``consequences`` and the digest ``confirm`` in ``extra``. question: the same for a page; is_new: not what was said yes to."""

    code = "confirm_required"
    sentence = _("Read what this sets off, then confirm it.")

    def __init__(self, question: Question, *, is_new: bool = False) -> None:
        self.question, self.is_new = question, is_new
        detail = (
            _("What this sets off has changed since. Read it again, then confirm it.") if is_new else None
        )
        told = [
            {"code": one.code, "number": one.number, "detail": one.sentence} for one in question.consequences
        ]
        super().__init__(detail, consequences=told, confirm=question.digest)


def ask(question: Question, *, confirm: str | None) -> None:
    """Raises ConfirmRequired unless ``confirm`` is the digest of just this, or nothing follows.

    confirm: "" where nothing was said yet, None where nobody is asked.
    """
    if confirm is not None and question.consequences and confirm != question.digest:
        raise ConfirmRequired(question, is_new=confirm != "")
