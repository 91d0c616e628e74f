"""A year of one agency in fast motion, while an independent reader checks every statement against the rows.

``story`` lives the year by a seed: staff and residents act through the front door, the worker goes its rounds, letters go
over SMTP. ``reading`` reads whatever anybody would read, and knows nothing of the product but its tables.
"""
