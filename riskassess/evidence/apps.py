from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "riskassess.evidence"
    label = "evidence"
