"""The agency, its settings and looks, the pledges it signs, the communities it serves, and what belongs to it.

For outsiders: ``models``: Agency, AgencyMark, Closure, Community, Pledge, LANGUAGE_TAG, BOUNDS, SETTINGS; ``onboarding``: create_agency,
change_settings; ``shorter_retention``: fewer days of keeping, asked first and done in the second night (hooks that events fills); ``pledges``: sign_pledge, withdraw_pledge, pledges_of, ENFORCED;
``closures``: close_on, edit_closure, open_again; ``working_days.WorkingDays``; ``communities``: add_community, edit_community, remove_community; ``appearance``: palette, contrast; ``languages``:
is_language_tag, spoken, Worded (a text with the language it is in), in_language, in_words_of, first_language, errors_in_translations. ``belonging`` is for the subjects above: what an act names must be the same agency's.
"""
