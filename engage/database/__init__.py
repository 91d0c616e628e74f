"""What every table and every statement shares: ids, the clock, the faults of a moment, and trying once more.

For outsiders: ``ids.uuid7``; ``erasable.Erasable``, the base of all personal rows; ``clock.database_now``; ``faults``: fault_of,
sqlstate_of and the faults themselves; ``bounds``: between, within, bounds_of; ``trying_again``: again_once, may_be_repeated, something_is_kept.
"""
