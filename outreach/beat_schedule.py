"""When the beat ticks. It is a bonus: workers look by timers of their own, and two beats, or none, do as one."""

from __future__ import annotations

from typing import Any, Final

# Seconds. What is due, and how often it is looked for, stands in worker_rounds.
_EVERY: Final = 15.0
# A day: it only keeps a broker without a worker from holding ticks for ever, and decides nothing, whatever the clocks of
# two machines say.
_KEPT: Final = 86_400

BEAT_SCHEDULE: Final[dict[str, dict[str, Any]]] = {
    "tick": {"task": "outreach.tasks.tick", "schedule": _EVERY, "options": {"expires": _KEPT}}
}
