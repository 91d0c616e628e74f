"""The answer to a POST, kept under the client's own key, so that a retry gets it again and nothing is done twice.

For outsiders: ``models.IdempotentAnswer``; ``keeping``: Keeping, once, done_once, kept_inside,
anonymous_once, StoredAnswer, KeyInvalid, KeyReused; ``forget_expired`` is the purge's.
"""
