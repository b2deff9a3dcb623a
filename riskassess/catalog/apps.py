from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "riskassess.catalog"
    label = "catalog"
