"""Who hears of what: acts that nobody has announced yet become rows in the ledger.

Outsiders use ``sweep`` (announce, try_stumbled_again), ``who_is_told`` (told_of_moving and its like: how many will
be told), ``staff_mail`` (tell_what_ended) and ``letters_asked_for`` (answer_asks). ``audience`` holds for each
verb the one statement that writes its rows; ``broadcasting`` opens addresses one by one, so that each is told once.
It sends nothing. Below it stand summaries, subscriptions and the ledger.
"""
