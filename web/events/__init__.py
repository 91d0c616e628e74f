"""An event as everybody finds and reads it, with the form on its page that saves an RSVP; calendars; and the staff's head of it.

From outside: ``words`` (when, where, seats), ``detail.facts_of`` (what every page about an event says of it),
``staff_head.own_event`` and ``head_of`` (on top of each page at the desk), ``in_the_hall.hall_of``, ``needs_form``.
The form and its POST stand here, beside the page that shows them; what becomes of an RSVP is ``web.rsvps``.
"""
