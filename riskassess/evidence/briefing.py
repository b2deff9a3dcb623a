"""A vendor's briefing: what changes a buying decision, on what it rests, what nobody has said yet.

Everything on it is made of records. Seven sections in the order of the founding briefing; `briefing_of` loads
them all at once, for the page and for whoever prints it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Q, When

from riskassess import marks
from riskassess.accounts.models import User
from riskassess.catalog.lists import current_price, stated_cell
from riskassess.catalog.models import AIModel, Offering, Partnership, Price, Source, SourcedValue, Vendor
from riskassess.catalog.models.price import plain
from riskassess.catalog.showing import Fact, conflicts_in, facts_of
from riskassess.evidence.document_lines import DocumentLine, about_vendor
from riskassess.evidence.models import BriefingPoint, Claim, Coverage, OpenQuestion
from riskassess.evidence.on_record import OnRecord, on_record

MOST_MODELS = 40
MOST_OFFERINGS = 30
MOST_CLAIMS = 100
MOST_QUESTIONS = 50


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One claim with its sources counted by what they do for it."""

    claim: Claim
    about: str
    step: int
    step_word: str
    interest: str
    decides: str
    sources: int
    contradicted: bool


@dataclass(frozen=True, slots=True)
class Buyable:
    """One model, and one way to buy it where there is one."""

    model: AIModel
    offering: Offering | None
    kind: str
    stage: str
    context: str
    context_conflict: bool
    price: str
    channel: str


@dataclass(frozen=True, slots=True)
class Tie:
    """What ties the vendor to another one."""

    pk: int
    other: Vendor
    part: str
    facts: tuple[tuple[str, str], ...]
    note: str
    source: Source | None


@dataclass(frozen=True, slots=True)
class ModelConflict:
    """A value of one of the vendor's records on which sources disagree."""

    record: Any
    fact: Fact


@dataclass(frozen=True, slots=True)
class Briefing:
    """All of it, ready to print."""

    vendor: Vendor
    insights: list[BriefingPoint]
    risks: list[BriefingPoint]
    opportunities: list[BriefingPoint]
    claims: list[ClaimLine]
    more_claims: bool
    buyables: list[Buyable]
    more_buyables: bool
    questions: list[OpenQuestion]
    more_questions: bool
    coverage: list[Coverage]
    first_report: Coverage | None
    conflicts: list[ModelConflict]
    facts: list[Fact]
    roles: str
    ties: list[Tie]
    on_record: list[OnRecord]
    documents: list[DocumentLine]


def briefing_of(vendor: Vendor, user: User) -> Briefing:
    """The briefing as `user` may read it. Fifteen queries for any vendor, none of them longer than a page.

    1 points, 2 claims and 3 what they rest on, 4 questions, 5 units of `user` (inside 4), 6 coverage, 7 models,
    8 offerings and 9 their prices, 10 stated values, 11 partnerships, 12-14 what is counted only,
    15 documents of the units of `user`.
    """
    points = list(vendor.briefing_points.select_related("claim", "question", "source", "offering"))
    made = AIModel.objects.filter(Q(developer=vendor) | Q(co_developers=vendor)).distinct()
    models = list(made.select_related("origin")[:MOST_MODELS])
    offerings = list(_offerings(vendor, models)[: MOST_OFFERINGS + 1])
    values = list(_values(vendor, models, offerings))
    claims = list(_claims(vendor)[: MOST_CLAIMS + 1])
    questions = vendor.questions.visible_to(user).unanswered().select_related("model", "offering", "claim")
    open_ones = list(questions[: MOST_QUESTIONS + 1])
    coverage = list(vendor.coverage.select_related("source"))
    return Briefing(
        vendor=vendor,
        insights=_points(points, BriefingPoint.Section.INSIGHT),
        risks=_points(points, BriefingPoint.Section.RISK),
        opportunities=_points(points, BriefingPoint.Section.OPPORTUNITY),
        claims=[_claim_line(claim) for claim in claims[:MOST_CLAIMS]],
        more_claims=len(claims) > MOST_CLAIMS,
        buyables=_buyables(models, offerings[:MOST_OFFERINGS], values),
        more_buyables=len(offerings) > MOST_OFFERINGS or len(models) == MOST_MODELS,
        questions=open_ones[:MOST_QUESTIONS],
        more_questions=len(open_ones) > MOST_QUESTIONS,
        coverage=coverage,
        first_report=next((one for one in coverage if one.first_report), None),
        conflicts=_conflicts(models, offerings, values),
        facts=facts_of(vendor, [value for value in values if value.vendor_id]),
        roles=_roles(vendor, models, offerings),
        ties=[_tie(vendor, tie) for tie in _ties(vendor)],
        on_record=on_record(vendor, user),
        documents=about_vendor(vendor, user),
    )


