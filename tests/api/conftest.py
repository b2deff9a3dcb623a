"""What Procurement has on record, for stories about who may see it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.base import ContentFile
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments.commenting import comment
from riskassess.assessments.models import AnswerDocument, Assessment, Comment, Condition, ScoreRun
from riskassess.assessments.scoring import score
from riskassess.assessments.supporting import support
from riskassess.evidence import documents
from riskassess.evidence.models import ClaimDocument, OpenQuestion
from riskassess.imports.models import Batch
from riskassess.jobs.models import Job
from riskassess.questionnaires.models import Inquiry
from riskassess.questionnaires.services import Contact
from riskassess.reports.models import CombinedReport, ReportFile
from riskassess.webhooks.models import Delivery, Webhook
from tests.builders import (
    make_assessment,
    make_claim,
    make_decision,
    make_job,
    make_mitigation,
    make_price,
    make_question,
    make_vendor,
)
from tests.evidence.papers import paper
from tests.imports.sheets import ONE, as_csv, previewed
from tests.questionnaires.conftest import make_inquiry


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
    comment: Comment
    answer_link: AnswerDocument
    claim_link: ClaimDocument
    inquiry: Inquiry
    combined: CombinedReport
    condition: Condition
    delivery: Delivery

    @property
    def keys(self) -> dict[str, dict[str, Any]]:
        """What names a record in the addresses of each resource."""
        offering = self.assessment.offering
        model = offering.model
        return {
            "businessunit": {"pk": self.unit.pk},
            "assessment": {
                "pk": self.assessment.pk,
                "key": "filter",
                "comment": self.comment.pk,
                "link": self.answer_link.pk,
            },
            "document": {"pk": self.claim_link.document_id, "link": self.claim_link.pk},
            "scorerun": {"pk": self.run.pk},
            "negotiation": {"run": self.run.pk},
            "job": {"pk": self.job.pk},
            "reportfile": {"pk": self.report.pk},
            "combinedreport": {"pk": self.combined.pk},
            "batch": {"pk": self.batch.pk},
            "openquestion": {"pk": self.question.pk},
            "inquiry": {"pk": self.inquiry.pk},
            "decision": {"pk": self.condition.decision_id},
            "condition": {"pk": self.condition.pk},
            "webhook": {"pk": self.delivery.webhook_id},
            "delivery": {"webhook": self.delivery.webhook_id, "delivery": self.delivery.pk},
            "row": {"batch": self.batch.pk, "number": self.batch.rows.get().number},
            "offering": {"pk": offering.pk},
            "aimodel": {"pk": model.pk},
        }


@pytest.fixture
def theirs(ana: User, procurement: BusinessUnit) -> Theirs:
    assessment = make_assessment(ana, procurement)
    make_mitigation(assessment, "Filter")
    make_price(assessment.offering)
    claim = make_claim()
    document, _ = documents.attach(paper(), "soc2.pdf", unit=procurement, by=ana)
    answer_link = support(assessment, "DAT-TRN", document, by=ana)
    run = score(assessment)
    report = ReportFile.objects.create(run=run, format="pdf", version="1")
    report.file.save("report.pdf", ContentFile(b"%PDF-1.7"))
    combined = CombinedReport.objects.create(kind="batch", format="zip", version="1", title="Reports")
    combined.units.add(procurement)
    combined.file.save("reports.zip", ContentFile(b"PK"))
    return Theirs(
        procurement,
        assessment,
        run,
        make_job(procurement, requested_by=ana),
        report,
        previewed(as_csv(ONE), ana, procurement),
        make_question(unit=procurement),
        comment(assessment, "Which clause?", by=ana),
        answer_link,
        documents.link_to_claim(document, claim, by=ana),
        make_inquiry(assessment, ana, "DAT-TRN", vendor=make_vendor(), contact=Contact("Gita Rao")),
        combined,
        Condition.objects.create(decision=make_decision(run, ana, "REJECT"), text="Mask names", owner="Ana"),
        _told_in_vain(procurement, ana),
    )


def _told_in_vain(unit: BusinessUnit, by: User) -> Delivery:
    now = timezone.now()
    webhook = Webhook.objects.create(
        unit=unit, name="Tickets", url="https://example.com/", events=["decision.made"], secret="",
        created_by=by, told_from=now, looked_until=now,
    )  # fmt: skip
    return Delivery.objects.create(
        webhook=webhook, event="decision-1", kind="decision.made", body="{}", state="given_up",
        asked_at=now, ended_at=now,
    )  # fmt: skip
