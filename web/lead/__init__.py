"""Leadership: what is owed, what is late, what must be decided today."""
