"""Ways of handing a message over, and whether one takes letters at all. Each is one small class with the same contract.

Outsiders use ``channel`` (Channel, Letter, and the failures, each of which says what it means), ``email``
(SmtpChannel), ``carrier`` (so that a silent recipient holds up nobody else) and ``health`` (is_open; trouble, works).
A new way of sending is a class here and a row in the contract's test. It knows no other subject: no event, no
delivery, no person.
"""
