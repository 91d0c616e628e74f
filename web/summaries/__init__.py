"""Summaries of events: read by everybody (``published``), drafted, edited, approved and published by staff.

``editing`` and ``publishing`` are the staff's pages; ``forms`` and ``parts`` the wording as one form, in
every language. Nobody imports this room but ``web.urls``.
"""
