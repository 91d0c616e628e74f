"""Everything Engage needs, on one machine, with one command: `make demo`. For trying it and for working on it."""
