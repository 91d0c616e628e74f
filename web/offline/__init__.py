"""Public pages without a signal: the browser keeps those that were read, and says from when they are."""
