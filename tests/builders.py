"""Records for tests: each builder makes a plausible one; say only what the story is about.

What is not given is unknown, as in the real catalog. Names are unique without asking: two calls of
`make_offering()` make two offerings of two models.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.text import slugify

from riskassess.accounts.models import BusinessUnit, Membership, User
from riskassess.accounts.roles import Role
from riskassess.assessments.accepting import Acceptance
from riskassess.assessments.conditions import NewCondition
from riskassess.assessments.models import OUTCOMES, Assessment, Decision, Mitigation, ScoreRun
from riskassess.catalog.models import AIModel, Offering, Price, Region, Source, SourcedValue, Vendor
from riskassess.evidence.models import Claim, ClaimSource, Document, OpenQuestion
from riskassess.jobs.models import Job
from riskassess.jobs.reaping import Reaper

TODAY = date(2026, 11, 24)
_numbers = count(1)


def make_unit(name: str = "") -> BusinessUnit:
    return BusinessUnit.objects.create(name=name or f"Unit {next(_numbers)}")


def make_person(name: str, *roles: tuple[BusinessUnit, Role], **changes: Any) -> User:
    """A person called `name`, with an address made from it, who signs in by `force_login` only."""
    address = f"{slugify(name).replace('-', '.')}@example.com"
    person = User.objects.create_user(changes.pop("email", address), name=name, **changes)
    for unit, role in roles:
        Membership.objects.create(user=person, unit=unit, role=role.value)
    return person


def make_vendor(name: str = "", **changes: Any) -> Vendor:
    name = name or f"Vendor {next(_numbers)}"
    return Vendor.objects.create(**{"name": name, "slug": slugify(name)} | changes)


def make_source(title: str = "", **changes: Any) -> Source:
    facts = {
        "title": title or f"Document {next(_numbers)}",
        "publisher": "Example Wire",
        "kind": "press",
        "url": "https://example.com/document",
        "published_on": date(2026, 6, 2),
    }
    return Source.objects.create(**facts | changes)


def make_sheet(file_name: str = "catalog.xlsx", **changes: Any) -> Source:
    """An imported sheet: a source whose columns lead to cells (name in A, context in K, input price in N)."""
    columns = {
        "name": {"column": "A", "header": "Model"},
        "context_tokens": {"column": "K", "header": "Context"},
        "price_input": {"column": "N", "header": "Input"},
    }
    facts = {
        "title": f"{file_name}, sheet Models",
        "publisher": "Example Vendor",
        "kind": "vendor_document",
        "url": "",
        "published_on": TODAY,
        "file_name": file_name,
        "file_sha256": f"{next(_numbers):064x}",
        "sheet": "Models",
        "columns": columns,
    }
    return Source.objects.create(**facts | changes)


def make_model(name: str | None = "", **changes: Any) -> AIModel:
    """A model; `name=None` for one whose name nobody has said."""
    name = f"Model {next(_numbers)}" if name == "" else name
    facts = {"name": name, "slug": slugify(name or f"unnamed-{next(_numbers)}")}
    facts["label"] = "" if name else "Unnamed model"
    facts["identity"] = str(changes.get("slug", facts["slug"]))
    return AIModel.objects.create(**facts | changes)


def make_offering(model: AIModel | None = None, **changes: Any) -> Offering:
    model = model or make_model()
    slug = changes.get("slug", f"{model.slug}-{next(_numbers)}")
    facts = {"model": model, "name": str(model), "slug": slug, "identity": slug}
    return Offering.objects.create(**facts | changes)


def make_region(provider: Vendor | None = None, code: str = "", **changes: Any) -> Region:
    facts = {
        "provider": provider or make_vendor(),
        "code": code or f"region-{next(_numbers)}",
        "display_name": "A region",
        "country": "DE",
    }
    return Region.objects.create(**facts | changes)


def make_price(offering: Offering, kind: str = "input", amount: str | None = "2.00", **changes: Any) -> Price:
    facts = {
        "offering": offering,
        "kind": kind,
        "amount": None if amount is None else Decimal(amount),
        "not_applicable": amount is None,
        "as_of": TODAY,
    }
    if "source" not in changes:
        facts["source"] = make_source()
    return Price.objects.create(**facts | changes)


def make_value(
    subject: Vendor | AIModel | Offering, attribute: str, value: Any, **changes: Any
) -> SourcedValue:
    """What one source says of one attribute."""
    field = {Vendor: "vendor", AIModel: "model", Offering: "offering"}[type(subject)]
    facts = {field: subject, "attribute": attribute, "value": value, "raw": str(value)}
    if "source" not in changes:
        facts["source"] = make_source()
    return SourcedValue.objects.create(**facts | changes)


def make_claim(vendor: Vendor | None = None, title: str = "", **changes: Any) -> Claim:
    title = title or f"Claim {next(_numbers)}"
    facts = {
        "key": slugify(title)[:80],
        "vendor": vendor or make_vendor(),
        "title": title,
        "statement": f"{title}, says the vendor.",
        "kind": "performance",
        "substantiation": 0,
        "verification": 4,
        "interest": "self",
    }
    return Claim.objects.create(**facts | changes)


def link_source(
    claim: Claim, source: Source | None = None, relation: str = "states", quote: str = ""
) -> ClaimSource:
    return ClaimSource.objects.create(
        claim=claim, source=source or make_source(), relation=relation, quote=quote
    )


def make_question(vendor: Vendor | None = None, text: str = "", **changes: Any) -> OpenQuestion:
    facts = {
        "vendor": vendor or make_vendor(),
        "text": text or f"Question {next(_numbers)}?",
        "decides": "EVL-IND",
        "raised_on": date(2026, 6, 2),
    }
    return OpenQuestion.objects.create(**facts | changes)


def make_document(unit: BusinessUnit, by: User, **changes: Any) -> Document:
    """A document of the unit by its line: nothing lies behind its name."""
    facts = {
        "unit": unit,
        "uploaded_by": by,
        "name": f"document-{next(_numbers)}.pdf",
        "kind": "pdf",
        "size": 1000,
    }
    return Document.objects.create(**facts | {"sha256": f"{next(_numbers):064x}"} | changes)


def make_assessment(assessor: User, unit: BusinessUnit, **changes: Any) -> Assessment:
    facts = {"unit": unit, "assessor": assessor, "use_case": "Internal drafting", "as_of": TODAY}
    if "offering" not in changes:
        facts["offering"] = make_offering()
    if changes.get("state", "draft") not in {"draft", "withdrawn"}:
        facts["submitted_by"] = assessor
    return Assessment.objects.create(**facts | changes)


def make_run(assessment: Assessment, decision: str = "CONDITIONAL", **changes: Any) -> ScoreRun:
    """A stored run with risk 19.7 to 43.5 and an empty record, made the assessment's current one."""
    facts = {
        "assessment": assessment,
        "as_of": assessment.as_of,
        "rules_release": "2026-11-24",
        "method_version": "vrm-1.0",
        "facts_digest": f"{next(_numbers):064x}",
        "result_id": f"{next(_numbers):064x}",
        "record": "{}",
        "decision": decision,
        "decision_rank": [outcome for outcome, _ in OUTCOMES].index(decision),
        "risk_low": 1970,
        "risk_high": 4350,
        "denominator": 100,
        "figures": {
            "opportunity": [33, 58, 1],
            "business_case": "plausible",
            "coverage": "50.0",
            "lines": [25, 45, 70],
            "regimes": {"eu_ai_act": [0, 2], "eu_residency": [1, 1]},
        },
    }
    run = ScoreRun.objects.create(**facts | changes)
    assessment.current_run = run
    assessment.save(update_fields=["current_run"])
    return run


