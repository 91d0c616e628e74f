"""The evening at the door: links that open it, the list of names, arrivals, heads, and what the evening came to.

Outsiders use ``links`` (open the door on a device, until when it is open), ``checking_in`` and ``guests`` (let people
in, find who may be meant), ``arrivals`` and ``counts`` (readings) and ``attendance`` (heads, how many came,
freeze_totals). Every arrival counts once, however often a device sends it; names are shown after the opening was
written down. It stands on ``rsvps`` and ``event``. Nothing else in this package imports it.
"""
