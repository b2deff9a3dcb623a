from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "riskassess.imports"
    label = "imports"
