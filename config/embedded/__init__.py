"""A real PostgreSQL and a real Valkey for one folder, without a service, a user or a port on the machine.

For the demo and the tests; production names its own servers in ``DATABASE_URL`` and ``REDIS_URL``.
"""
