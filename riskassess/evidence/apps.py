from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "riskassess.evidence"
    label = "evidence"

    def ready(self) -> None:
        from riskassess.evidence import documents  # noqa: F401 - its job and its look
