"""The Celery app. The broker is a doorbell: everything that is due stands in PostgreSQL."""

import os

from celery import Celery

from outreach.beat_schedule import BEAT_SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("engage")
# Not read before it is needed: a worker or a clock whose settings are wrong ends there, with one sentence.
app.config_from_object("config.worker_settings:settings", namespace="CELERY")
app.autodiscover_tasks(["outreach"])
app.conf.beat_schedule = BEAT_SCHEDULE
