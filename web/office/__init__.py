"""Administration of an agency: its settings by sections, people and roles, pledges, keys, communities, readings, imports.

Each page is a file; ``settings_forms`` holds the sections, whose fields are called as the agency's own. For a fresh
sign-in and for what ends with a role it asks ``web.account``. Nobody imports this room but ``web.urls``.
"""