def _claims(vendor: Vendor) -> Any:
    """What is claimed of it, with the links to what each rests on; how much of that there is, is all that is shown."""
    claimed = vendor.claims.exclude(kind=Claim.Kind.DISCLOSURE)
    return claimed.select_related("vendor", "model", "offering").prefetch_related("links")


def _ties(vendor: Vendor) -> Any:
    ties = Partnership.objects.filter(Q(host=vendor) | Q(developer=vendor))
    return ties.select_related("host", "developer", "source")


def _offerings(vendor: Vendor, models: list[AIModel]) -> Any:
    """Offerings of its models by anyone, then those in which it plays any other part."""
    part = Q(seller=vendor) | Q(contracting_entity=vendor) | Q(host=vendor) | Q(infra_operator=vendor)
    own = Q(model__in=[model.pk for model in models])
    found = Offering.objects.filter(own | part | Q(model_operator=vendor)).with_parties()
    its_own_first = Case(When(own, then=0), default=1, output_field=IntegerField())
    found = found.select_related("model__origin")
    return found.prefetch_related("prices").order_by(its_own_first, "model__name", "name", "pk")


def _values(vendor: Vendor, models: list[AIModel], offerings: list[Offering]) -> Any:
    """What sources state of the vendor, of its models and of the offerings shown, best first."""
    about = (
        Q(vendor=vendor)
        | Q(model__in=[model.pk for model in models])
        | Q(offering__in=[offering.pk for offering in offerings])
    )
    return SourcedValue.objects.filter(about).best_first()


def _points(points: list[BriefingPoint], section: BriefingPoint.Section) -> list[BriefingPoint]:
    return [point for point in points if point.section == section.value]


def _claim_line(claim: Claim) -> ClaimLine:
    links = list(claim.links.all())
    return ClaimLine(
        claim=claim,
        about=str(claim.offering or claim.model or claim.vendor),
        step=claim.substantiation,
        step_word=Claim.Substantiation(claim.substantiation).label,
        interest=claim.get_interest_display(),
        decides=", ".join(claim.decides),
        sources=len(links),
        contradicted=any(link.relation == "contradicts" for link in links),
    )


def _buyables(models: list[AIModel], offerings: list[Offering], values: list[SourcedValue]) -> list[Buyable]:
    """A line an offering; a model that nobody offers has a line of its own."""
    disputed = _disputed(values, "context_tokens")
    lines = [_buyable(offering.model, offering, offering.model_id in disputed) for offering in offerings]
    offered = {offering.model_id for offering in offerings}
    lines += [_buyable(model, None, model.pk in disputed) for model in models if model.pk not in offered]
    return lines


def _disputed(values: list[SourcedValue], attribute: str) -> set[int | None]:
    """Models of which sources state different known values of an attribute."""
    said: dict[int | None, set[str]] = {}
    for value in values:
        if value.model_id and value.attribute == attribute and value.state == "known":
            said.setdefault(value.model_id, set()).add(str(value.value))
    return {pk for pk, different in said.items() if len(different) > 1}


