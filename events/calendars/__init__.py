"""Events as calendar entries (RFC 5545, 5546): the public feeds, one event to save, the part of a mail that moves an entry.

Outsiders use ``export`` (agency_feed, dialogue_feed, their etags, event_calendar, rsvp_calendar, invite_calendar,
renew_vevent, uid_for). ``lines`` and ``zones`` write the text, and know no model. Feeds are joined
from text that is rendered when an event is saved: who changes an event calls renew_vevent. It reads ``event`` and
``rsvps`` and changes neither.
"""
