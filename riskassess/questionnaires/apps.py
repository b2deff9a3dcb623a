from django.apps import AppConfig


class QuestionnairesConfig(AppConfig):
    name = "riskassess.questionnaires"

    def ready(self) -> None:
        from riskassess.questionnaires import mailing  # noqa: F401  which handles the jobs that send mail
