"""Who comes: RSVPs, the seats they take, the queue for them, what people need, and the resident's own record of it all.

Outsiders use the acts (``responding``, ``changing``, ``waitlisting``, ``floods``, ``links``, ``resident_record``,
``erasing``), the readings (``listing``; ``rules``: link_for; ``standing``: standing_of), the models and
``needs``. ``seats`` is the one file that moves an event's counters. Outreach fills the
hooks of ``leaving`` and ``waitlisting`` when the app starts. Every act but joining locks the event's row first, then its
RSVPs. Below it stands ``event`` alone.
"""
