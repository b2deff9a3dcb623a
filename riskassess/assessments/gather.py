"""Rows -> facts and evidence, as of a day: the only bridge between the database and the engines.

A fact is, in this order: what a person answered in this assessment; what the catalog states (the current
value by rule, with its source); what follows from other records; unknown. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Q

from riskassess.assessments import derived
from riskassess.assessments.gathered import ClaimRecord, Evidence, Fact, Gathered, Party
from riskassess.assessments.models import Answer, Assessment
from riskassess.catalog.models import Offering, Partnership, Price, SourcedValue, Vendor
from riskassess.evidence.models import Claim, OpenQuestion
from riskassess.kernel.source import Source
from riskassess.kernel.stated import Known, NotApplicable, Stated, Unknown
from riskassess.rules.facts import FACTS
from riskassess.scoring.method import Method

UNASKED = Fact(Unknown())
PREVIEWS = {"early_access", "preview", "announced"}


def gather(assessment: Assessment, on: date, method: Method) -> Gathered:
    """Everything a judgement of `assessment` on the day `on` reads.

    Queries, a fixed number whatever the size of the catalog: the offering with its parties; the parents of
    the model operator, one a level; answers; sourced values; places; sub-processors; prices; partnerships;
    claims, their links and sources; open questions.
    """
    offering = (
        Offering.objects.with_parties()
        .select_related("model_operator__parent")
        .get(pk=assessment.offering_id)
    )
    answers = {
        answer.question: answer for answer in assessment.answers.select_related("source", "answered_by")
    }
    stated = _catalog_values(offering, on)
    claims = tuple(_claim(claim) for claim in Claim.objects.about(offering).with_sources().order_by("key"))
    facts = _facts(offering, answers, stated, claims)
    return Gathered(
        subject=_subject(assessment, offering),
        parties=_parties(offering),
        facts=facts,
        profile={letter: _level(answers.get(f"profile.{letter}")) for letter in "DIABS"},
        profile_notes={
            letter: answers[key].note for letter in "DIABS" if (key := f"profile.{letter}") in answers
        },
        production=_production(answers.get("flag.P")),
        evidence=_evidence(offering, answers, stated, claims, facts, on, method),
        declined=frozenset(key for key, answer in answers.items() if answer.state == Answer.State.DECLINED),
        claims=claims,
        questions=tuple(_open_questions(offering, assessment)),
        conflicts=tuple(_conflicts(stated)),
    )


def _subject(assessment: Assessment, offering: Offering) -> dict[str, Any]:
    model = offering.model
    return {
        "assessment": assessment.pk,
        "title": str(assessment),
        "use_case": assessment.use_case,
        "description": assessment.description,
        "unit": str(assessment.unit),
        "offering": offering.name,
        "channel": offering.channel,
        "offering_slug": offering.slug,
        "model": str(model),
        "model_version": model.version,
        "deployment": offering.deployment,
        "zone": offering.zone,
        "stage": offering.stage,
        "seller": str(offering.seller) if offering.seller else None,
    }


def _parties(offering: Offering) -> tuple[Party, ...]:
    roles = (
        ("developer", "Developer", offering.model.developer),
        ("seller", "Seller", offering.seller),
        ("contracting_entity", "Contracting entity", offering.contracting_entity),
        ("model_operator", "Model operator", offering.model_operator),
        ("infra_operator", "Infrastructure operator", offering.infra_operator),
        ("host", "Host", offering.host),
    )
    return tuple(
        Party(role, label, str(vendor), vendor.hq_country, vendor.get_absolute_url())
        if vendor
        else Party(role, label, None)
        for role, label, vendor in roles
    )


# --- values of the catalog --------------------------------------------------------------------------


def _catalog_values(offering: Offering, on: date) -> dict[str, list[SourcedValue]]:
    """Attribute -> what is stated, the current one first: of the offering, then its model, then its vendors."""
    vendors = [offering.seller_id, offering.host_id, offering.model_operator_id, offering.model.developer_id]
    about = Q(offering=offering) | Q(model=offering.model) | Q(vendor__in={pk for pk in vendors if pk})
    found: dict[str, list[SourcedValue]] = {}
    for value in SourcedValue.objects.filter(about).on(on).best_first():
        found.setdefault(value.attribute, []).append(value)
    for values in found.values():  # a stable sort keeps "first-party, then newest" within each record
        values.sort(key=lambda value: 0 if value.offering_id else 1 if value.model_id else 2)
    return found


def _conflicts(stated: dict[str, list[SourcedValue]]) -> Iterable[dict[str, Any]]:
    """Attributes of one record of which known values disagree, each with its sources; the first is current."""
    for attribute, values in sorted(stated.items()):
        same = [
            v for v in values if (v.offering_id, v.model_id) == (values[0].offering_id, values[0].model_id)
        ]
        said = [value for value in same if value.state == SourcedValue.State.KNOWN]
        if len({str(value.value) for value in said}) > 1:
            yield {
                "attribute": attribute,
                "values": [
                    {
                        "raw": v.raw or str(v.value),
                        "source": v.source.title,
                        "as_of": v.as_of,
                        "first_party": v.first_party,
                    }
                    for v in said
                ],
            }


# --- facts ------------------------------------------------------------------------------------------


def _facts(
    offering: Offering,
    answers: dict[str, Answer],
    stated: dict[str, list[SourcedValue]],
    claims: tuple[ClaimRecord, ...],
) -> dict[str, Fact]:
    from_records = _from_records(offering)
    facts: dict[str, Fact] = {}
    for name in FACTS:
        # The release stage is always the column's: the catalog knows more stages than the rules.
        said = None if name == "stage" else stated.get(name)
        catalog = said[0].stated() if said else from_records.get(name)
        by = "catalog" if catalog is not None and not isinstance(catalog, Unknown) else ""
        fact = Fact(catalog if catalog is not None else Unknown(), by, catalog=catalog)
        facts[name] = _answered(fact, answers.get(name))
    facts["claims"] = _claims_fact(claims, answers, facts["claims"])
    return facts


def _answered(fact: Fact, answer: Answer | None) -> Fact:
    """The fact after a person's answer; "I do not know" leaves what the catalog knows."""
    if answer is None:
        return fact
    source = _person(answer)
    if answer.state == Answer.State.KNOWN:
        return replace(fact, stated=Known(answer.value, source), by="answer", note=answer.note)
    if answer.state == Answer.State.NOT_APPLICABLE:
        return replace(fact, stated=NotApplicable(answer.note, source), by="answer", note=answer.note)
    if fact.by:
        return fact
    declined = answer.state == Answer.State.DECLINED
    return replace(fact, stated=Unknown(declined, source), by="answer" if declined else "", note=answer.note)


