"""Following something by email: asking for it (``following``), and the links under our mails (``links``) that confirm or stop it.

Every address gets the same answer, and nothing is sent before its owner has confirmed. Nobody imports this room but
``web.urls``; a commitment's page includes ``subscriptions/_email_form.html``.
"""
