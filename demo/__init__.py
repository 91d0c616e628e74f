"""Everything Engage needs, on one machine, with one command: ``make demo`` (``python -m demo``). For trying it and working on it.

``running`` starts the servers (``servers``), the mailbox (``demo.mailbox``), the web and the worker; ``made_year`` is
a made-up year of two agencies; the commands ``load_demo`` and ``demo_credentials`` come with the app, which is
installed only where ENGAGE_ENV is not production. Nothing imports the demo but its tests and the bench.
"""
