"""What Procurement has on record, for stories about who may see it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments.models import Assessment, ScoreRun
from riskassess.assessments.scoring import score
from riskassess.evidence.models import OpenQuestion
from riskassess.imports.models import Batch
from riskassess.jobs.models import Job
from riskassess.reports.models import ReportFile
from tests.builders import (
    make_assessment,
    make_claim,
    make_job,
    make_mitigation,
    make_price,
    make_question,
)
from tests.imports.sheets import ONE, as_csv, previewed


@pytest.fixture(autouse=True)
def _own_files(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@dataclass(frozen=True)
class Theirs:
    """One record of each kind that a unit keeps to itself."""

    unit: BusinessUnit
    assessment: Assessment
    run: ScoreRun
    job: Job
    report: ReportFile
    batch: Batch
    question: OpenQuestion

    @property
    def keys(self) -> dict[str, dict[str, Any]]:
        """What names a record in the addresses of each resource."""
        offering = self.assessment.offering
        model = offering.model
        return {
            "businessunit": {"pk": self.unit.pk},
            "assessment": {"pk": self.assessment.pk, "key": "filter"},
            "scorerun": {"pk": self.run.pk},
            "negotiation": {"run": self.run.pk},
            "job": {"pk": self.job.pk},
            "reportfile": {"pk": self.report.pk},
            "batch": {"pk": self.batch.pk},
            "openquestion": {"pk": self.question.pk},
            "row": {"batch": self.batch.pk, "number": self.batch.rows.get().number},
            "offering": {"pk": offering.pk},
            "aimodel": {"pk": model.pk},
        }


@pytest.fixture
def theirs(ana: User, procurement: BusinessUnit) -> Theirs:
    assessment = make_assessment(ana, procurement)
    make_mitigation(assessment, "Filter")
    make_price(assessment.offering)
    make_claim()
    run = score(assessment)
    report = ReportFile.objects.create(run=run, format="pdf", version="1")
    report.file.save("report.pdf", ContentFile(b"%PDF-1.7"))
    return Theirs(
        procurement,
        assessment,
        run,
        make_job(procurement, requested_by=ana),
        report,
        previewed(as_csv(ONE), ana, procurement),
        make_question(unit=procurement),
    )
