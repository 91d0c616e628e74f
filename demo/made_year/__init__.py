"""A made-up year of two made-up agencies, so that a demo has something to show. Nobody in it exists.

What happened stands in the ``*.toml`` beside this: who, what was said and promised, and how many days from the day of the
first load. Each module plans its part of it as acts of the domain at their hour, and ``loading.load`` plays them in the
order of time, all of it or nothing, once: no row is written but by the rules that a real one goes through.
"""
