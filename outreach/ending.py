"""Whether this process is about to end: then nothing new is begun, and what is under way is brought to its end."""

from __future__ import annotations

import threading
from typing import Final

ending: Final = threading.Event()
