"""Staff reading what is under a resident's seal: on the record, for a purpose, so much an hour, more with a second yes.

For outsiders: ``models``: ContactRead, ReadingRequest, ReadPurpose; ``recording``: record_read before anything is shown, places_read, TO_CHOOSE, SecondPersonNeeded;
``granting``: ask_for_more, grant, may_say_yes, requests_of, request_at, is_night.
"""
