"""The workbook of every assessment of the demonstration comes back from another program with the engine's integers."""

from __future__ import annotations

import pytest

from riskassess.assessments.models import Assessment, ScoreRun
from riskassess.assessments.record import record_of
from riskassess.assessments.scoring import judge_now
from riskassess.reports.content import content_of
from riskassess.reports.workbook import report_workbook
from tests.reports.office import recalculated
from tests.reports.test_workbook_recalculated import holds


@pytest.mark.office
@pytest.mark.usefixtures("briefing")
def test_the_workbooks_of_the_demonstration_come_back_with_the_engines_integers(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    results, books = {}, {}
    for assessment in Assessment.objects.all():
        judgement = judge_now(assessment)
        content = content_of(record_of(judgement), ScoreRun(pk=1, assessment=assessment), None, ())
        name = f"demo-{assessment.pk}"
        results[name], books[name] = judgement.result, report_workbook(content)
    assert len(results) >= 7
    for name, book in recalculated(books, tmp_path_factory.mktemp("demo")).items():
        holds(book, results[name])