def _person(answer: Answer) -> Source:
    if answer.source is not None:
        return answer.source.as_kernel()
    who = str(answer.answered_by) if answer.answered_by else "a former colleague"
    return Source(title=f"Answer of {who}", publisher=who)


def _from_records(offering: Offering) -> dict[str, Stated[Any]]:
    """Facts that the columns of the offering and the records around it state or imply."""
    origin = offering.origin.as_kernel() if offering.origin else None
    record = origin or Source(title=f"Catalog record {offering.name}", publisher="Riskassess catalog")
    facts: dict[str, Stated[Any]] = {}

    def say(name: str, value: Any) -> None:
        if value is not None:
            facts[name] = Known(value, record)

    for name in ("host", "infra_operator", "model_operator", "contracting_entity"):
        party = getattr(offering, name)
        say(name, str(party) if party else None)
    if offering.model_operator is not None:
        say("ultimate_parent_country", offering.model_operator.ultimate_parent().hq_country)
    if offering.deployment:
        say("scope", offering.deployment)
        facts["zone"] = (
            Known(offering.zone, record) if offering.zone
            else Unknown() if offering.deployment == "data_zone"
            else NotApplicable("only a data zone has a zone", record)
        )  # fmt: skip
    if offering.stage:  # what is deprecated is still sold under the terms of general availability
        retired = offering.stage == Offering.Stage.RETIRED
        say("offering_exists", not retired)
        say("stage", offering.stage if offering.stage in PREVIEWS else "ga")
    elif offering.origin is not None:
        say("offering_exists", True)
    model = offering.model
    say("gpai", model.general_purpose)
    say("systemic_risk", model.systemic_risk)
    say("gpai_placed_eu", model.placed_on_eu_market)
    facts.update(_places(offering))
    facts.update(_partnerships(offering, record))
    return facts


