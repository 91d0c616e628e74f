"""The record: one row an act, written in the act's own transaction, from which everything is told.

For outsiders: ``models.Activity``; ``recording``: record, record_all, ring, and hint_with (the hook that outreach fills);
``forgetting.forget_acts_about`` for whoever deletes what a resident did. It knows its object by type and id only.
"""
