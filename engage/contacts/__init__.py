"""A resident's address: sealed, for one event or one subscription, reached by derived links, and proven before it is mailed.

For outsiders: ``models``: Contact, BlockedAddress, LetterAsk, Channel; ``keeping``: keep_contact, find_event_contact,
prove, and before_contacts_go (a hook that outreach fills); ``addresses``: address_of, normalised; ``links``:
Purpose, mint, row_of; ``unproven``: how much mail may go; ``locking``: in which order; ``asking_for_letters``: LetterAsk's acts.
"""
