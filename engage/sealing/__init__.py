"""Sealing what a resident typed, with keys that only the settings hold: bound to its place, and all of one size.

For outsiders: ``column.SealedColumn``; ``seals``: seal, unseal, fingerprint, fits, SealBroken; ``intake``: to the worker's public
key; ``key_marks``: whether the keys fit this database; ``key_rotating``: seal_anew, still_under, waiting_under; ``factors``: a second factor's secret.
Who may open a seal is held by tests/architecture/test_who_opens_seals.py.
"""
