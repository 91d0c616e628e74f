"""The ledger: one row for each occasion, recipient and channel, from due to its end, whatever workers die in between.

Outsiders use ``models`` (Delivery, DeliveryState, Lane), ``kinds`` (what holds for each kind of letter),
``counts`` (delivery_counts: what staff may read), ``suppressing`` (taking back what is not sent yet) and
``sending_again``. ``claiming`` and ``outcomes`` are for ``sending``, ``statements`` for whoever writes rows:
``announcing`` and ``reminders``. Conditions stand on the row, and the time is the database's. Below it stands
``channels`` alone.
"""
