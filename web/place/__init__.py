"""Pages behind a resident's own link: their place, and everything that they can do with it."""
