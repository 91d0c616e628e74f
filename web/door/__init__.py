"""The door of a meeting: who is here."""
