"""Pages on which residents find a meeting and save a place."""
