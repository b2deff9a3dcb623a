"""How the house is wired: settings, URLs, the API router, Celery, the servers' entry points."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
