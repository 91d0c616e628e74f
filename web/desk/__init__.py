"""The liaison's desk: planning an event and running it."""
