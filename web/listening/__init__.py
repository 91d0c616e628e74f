"""Listening: live notes, questions, themes, and the summary of what was heard."""
