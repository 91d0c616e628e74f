"""What we heard: the summary of an event, drafted from the record, edited, approved, published; a correction is a new version.

Outsiders use ``writing`` (draft, edit, approve, publish), ``reading`` (published_version, open_version and their kin;
words_of: the parts in one language), ``parts`` (EDITABLE, warnings_about), ``drafting`` (drawn_from_the_record,
contributions_of_the_public, counts_by_theme) and the models. A published version never changes; publishing confirms
the draft commitments it names and makes the event ``reported``. It tells nobody: the Activity row does, through
``announcing``.
"""
