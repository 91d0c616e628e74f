"""The liaison's desk: the board, planning an event and running it, messages and reminders, venues, and what is printed.

``board`` and ``workspace`` read across the subjects below; ``planning``, ``turning`` and ``checklist`` change an
event. ``papers`` (sign-in sheet), ``poster`` and ``wall`` are for paper and projectors. Nobody imports this room but
``web.urls``: what several rooms say of an event stands in ``web.events``.
"""