def a_condition(text: str, owner: str = "Ana Ferreira", days: int = 60) -> NewCondition:
    """A condition as an approver sets it, due in some days from now."""
    return NewCondition(text, owner, timezone.localdate() + timedelta(days=days))


def an_acceptance(days: int = 180, reason: str = "") -> Acceptance:
    """The risk accepted for some days from now."""
    return Acceptance(reason, timezone.localdate() + timedelta(days=days))


def make_decision(run: ScoreRun, decided_by: User, outcome: str = "", **changes: Any) -> Decision:
    facts = {
        "assessment": run.assessment,
        "run": run,
        "outcome": outcome or run.decision,
        "computed": run.decision,
        "reason": "" if outcome in {"", run.decision} else "Seen otherwise, for a reason.",
        "decided_by": decided_by,
    }
    return Decision.objects.create(**facts | changes)


def let_it_stand(decision: Decision, **changes: Any) -> Assessment:
    """The assessment as `decision` leaves it: decided, and this the decision that stands."""
    assessment = decision.assessment
    for name, value in {"state": "decided", "decision": decision, **changes}.items():
        setattr(assessment, name, value)
    assessment.submitted_by = assessment.submitted_by or assessment.assessor
    assessment.save()
    return assessment


def make_job(unit: BusinessUnit | None, **changes: Any) -> Job:
    """A waiting job; give `state`, `claim` and the like for another."""
    facts = {
        "kind": "score",
        "idempotency_key": f"key-{next(_numbers)}",
        "unit": unit,
        "run_after": "2026-11-24T09:00:00Z",
    }
    return Job.objects.create(**facts | changes)


def make_mitigation(assessment: Assessment, title: str = "", **changes: Any) -> Mitigation:
    """A control on DAT-TRN that halves it, by our own judgement; proposed unless said otherwise."""
    title = title or f"Control {next(_numbers)}"
    facts = {
        "assessment": assessment,
        "key": slugify(title)[:60],
        "title": title,
        "factors": ["DAT-TRN"],
        "effectiveness": 50,
        "because": "Judgement of the security team.",
        "evidence": "" if changes.get("status", "proposed") == "proposed" else "Contract, clause 7.",
    }
    return Mitigation.objects.create(**facts | changes)


def leases_run_out() -> int:
    """The workers of all running jobs are dead, and the time has gone by that shows it; how many jobs moved."""
    reaper = Reaper()
    reaper.look(0)
    return reaper.look(settings.JOB_LEASE_SECONDS)
