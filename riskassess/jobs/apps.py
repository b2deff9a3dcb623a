from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "riskassess.jobs"
    label = "jobs"
