"""The event itself, on which everything else of this package stands: its row and its venue's, and who may see them.

Outsiders use ``models`` (Event, EventStatus and its groups OPEN, STANDING and OVER, EventFormat, EventKind, Audience, RsvpMode,
Venue, VenueFeature), ``permissions`` (public_events, event_visible_to, events_visible_to, venues_visible_to),
``standing`` (how it stands and what a newcomer finds, for a row, a filter, a column; free_seats, seats_left),
``short_addresses`` (short_address) and ``discretion`` (is_discreet); acts lock the row by ``locking``. It knows no other subject of this package. What changes
an event is in ``planning``; its counters are moved by ``rsvps.seats`` alone.
"""
