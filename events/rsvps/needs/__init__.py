"""What somebody needs to take part: asked for with an RSVP, arranged by staff, forgotten a week after the event.

Outsiders use ``asking`` (Need, needs_of, LONGEST_DETAIL), ``arranging`` (arrange) and ``reading`` (kinds_of_need,
list_needs, need_of, details_for, may_arrange). The rows are AccessRequest, the API's name, in ``models``. The
resident's own words are sealed; staff read them by ``reading.details_for`` alone, which writes down who did. It knows
``rsvps.models``, and no other file of its parent.
"""
