"""Forgetting: whatever holds something about a resident goes on its day, or at once when they ask.

For outsiders: ``models.Destruction``; ``purge``: purge (the worker's round), erase_contacts, MARKS_KEPT. It stands above all that it deletes.
"""
