"""Small makers of things that tests stand on; each writes through the restricted role."""
