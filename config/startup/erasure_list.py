"""What ``check --deploy`` says of the list of erasures: without it, whoever was erased comes back with a restore."""

from __future__ import annotations

import os
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register

from engage.restoring.erasure_list import path_of_the_list


@register(Tags.security, deploy=True)
def erasures_outlive_a_restore(**_: Any) -> list[CheckMessage]:
    path = path_of_the_list()
    if path is None:
        sentence = (
            "ERASURE_LIST is not set: after a restore, people who were erased since the backup come back, and reminders "
            "may go out twice unnoticed. Name a file outside the database and its backups (docs/settings.md)."
        )
        return [Warning(sentence, id="engage.W011")]
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        return [
            Warning(f"ERASURE_LIST cannot be written ({path}): nobody could be erased.", id="engage.W012")
        ]
    return []
