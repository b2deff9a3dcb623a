from django.apps import AppConfig


class QuestionnairesConfig(AppConfig):
    name = "riskassess.questionnaires"

    def ready(self) -> None:
        from riskassess.imports.elsewhere import Place, offer
        from riskassess.imports.shapes.names import ShapeName
        from riskassess.questionnaires import mailing  # noqa: F401  which handles the jobs that send mail

        offer(ShapeName.QUESTIONS, Place("Add it as a set of questions", "questionnaires:set_of_import"))
