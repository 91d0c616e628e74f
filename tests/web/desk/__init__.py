"""The desk of a liaison."""
