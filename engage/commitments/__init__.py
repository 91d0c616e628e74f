"""What the agency promised: made, confirmed, changed in public line by line, and how each one stands.

For outsiders: ``models``: Commitment, CommitmentStatus, CommitmentUpdate, Evidence, Redaction, ENDED, TEXTS; ``tracking``: the acts
(make_commitment, confirm, edit, update, add_evidence, redact), UNCHANGED; ``standing``: Standing, and how one stands by whose day;
``words``: that, in a few words; ``moving_once``: the pledge about dates; ``listing``, ``reading``: as everyone reads them, and who sees which; ``figures``: the numbers for leadership and everyone.
"""
