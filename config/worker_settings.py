"""What Celery reads: Django's settings, once they are fit to serve."""

from django.conf import settings

from config.starting import fit_to_serve

fit_to_serve()

__all__ = ["settings"]
