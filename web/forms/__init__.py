"""Forms: the shape of what people fill in, and nothing of its rules."""
