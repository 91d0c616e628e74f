"""The independent reader. It knows the product's tables and what people are owed, and imports none of the product's code.

``words`` and ``shown`` read text and HTML; ``rows`` asks the tables; ``letters``, ``event_pages``, ``calendars``, ``tickets``
and ``commitments`` say what must be so; ``reader`` calls them and keeps what was said before.
"""
