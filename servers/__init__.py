"""Servers for one folder: a real PostgreSQL and a real Valkey, without a service, a user or a port on the machine.

For the demo and the tests: ``postgres``, ``valkey``, ``throwaway``; ``supervising`` keeps children running.
Production names its own servers in ``DATABASE_URL`` and ``REDIS_URL`` and takes ``parent_death`` only: a process ends
when the one that started it is gone. Knows nobody here, and no Django.
"""
