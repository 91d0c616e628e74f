"""What somebody asked for, in a letter to them: how far it is, and what happens next. Never the words they typed."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from engage.agencies.languages import ANOTHER, known_language_name
from events.rsvps.needs.models import AccessRequest, NeedKind, NeedStatus


def need_lines(needs: Iterable[AccessRequest], *, phone: str, is_soon: bool = False) -> list[str]:
    """phone: of the agency, maybe empty. is_soon: the meeting is near, so whoever still waits for an answer should ask."""
    return [
        f"{needed(one)}: {_how(one)} {_and_then(one, phone=phone, is_soon=is_soon)}".strip() for one in needs
    ]


def needed(need: AccessRequest) -> str:
    """The kind, from our own list; of an interpreter also the language, where it is one that we can name."""
    is_named = need.kind == NeedKind.INTERPRETER and need.language != ANOTHER
    if language := known_language_name(need.language) if is_named else "":
        return _("Interpreter, {language}").format(language=language)
    return str(need.get_kind_display())


def _how(need: AccessRequest) -> str:
    words = {
        NeedStatus.ASKED: _("we have your request and have not answered yet."),
        NeedStatus.ARRANGING: _("we are arranging it."),
        NeedStatus.ARRANGED: _("it is arranged."),
        NeedStatus.MET: _("it is arranged."),
        NeedStatus.NOT_MET: _("we could not arrange it."),
    }
    how = words[NeedStatus(need.status)]
    return f"{how} {need.outcome}" if need.outcome else how


def _and_then(need: AccessRequest, *, phone: str, is_soon: bool) -> str:
    if need.status in {NeedStatus.ARRANGED, NeedStatus.MET}:
        return "" if need.outcome else _("You do not need to do anything.")
    if need.status == NeedStatus.NOT_MET:
        return _("To look for another way, call {phone}.").format(phone=phone) if phone else ""
    if is_soon and phone:
        return _("Please call {phone}, so that you know before you come.").format(phone=phone)
    return _("We write to you when we know what we could arrange.")
