"""The worker: which rounds there are, when each is due by the database's clock, and who goes it.

Outsiders use ``sweeping`` (Sweeper, the worker's own timer), ``rounds`` (ROUNDS, Rota), ``round_taking`` (ages, for
the probes), ``doorbell`` (bell, rung after a commit) and ``restore_checking`` (the operator's).
Celery's door is ``outreach.tasks``, whose name and task names stay: messages in flight bear them. A
round that tells nobody is one call into its domain.
"""
