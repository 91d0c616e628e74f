"""Sending what is due: claim, commit, compose, hand over, write down; every letter stands alone.

Outsiders use ``batch`` (send_due, and ending: whether this process is about to end). A fault of ours is never
a letter's final answer (``fault_judging``), and what could not be written is owed (``owed_writes``). It joins the
ledger's claims with letters and channels; nobody else does.
"""
