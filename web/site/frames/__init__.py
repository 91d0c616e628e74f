"""The frames around pages: ``public`` for everybody, ``staff`` for who works here, ``behind_a_link`` for a resident's own.

From outside: ``public.public_page``, ``public.public_form_page``, ``public.show``, ``public.the_agency``;
``staff.desk_page``, ``staff.Desk``, ``staff.show``; ``behind_a_link.link_page``, ``place_behind``,
``answers_refusals``; ``swapping`` (a whole page, or the part that htmx puts in its place) and ``discretion`` (an event's
title, and who names a discreet one). ``private`` is named in the settings only.
"""