def _buyable(model: AIModel, offering: Offering | None, context_conflict: bool) -> Buyable:
    return Buyable(
        model=model,
        offering=offering,
        kind=stated_cell(model, "modality", model.modality or ""),
        stage=marks.or_unknown(offering.get_stage_display()) if offering else marks.unknown(),
        context=stated_cell(model, "context_tokens", marks.tokens(model.context_tokens)),
        context_conflict=context_conflict,
        price=_prices(offering),
        channel=_channel(offering),
    )


def _channel(offering: Offering | None) -> str:
    if offering is None:
        return marks.unknown("no offering on record")
    via = offering.channel or (f"{offering.seller}" if offering.seller else "")
    where = offering.get_deployment_display()
    return marks.noted(marks.or_unknown(via), where) if where else marks.or_unknown(via)


def _prices(offering: Offering | None) -> str:
    """Input and output price; a unit of its own when it is neither."""
    if offering is None:
        return marks.unknown()
    flat = current_price(offering, Price.Kind.FLAT)
    pair = [current_price(offering, kind) for kind in (Price.Kind.INPUT, Price.Kind.OUTPUT)]
    if flat is not None and pair == [None, None]:
        return flat.shown
    if pair == [None, None]:
        return marks.unknown()
    if all(price is not None and price.amount is None for price in pair):
        return marks.not_applicable()
    unit = next(
        f"{price.currency or 'currency unknown'} per {price.unit}" for price in pair if price is not None
    )
    return marks.noted(" / ".join(_amount(price) for price in pair), unit)


def _amount(price: Price | None) -> str:
    if price is None:
        return "unknown"
    if price.amount is None:
        return "not applicable"
    return "free" if price.amount == 0 else plain(price.amount)


def _conflicts(
    models: list[AIModel], offerings: list[Offering], values: list[SourcedValue]
) -> list[ModelConflict]:
    """Every value of the vendor's models and offerings on which sources disagree."""
    found: list[ModelConflict] = []
    for field, records in (("model_id", models), ("offering_id", offerings)):
        by_record: dict[int, list[SourcedValue]] = {}
        for value in values:
            if (pk := getattr(value, field)) is not None:
                by_record.setdefault(pk, []).append(value)
        found += _conflicts_of(records, by_record)
    return found


def _conflicts_of(
    records: Iterable[AIModel | Offering], by_record: dict[int, list[SourcedValue]]
) -> list[ModelConflict]:
    return [
        ModelConflict(record, fact)
        for record in records
        if record.pk in by_record
        for fact in conflicts_in(facts_of(record, by_record[record.pk]))
    ]


def _roles(vendor: Vendor, models: list[AIModel], offerings: list[Offering]) -> str:
    """The parts the vendor plays, from the records at hand."""
    parts = (
        ("developer", bool(models)),
        ("seller", any(one.seller_id == vendor.pk for one in offerings)),
        ("contracting entity", any(one.contracting_entity_id == vendor.pk for one in offerings)),
        ("model operator", any(one.model_operator_id == vendor.pk for one in offerings)),
        ("host", any(vendor.pk in {one.host_id, one.infra_operator_id} for one in offerings)),
    )
    return ", ".join(name for name, plays in parts if plays)


def _tie(vendor: Vendor, tie: Partnership) -> Tie:
    """What is known of a tie, in words; unknown is said so."""
    hosts = tie.host_id == vendor.pk
    return Tie(
        pk=tie.pk,
        other=tie.developer if hosts else tie.host,
        part="whose models it hosts" if hosts else "hosts its models",
        facts=(
            (
                "Equity",
                f"{tie.equity_pct.normalize():f} %" if tie.equity_pct is not None else marks.unknown(),
            ),
            ("Exclusive", marks.yes_no(tie.exclusivity)),
            ("Board right", marks.yes_no(tie.board_right)),
            ("Compute depends on it", marks.yes_no(tie.compute_dependency)),
            ("CMA review", marks.or_unknown(tie.get_cma_status_display())),
        ),
        note=tie.note,
        source=tie.source,
    )