def _places(offering: Offering) -> dict[str, Stated[Any]]:
    facts: dict[str, Stated[Any]] = {}
    by_role: dict[str, list[Any]] = {}
    for place in offering.places.select_related("source", "region").order_by("role", "country", "pk"):
        by_role.setdefault(place.role, []).append(place)
    for role, places in by_role.items():
        source = next((place.source.as_kernel() for place in places if place.source), None)
        facts[f"{role}_countries"] = Known([place.country for place in places], source)
    if offering.subprocessors_listed:
        rows = offering.subprocessors.select_related("vendor").order_by("pk")
        listed = [{"name": str(row.vendor or ""), "country": row.country, "role": row.role} for row in rows]
        facts["subprocessors"] = Known(listed)
    return facts


def _partnerships(offering: Offering, record: Source) -> dict[str, Stated[Any]]:
    """Ties between who hosts and who developed. One company that does both has none; nobody recorded: unknown."""
    host, developer = offering.host, offering.model.developer
    if host is None or developer is None:
        return {}
    if host.pk == developer.pk or host.ultimate_parent().pk == developer.ultimate_parent().pk:
        return {"partnerships": Known([], record)}
    tie = Partnership.objects.select_related("source").filter(host=_group(host), developer=developer).first()
    if tie is None:
        return {}
    value = {
        "equity_pct": float(tie.equity_pct) if tie.equity_pct is not None else None,
        "exclusivity": tie.exclusivity,
        "board_right": tie.board_right,
        "compute_dependency": tie.compute_dependency,
        "cma_status": tie.cma_status,
        "changed_since_decision": tie.changed_since_decision,
    }
    return {"partnerships": Known([value], tie.source.as_kernel() if tie.source else record)}


def _group(vendor: Vendor) -> Vendor:
    return vendor.ultimate_parent()


def _claims_fact(claims: tuple[ClaimRecord, ...], answers: dict[str, Answer], fact: Fact) -> Fact:
    """The rules' list of claims: what evidence knows of each, and what we do with it.

    Claims nobody recorded are unknown, not absent: a person may answer that none is relied on.
    """
    if fact.by == "answer" or not claims:
        return fact
    members = []
    for claim in claims:
        answer = answers.get(f"claim.{claim.key}")
        use = answer.value if answer is not None and answer.state == Answer.State.KNOWN else {}
        members.append(
            {
                "type": claim.kind,
                "substantiation": claim.substantiation,
                "matches_use": use.get("matches_use"),
                "relied_on": use.get("relied_on"),
                "republished_us": use.get("republished_us"),
                "republished_uk": use.get("republished_uk"),
                "warranty_exit": use.get("warranty_exit"),
            }
        )
    return Fact(Known(members, Source(title="Claims on record", publisher="Riskassess evidence")), "derived")


# --- profile and evidence ---------------------------------------------------------------------------


def _level(answer: Answer | None) -> tuple[int, int]:
    """A level of use, both ends; not answered is anything from 0 to 4."""
    if answer is None or answer.state != Answer.State.KNOWN:
        return (0, 4)
    value = answer.value
    return (value[0], value[1]) if isinstance(value, list) else (value, value)


def _production(answer: Answer | None) -> bool | None:
    return answer.value if answer is not None and answer.state == Answer.State.KNOWN else None


