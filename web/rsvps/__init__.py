"""RSVPs: a resident's own, behind their link (``manage``, ``record``, ``my_link``), and an event's as staff work on them.

For staff: ``for_staff`` (the list, one for a caller), ``needs``, ``flood`` (many from one connection),
``more_readings`` (more names in an hour than one may read). From outside: ``words`` (seats, RSVPs, needs and how they
stand), which the desk's pages speak. The form on the event's page is ``web.events.rsvp_form``.
"""
