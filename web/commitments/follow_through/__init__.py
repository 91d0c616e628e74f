"""Follow-through: in one look, what became of the commitments and what must be decided today.

``page`` puts it together: ``figures`` (marks and whole sentences), ``decisions`` (each with its acts), ``periods``
(which quarters), ``waiting_chart``. ``kept_parts`` keeps the drawn page until something it tells has changed. Nobody
imports this but ``web.commitments.urls``.
"""
