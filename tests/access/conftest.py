"""Procurement's work under a name that stands nowhere else, and those who might ask for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.test import Client
from django.utils import timezone

from riskassess.accounts import tokens
from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Role
from riskassess.assessments.models import Answer, Assessment, Comment, Condition, Decision, Mitigation, Remark
from riskassess.catalog.models import Partnership
from riskassess.evidence.models import Document, OpenQuestion
from riskassess.imports.models import Batch
from riskassess.jobs.models import Job
from riskassess.people.models import EmergencyAccess, Invitation
from riskassess.questionnaires.models import Inquiry
from riskassess.trail.models import Entry
from riskassess.webhooks.models import Delivery, Webhook
from tests.access.walk import SECRET
from tests.api.conftest import Theirs
from tests.api.conftest import _own_files as _own_files
from tests.api.conftest import theirs as theirs
from tests.builders import make_person, make_region, make_source, make_vendor

OUTSIDERS = ("nobody", "no_role", "elsewhere")
MEMBERS = tuple(role.value for role in Role)
PEOPLE = OUTSIDERS + MEMBERS


@pytest.fixture
def people(procurement: BusinessUnit, research: BusinessUnit) -> dict[str, Client]:
    """Those who are not of Procurement (without an account, without a role, of Research), and one of each role there.

    The auditor's role is in Research: an auditor reads the work of every unit from wherever they are.
    """
    home = {role: research if role is Role.AUDITOR else procurement for role in Role}
    return {
        "nobody": Client(),
        "no_role": _as(make_person("Evan Hall")),
        "elsewhere": _as(make_person("Cleo Osei", (research, Role.ASSESSOR), (research, Role.APPROVER))),
        **{role.value: _as(make_person(f"Mx {role.label}", (home[role], role))) for role in Role},
    }


@pytest.fixture(autouse=True)
def _files_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a call changed is taken back; so a file that it deleted has to be there still."""
    monkeypatch.setattr(FileSystemStorage, "delete", lambda storage, name: None)


def _as(person: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


@pytest.fixture
def filled(theirs: Theirs, ana: User) -> dict[str, Any]:
    """What fills the parameters of all routes, by area and name; every name of Procurement's has the secret in it."""
    assessment, run = theirs.assessment, theirs.run
    remark = Remark.objects.create(assessment=assessment, text=SECRET, made_by=ana)
    Decision.objects.update(reason=SECRET)
    Condition.objects.update(text=SECRET, owner=SECRET)
    Webhook.objects.update(name=SECRET)
    Delivery.objects.update(body=SECRET)
    Answer.objects.create(assessment=assessment, question="ftc_inquiry", state="unknown", note=SECRET)
    Assessment.objects.update(use_case=f"Drafting {SECRET}", description=SECRET)
    Comment.objects.update(text=SECRET)
    Mitigation.objects.update(title=f"Filter {SECRET}", because=SECRET)
    Document.objects.update(name=f"{SECRET}.pdf")
    Batch.objects.update(file_name=f"{SECRET}.csv")
    OpenQuestion.objects.filter(unit=theirs.unit).update(text=f"Is it {SECRET}?")
    Inquiry.objects.update(contact_name=SECRET, message=SECRET)
    Job.objects.filter(unit=theirs.unit).update(progress_note=SECRET)
    source = make_source(f"Letter {SECRET}", unit=theirs.unit)
    document = theirs.claim_link.document_id
    claim = theirs.claim_link.claim
    offering = assessment.offering
    tie = Partnership.objects.create(host=claim.vendor, developer=make_vendor())
    token = tokens.make(ana, SECRET, []).token
    ada = make_person("Ada Poe", (theirs.unit, Role.REQUESTER))
    now = timezone.now()
    later = now + timedelta(hours=1)
    access = EmergencyAccess.objects.create(
        person=ada,
        unit=theirs.unit,
        role="assessor",
        reason=SECRET,
        operator="root",
        started_at=now,
        until=later,
    )
    invitation = Invitation.objects.create(
        email=f"{SECRET}@example.com",
        unit=theirs.unit,
        role="assessor",
        invited_by=ana,
        sent_at=now,
        expires_at=later,
    )
    entry = Entry.objects.filter(unit=theirs.unit).latest("pk")
    return {
        "pk": 1, "key": "none", "format": "json",
        "units.pk": theirs.unit.pk, "vendors.pk": claim.vendor_id, "vendors.slug": claim.vendor.slug,
        "models.pk": offering.model_id, "models.slug": offering.model.slug,
        "offerings.pk": offering.pk, "offerings.slug": offering.slug, "regions.pk": make_region().pk,
        "sources.pk": source.pk, "claims.key": claim.key, "claims.link": theirs.claim_link.pk,
        "questions.pk": theirs.question.pk, "documents.pk": document, "documents.link": theirs.claim_link.pk,
        "assessments.pk": assessment.pk, "assessments.key": "filter", "assessments.comment": theirs.comment.pk,
        "assessments.link": theirs.answer_link.pk, "assessments.remark": remark.pk,
        "assessments.one": theirs.comment.pk,
        "assessments.question": "DAT-TRN",
        "assessments.condition": theirs.condition.pk, "assessments.verb": "resolve", "assessments.name": "withdraw",
        "runs.pk": run.pk, "runs.run": run.pk, "runs.old": run.pk, "runs.new": run.pk,
        "combined.pk": theirs.combined.pk, "combined-reports.pk": theirs.combined.pk,
        "reports.pk": theirs.report.pk, "inquiries.pk": theirs.inquiry.pk, "ask.token": "x" * 43,
        "imports.pk": theirs.batch.pk, "imports.sheet": theirs.batch.sheet, "imports.batch": theirs.batch.pk,
        "imports.number": theirs.batch.rows.get().number,
        "imports.source": source.pk, "imports.kind": "offering", "imports.slug": offering.slug,
        "jobs.pk": theirs.job.pk, "trail.pk": entry.pk, "history.kind": "assessment", "history.pk": assessment.pk,
        "assessments.assessment": assessment.pk, "question-sets.pk": 1, "question-sets.question": 1,
        "question-sets.batch": theirs.batch.pk,
        "rules.rule_id": "EUR1", "account.pk": token.pk, "account.uidb36": "1", "account.key": "x-y",
        "account.provider_id": "none", "webhooks.pk": theirs.delivery.webhook_id,
        "webhooks.delivery": theirs.delivery.pk,
        "people.pk": ada.pk, "people.held": ada.memberships.get().pk, "people.unit": theirs.unit.pk,
        "people.access": access.pk, "people.invitation": invitation.pk, "invited.token": "x" * 43,
        "vendors.parts": "ties", "vendors.part": tie.pk, "partnerships.pk": tie.pk, "offerings.parts": "prices",
        "offerings.part": offering.prices.get().pk,
        "vendors.attribute": "hq_country", "models.attribute": "licence", "offerings.attribute": "stage",
        "webhooks.webhook": theirs.delivery.webhook_id, "decisions.pk": theirs.condition.decision_id,
        "conditions.pk": theirs.condition.pk,
        "docs.name": "units",
    }  # fmt: skip
