"""Says where the demo answers and who can sign in, once it does."""

import json
from pathlib import Path


def announcement(credentials: Path, *, base_url: str, mailbox_url: str | None, folder: Path) -> str:
    """The lines to show: the address, the mailbox, one sign-in a role from ``credentials`` (may be missing)."""
    lines = ["", f"  Engage answers at   {base_url}/"]
    if mailbox_url:
        lines.append(f"  Its mail is at      {mailbox_url}/")
    if people := _one_a_role(credentials):
        lines += ["", "  Sign in as"]
        widths = [max(len(person[part]) for person in people) for part in ("role", "email")]
        for person in people:
            role, email = person["role"].ljust(widths[0]), person["email"].ljust(widths[1])
            lines.append(f"    {role}  {email}  {person['password']}")
    lines += ["", f"  API tokens: {credentials}   Logs: {folder / 'log'}   Stop: Ctrl-C", ""]
    return "\n".join(lines)


def _one_a_role(credentials: Path) -> list[dict[str, str]]:
    try:
        people = json.loads(credentials.read_text(encoding="utf-8"))["people"]
    except (OSError, ValueError, KeyError):
        return []
    first: dict[str, dict[str, str]] = {}
    for person in people:
        if person.get("password"):
            shown = {part: str(person.get(part) or "") for part in ("role", "email", "password")}
            first.setdefault(shown["role"], shown)
    return list(first.values())
