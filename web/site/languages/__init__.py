"""Languages: one address each (``addresses``), their names (``names``), dates as people say them (``dates``), and what an
agency wrote, in the language of the page or marked (``worded``: the filters ``own`` and ``told``).

From outside: ``addresses.address_of`` and ``same_page``; ``names.named`` and ``language_name``; ``dates.*_in_words``.
``formats`` is named in the settings (FORMAT_MODULE_PATH): how dates are written where we differ from the framework.
Knows nothing but Django.
"""
