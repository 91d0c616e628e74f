"""Somebody who works here and their own account: signing in, second factors, sessions, an invitation, where they begin.

allauth does the work (``account.*`` and ``mfa.*`` are its URL names and its templates); here are our words, our
counting of tries, and what ends with a changed password. From outside: ``choosing_agency.desk``,
``sessions.open_sessions`` and ``must_be_fresh``, ``what_ends.end_and_stay``. The settings name classes of ``forms``,
``sign_in``, ``second_factors``, ``what_ends``, ``middleware``.
"""
