"""Who takes part, about what, and what came of it: the lowest of the three domains.

Subjects, each importing only from those below it: retention, listening, commitments, readings, roles, contacts, agencies,
people, kept_answers, activity, counting, database, restoring, sealing; paging.py, refusals.py, refusal_statuses.py and local_time.py for all.
``engage.models`` is Django's list of the tables; everybody else imports from the subject.
"""
