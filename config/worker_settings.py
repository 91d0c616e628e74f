"""What Celery reads: Django's settings, once they are fit to serve."""

import sys

from django.conf import settings

from config.startup.keys import end_if_keys_are_wrong
from config.startup.refusing import fit_to_serve

fit_to_serve()
# Not where the web rings the bell, nor where somebody only looks (`celery inspect`).
if {"worker", "beat"} & set(sys.argv[1:]):
    end_if_keys_are_wrong(remember=True)

__all__ = ["settings"]
