from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "riskassess.home"
    label = "home"
