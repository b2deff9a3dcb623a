"""A company's whole record, of any size, made quickly: what walks and measurements of many rows run on.

`grow(World, …)` adds to what is there, and what it adds hangs on the first vendors, models and offerings as well
as on new ones: the pages of those that were there already are where a growing number of queries would show.
Numbers are made from the row's own number, so that two worlds of one size are the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import models

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Role
from riskassess.assessments.models import (
    OUTCOMES,
    Answer,
    Assessment,
    Condition,
    Decision,
    Mitigation,
    Remark,
    ScoreRun,
)
from riskassess.assessments.scoring import score
from riskassess.catalog.models import (
    AIModel,
    Availability,
    Offering,
    Price,
    ProductUse,
    Region,
    RegisterEntry,
    Source,
    SourcedValue,
    Vendor,
)
from riskassess.evidence.models import Claim, ClaimSource, OpenQuestion
from riskassess.imports.bulk import update_each
from riskassess.imports.models import Batch, Row
from riskassess.jobs.models import Job
from riskassess.reports.models import ReportFile
from tests.builders import make_person, make_unit

DAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NAMES = ("Alpha", "Borealis", "Cedar", "Delta", "Ember", "Fjord", "Garnet", "Harbor", "Indigo", "Juniper")
STATES = ("draft", "submitted", "decided", "decided")
AT_ONCE = 2_000
RECORDS = 500  # runs with a whole record, which is most of a row's size; lists read none
FIGURES = {
    "opportunity": [33, 58, 1], "business_case": "plausible", "coverage": "50.0", "lines": [25, 45, 70],
    "regimes": {"eu_ai_act": [0, 2], "eu_residency": [1, 1]},
}  # fmt: skip


@dataclass
class World:
    """Who is there, and the newest of what they made."""

    unit: BusinessUnit
    ana: User
    ben: User
    sheet: Source
    vendors: list[Vendor] = field(default_factory=list)
    models: list[AIModel] = field(default_factory=list)
    offerings: list[Offering] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)
    record: str = ""


def empty_world() -> World:
    """A unit, somebody who assesses there and somebody who decides, and a sheet that things come from."""
    unit = make_unit("Procurement of the world")
    sheet = Source.objects.create(
        title="The list", publisher="A vendor", kind="vendor_document", published_on=DAY,
        file_name="list.xlsx", file_sha256="f" * 64, sheet="Models",
        columns={"name": {"column": "A", "header": "Model"}},
    )  # fmt: skip
    return World(
        unit,
        make_person("Ada Kern", (unit, Role.ASSESSOR), email="ada@world.example"),
        make_person("Bo Lund", (unit, Role.APPROVER), email="bo@world.example"),
        sheet,
    )


def _made(rows: list[Any]) -> list[Any]:
    """The rows, kept. Some are told to the audit trail, so that it grows; of very many none, which is far quicker."""
    kind: type[models.Model] = type(rows[0])
    recorded = len(rows) <= AT_ONCE
    manager = kind._default_manager if recorded else kind._base_manager
    return list(manager.bulk_create(rows, batch_size=AT_ONCE))


def grow(world: World, *, offerings: int, assessments: int) -> World:
    """The world with this many offerings and assessments, and all that goes with them, in proportion.

    The first assessment is really scored, while the catalog is still small: a record then holds what one offering
    usually brings along. It stands for those of all others.
    """
    if not world.record:
        _catalog(world, min(offerings, 100))
        _work(world, 1, "{}")
        world.record = score(world.assessments[0]).record
        ScoreRun.objects.all().update(record=world.record)
    _catalog(world, offerings)
    _work(world, assessments, world.record)
    return world


def _catalog(world: World, offerings: int) -> None:
    start = len(world.offerings)
    if offerings <= start:
        return
    more = range(start, offerings)
    first, last = len(world.vendors), max(8, offerings // 100)
    world.vendors += _made([_vendor(n) for n in range(first, last)]) if last > first else []
    vendor = lambda n: world.vendors[n % len(world.vendors)] if n % 5 else world.vendors[0]  # noqa: E731
    world.models += _made([_model(n, vendor(n)) for n in more])
    world.offerings += _made([_offering(n, world.models[n], vendor(n + 1), world.sheet) for n in more])
    new = world.offerings[start:]
    for kind in ("input", "output"):
        _made([_price(one, kind, n, world.sheet) for n, one in enumerate(new)])
    sources = _made([_source(n) for n in range(start, offerings, 10)])
    regions = _made([_region(n, world.vendors[0]) for n in range(start, offerings, 10)])
    said = [
        SourcedValue(
            attribute="context_tokens", raw=str(n), value=n, source=sources[n % len(sources)], as_of=DAY,
            **({"model": world.models[n]} if n % 2 else {"offering": world.offerings[0]}),
        )
        for n in range(start, offerings, 5)
    ]  # fmt: skip
    _made(said)
    _made([
        Availability(
            offering=new[n % len(new)] if n % 2 else world.offerings[0], code=f"place-{start + n}",
            region=region, mark="yes", source=world.sheet, row=n, cell=f"B{n}", stated_on=DAY, scope="regional",
        )
        for n, region in enumerate(regions)
    ])  # fmt: skip
    _evidence(world, sources, range(start, offerings, 10))


def _evidence(world: World, sources: list[Source], numbers: range) -> None:
    claims = _made([
        Claim(
            key=f"claim-{n}", vendor=world.vendors[0], model=world.models[n], title=f"Claim {n}",
            statement="As good as another.", kind="performance", substantiation=n % 6,
            verification=1 + n % 6, interest="self",
        )
        for n in numbers
    ])  # fmt: skip
    _made(
        [
            ClaimSource(claim=one, source=sources[n % len(sources)], relation="states")
            for n, one in enumerate(claims)
        ]
    )
    _made(
        [
            OpenQuestion(vendor=world.vendors[0], text=f"Question {n}?", decides="EVL-IND", raised_on=DAY)
            for n in numbers
        ]
    )
    _made([
        RegisterEntry(
            key=f"entry-{n}", authority="FDA", number=f"K{n}", product=f"Product {n}",
            company=world.vendors[0].name, company_key=world.vendors[0].name.lower(), decided_on=DAY,
            source=world.sheet, row=n,
        )
        for n in numbers
    ])  # fmt: skip
    _made([
        ProductUse(
            key=f"use-{n}", organisation=f"Agency {n}", product=f"Product {n}", product_key=f"product {n}",
            vendor=world.vendors[0].name, users="1-50", users_from=1, users_to=50, stated_on=DAY,
            source=world.sheet, row=n,
        )
        for n in numbers
    ])  # fmt: skip


def _work(world: World, assessments: int, record: str) -> None:
    start = len(world.assessments)
    if assessments <= start:
        return
    more = range(start, assessments)
    offering = lambda n: world.offerings[n % len(world.offerings)] if n % 3 else world.offerings[0]  # noqa: E731
    world.assessments += _made([_assessment(n, offering(n), world) for n in more])
    new = world.assessments[start:]
    runs = _made([_run(one, record if start + n < RECORDS else "{}") for n, one in enumerate(new)])
    decided = [(one, run) for one, run in zip(new, runs, strict=True) if one.state == "decided"]
    decisions = _made([_decision(one, run, world.ben) for one, run in decided]) if decided else []
    for one, run in zip(new, runs, strict=True):
        one.current_run = run
    for (one, _), decision in zip(decided, decisions, strict=True):
        one.decision = decision
    points = [(one.pk, {"current_run_id": one.current_run_id, "decision_id": one.decision_id}) for one in new]
    update_each(Assessment, points)
    _made([
        Answer(
            assessment=one, question=question, state="known", value=n % 5, answered_by=world.ana,
            reliability="C", verification=3, interest="self",
        )
        for n, one in enumerate(new) for question in ("DAT-TRN", "DAT-RET")
    ])  # fmt: skip
    _made([
        Mitigation(
            assessment=one, key="filter", title="Names are replaced", factors=["DAT-TRN"], effectiveness=50,
            because="Our judgement.", owner="Ada Kern", due_on=DAY + timedelta(days=30),
        )
        for one in new
    ])  # fmt: skip
    _made([Remark(assessment=one, text="Name the regions.", made_by=world.ben) for one in new])
    if decisions:
        due = DAY + timedelta(days=30)
        _made(
            [
                Condition(decision=one, text="Sign the terms.", owner="Ada Kern", due_on=due)
                for one in decisions
            ]
        )
    jobs = _made([_job(n, world) for n in more])
    _made([
        ReportFile(run=run, format="pdf", version="1", job=job) for run, job in zip(runs, jobs, strict=True)
    ])  # fmt: skip
    batches = _made([_batch(n, world) for n in range(start, assessments, 10)])
    _made([
        Row(batch=batches[0], number=n + 2, outcome="new", offering=offering(n), raw=[f"Model {n}"])
        for n in more
    ])  # fmt: skip


def _vendor(n: int) -> Vendor:
    name = f"{NAMES[n % 10]} Labs {n}"
    return Vendor(name=name, slug=f"world-vendor-{n}", hq_country=("US", "DE", None)[n % 3])


def _model(n: int, developer: Vendor) -> AIModel:
    name = f"{NAMES[n // 7 % 10]}-{n % 97} {NAMES[n % 10].lower()} {n}"
    return AIModel(
        name=name, slug=f"world-model-{n}", identity=f"world-model-{n}", developer=developer,
        modality="text", context_tokens=128_000 + n,
    )  # fmt: skip


def _offering(n: int, model: AIModel, seller: Vendor, sheet: Source) -> Offering:
    return Offering(
        name=str(model), slug=f"world-offering-{n}", identity=f"world|{n}", model=model, seller=seller, host=seller,
        channel=("Foundry", "Marketplace", "")[n % 3], deployment=("global", "regional", None)[n % 3],
        stage=("ga", "preview", None)[n % 3], origin=sheet, origin_row=n + 2,
    )  # fmt: skip


def _price(offering: Offering, kind: str, n: int, sheet: Source) -> Price:
    return Price(
        offering=offering, kind=kind, amount=Decimal(n % 500) / 100, unit="1M tokens", currency="USD",
        as_of=DAY, source=sheet, row=n + 2,
    )  # fmt: skip


def _source(n: int) -> Source:
    return Source(
        title=f"Document {n}", publisher="A wire", kind="press", published_on=DAY - timedelta(days=n % 900)
    )


def _region(n: int, provider: Vendor) -> Region:
    return Region(provider=provider, code=f"region-{n}", display_name=f"Region {n}", country="DE")


def _assessment(n: int, offering: Offering, world: World) -> Assessment:
    state = STATES[n % 4]
    return Assessment(
        offering=offering, unit=world.unit, use_case=f"Use {n}: {NAMES[n % 10].lower()} letters", state=state,
        assessor=world.ana, submitted_by=None if state == "draft" else world.ana, as_of=DAY,
        due_on=DAY + timedelta(days=n % 90), review_on=DAY + timedelta(days=n % 400),
    )  # fmt: skip


def _run(assessment: Assessment, record: str) -> ScoreRun:
    n = assessment.pk
    rank = n % 4
    return ScoreRun(
        assessment=assessment, as_of=DAY, rules_release="2026-11-24", method_version="vrm-1.0",
        facts_digest=f"{n:064x}", result_id=f"{n:064x}", record=record, decision=OUTCOMES[rank][0], decision_rank=rank,
        risk_low=1_000 + n % 3_000, risk_high=4_500 + n % 4_000, denominator=100, figures=FIGURES,
    )  # fmt: skip


def _decision(assessment: Assessment, run: ScoreRun, by: User) -> Decision:
    return Decision(
        assessment=assessment, run=run, outcome="CONDITIONAL", computed=run.decision, reason="It is needed.",
        decided_by=by,
    )  # fmt: skip


def _job(n: int, world: World) -> Job:
    return Job(
        kind="score",
        idempotency_key=f"world:{n}",
        unit=world.unit,
        state="done",
        run_after=NOON,
        finished_at=NOON,
    )


def _batch(n: int, world: World) -> Batch:
    return Batch(
        unit=world.unit, uploaded_by=world.ana, file_name=f"list-{n}.xlsx", sha256=f"{n:064x}", sheet="Models",
        stated_on=DAY, state="previewed", source=world.sheet, counts={"new": 1},
    )  # fmt: skip
