"""Commitments: read by everybody (``listing``, ``detail``), kept by staff (``staff_*``, ``acts``), seen whole by who leads.

From outside: ``words`` (how one stands: in a word with its mark, counted, in a legend), ``rows.row_of`` (one
in a list). ``follow_through`` is the leaders' page with its figures and decisions. A page says "promise"; the code
does not.
"""
