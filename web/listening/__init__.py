"""Contributions: asking in public, at an event or the agency, and what staff make of it.

``asking`` is public and takes words with or without an address, at an event or the agency, in one way.
At the desk: ``contributions`` and ``contribution_acts`` (moderation), ``themes``, ``dialogues``, ``notes`` (live,
while people speak). Nobody imports this room but ``web.urls``.
"""
