"""Who signs in: the person, their sessions, passwords and second factors, and how often a secret may be tried.

For outsiders: ``models``: Person, SignInSession; ``sessions`` (settings.SESSION_ENGINE): sessions_of, end_session, end_other_sessions;
``secret_tries``: take, account_of, Secret, Caller, TriedTooOften; ``own_account.change_own_account``; ``passwords``
(by settings); ``second_factors``: STRONG, and who has one. What a person may do is in ``roles``.
"""
