"""A made-up year of two made-up agencies, so that a demo has something to show. Nobody in it exists."""
