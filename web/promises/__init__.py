"""Pages that show what was promised and what was heard, and how to ask, follow and trust."""