def _claim(claim: Claim) -> ClaimRecord:
    return ClaimRecord(
        key=claim.key,
        title=claim.title,
        statement=claim.statement,
        kind=claim.kind,
        substantiation=claim.substantiation,
        substantiation_words=claim.get_substantiation_display(),
        verification=claim.verification,
        interest=claim.interest,
        headline=claim.headline,
        decides=dict(claim.decides),
        sources=tuple((link.relation, link.quote, link.source.as_kernel()) for link in claim.links.all()),
        link=claim.get_absolute_url(),
    )


def _evidence(
    offering: Offering,
    answers: dict[str, Answer],
    stated: dict[str, list[SourcedValue]],
    claims: tuple[ClaimRecord, ...],
    facts: dict[str, Fact],
    on: date,
    method: Method,
) -> dict[str, tuple[Evidence, ...]]:
    found = derived.claim_evidence(claims)
    for factor, evidence in _catalog_evidence(offering, stated, facts, on):
        found.setdefault(factor, []).append(evidence)
    for asked in (*method.risk_factors, *method.opportunity_factors):
        answer = answers.get(asked.key)
        if answer is not None and answer.state == Answer.State.KNOWN:
            found.setdefault(asked.key, []).append(_from_answer(answer, asked.anchors))
    return {key: tuple(sorted(items, key=lambda item: item.key)) for key, items in found.items()}


def _from_answer(answer: Answer, anchors: tuple[str, ...]) -> Evidence:
    low, high = _level(answer)
    source = _person(answer)
    return Evidence(
        key=f"answer:{answer.question}",
        kind="answer",
        title=anchors[low] if low == high else f"{anchors[low]} to {anchors[high]}",
        low=low,
        high=high,
        reliability=answer.reliability or source.reliability or "D",
        verification=answer.verification or 4,
        interest=answer.interest or "self",  # type: ignore[arg-type]
        # The day a person typed it is no date of evidence: an assessment may be judged as of an earlier day.
        on=source.as_of if answer.source else None,
        source=source,
        quote=answer.note,
        rule="answered in this assessment",
    )


def _catalog_evidence(
    offering: Offering, stated: dict[str, list[SourcedValue]], facts: dict[str, Fact], on: date
) -> Iterable[tuple[str, Evidence]]:
    """OPS-REL from the release stage and OPS-CST from the price. DAT-RES needs a finding: see judgement."""
    link = offering.get_absolute_url()
    vendors = {offering.seller_id, offering.host_id, offering.model.developer_id} - {None}
    if offering.stage:
        level = derived.release_level(offering.stage, offering.stage_since, offering.retires_on, on)
        said = next(iter(stated.get("stage", [])), None)
        source = said.as_kernel_source() if said else offering.origin and offering.origin.as_kernel()
        first_party = said.first_party if said else False
        yield "OPS-REL", derived.catalog_evidence(
            "OPS-REL", offering.get_stage_display(), level, source or None,
            first_party=first_party, link=link, rule="release stage of the offering", quote=said.raw if said else "",
        )  # fmt: skip
    price = (
        Price.objects.filter(offering=offering, as_of__lte=on, amount__isnull=False)
        .select_related("source")
        .first()
    )
    if price is not None:
        source = price.source.as_kernel(f"price_{price.kind}", price.row)
        yield "OPS-CST", derived.catalog_evidence(
            "OPS-CST", f"Price published: {price.kind} {price.shown}", (1, 1), source,
            first_party=price.source.publisher_vendor_id in vendors, link=link, rule="a published price", quote=price.raw,
        )  # fmt: skip


def _open_questions(offering: Offering, assessment: Assessment) -> Iterable[dict[str, Any]]:
    about = Q(offering=offering) | Q(model=offering.model)
    shared = Q(unit__isnull=True) | Q(unit=assessment.unit_id)
    for question in OpenQuestion.objects.unanswered().filter(about, shared).order_by("pk"):
        yield {"text": question.text, "decides": question.decides, "link": question.get_absolute_url()}
