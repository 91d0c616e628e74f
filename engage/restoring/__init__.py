"""What is written outside the database, so that a restored one is known for what it is, and erases again what was erased.

For outsiders: ``erasure_list``: write_down_erased before an erasure, lines and mark_of for a replay, ListIsAway;
``lineage``: keep_up, holding, end_hold; ``models.Lineage``.
"""
