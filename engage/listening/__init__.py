"""What people say: dialogues, contributions under a name or none, moderation, themes, and the notes of the room.

For outsiders: ``models``: Dialogue, Theme, Contribution and its kinds; the acts: ``dialogues`` (and who sees which),
``contributing``, ``intake`` (without a name: take_in; empty_intake is the worker's), ``moderating``,
``theming``, ``notes``; ``words.words_shown_to``: the only way to sealed words; ``listing``: as staff go through them.
"""
