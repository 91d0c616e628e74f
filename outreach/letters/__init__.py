"""What is written: from a row of the ledger to the bytes of a letter, or to a verdict why there is none.

A new kind of letter is one function here under ``@letter`` (``about_rsvps``, ``about_events``, ``news``, ``to_staff``)
and one line in ``outreach.announcing.audience`` that says who gets it.

Outsiders use ``composing`` (compose), ``occasion`` (the verdicts), ``reading_ahead`` (Around, read_ahead, STAMP),
and ``qr_codes`` (address_of). A letter is made of blocks from ``content``, which turns them into HTML and text;
``event_words`` says when, where and how to get in, ``subjects`` what stands outside; ``wire_format`` makes a mail of these. State is read anew when a
letter is composed; nothing that somebody typed stands in one before the address is proven.
"""
