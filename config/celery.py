"""The Celery application. Its messages only wake a worker; the Job table holds the work."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("riskassess")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Without this, threads of a worker's pool fall back to another app and drop our tasks silently.
app.set_default()
