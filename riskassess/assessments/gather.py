"""Rows -> facts and evidence, as of a day: the only bridge between the database and the engines.

A fact is, in this order: what a person answered in this assessment; what the catalog states (the current
value by rule, with its source); what follows from other records; unknown. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Q

from riskassess.assessments import derived, papers
from riskassess.assessments.ageing import GREATEST_AGES
from riskassess.assessments.catalog_facts import (
    Said,
    catalog_values,
    column,
    conflicts,
    facts_of,
    person_source,
)
from riskassess.assessments.gathered import ClaimRecord, Control, Evidence, Gathered, Party
from riskassess.assessments.models import Answer, Assessment, Mitigation
from riskassess.catalog.models import Offering, Price
from riskassess.evidence.models import Claim, ClaimDocument, OpenQuestion
from riskassess.scoring.method import Method


def gather(
    assessment: Assessment, on: date, method: Method, instead: Mapping[str, Answer] | None = None
) -> Gathered:
    """Everything a judgement of `assessment` on the day `on` reads; `instead` are answers as if they were given.

    Queries, a fixed number whatever the size of the catalog: the offering with its parties; the parents of
    the model operator, one a level; answers; sourced values; places; sub-processors; prices; partnerships;
    claims, their links and sources, the unit's documents on them; documents behind answers; open questions;
    mitigations.
    """
    offering = (
        Offering.objects.with_parties()
        .select_related("model_operator__parent")
        .get(pk=assessment.offering_id)
    )
    answers = {
        answer.question: answer for answer in assessment.answers.select_related("source", "answered_by")
    } | dict(instead or {})
    stated = catalog_values(offering, on)
    found = list(Claim.objects.about(offering).with_sources().order_by("key"))
    on_claims = papers.on_claims(found, assessment.unit_id)
    behind = papers.behind_answers(assessment)
    claims = tuple(_claim(claim, on_claims.get(claim.key, ())) for claim in found)
    facts = facts_of(offering, answers, papers.by_question(behind), stated, claims, on)
    evidence = _evidence(assessment, offering, answers, stated, claims, on, method)
    return Gathered(
        subject=_subject(assessment, offering),
        parties=_parties(offering),
        facts=facts,
        profile={letter: _level(answers.get(f"profile.{letter}")) for letter in "DIABS"},
        profile_notes={
            letter: answers[key].note for letter in "DIABS" if (key := f"profile.{letter}") in answers
        },
        production=_production(answers.get("flag.P")),
        evidence=papers.with_papers(evidence, behind, on_claims),
        declined=frozenset(key for key, answer in answers.items() if answer.state == Answer.State.DECLINED),
        claims=claims,
        questions=tuple(_open_questions(offering, assessment)),
        conflicts=tuple(conflicts(stated)),
        mitigations=tuple(map(_control, assessment.mitigations.order_by("key"))),
        ages=GREATEST_AGES,
        disputed={
            factor.key: answers[factor.key].note
            for factor in (*method.risk_factors, *method.opportunity_factors)
            if factor.key in answers and answers[factor.key].disputes
        },
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


# --- profile and evidence ---------------------------------------------------------------------------


def _level(answer: Answer | None) -> tuple[int, int]:
    """A level of use, both ends; not answered is anything from 0 to 4."""
    if answer is None or answer.state != Answer.State.KNOWN:
        return (0, 4)
    value = answer.value
    return (value[0], value[1]) if isinstance(value, list) else (value, value)


def _production(answer: Answer | None) -> bool | None:
    return answer.value if answer is not None and answer.state == Answer.State.KNOWN else None


def _control(mitigation: Mitigation) -> Control:
    return Control(
        key=mitigation.key,
        title=mitigation.title,
        factors=tuple(mitigation.factors),
        effectiveness=mitigation.effectiveness,
        because=mitigation.because,
        status=mitigation.status,  # type: ignore[arg-type]
        evidence=mitigation.evidence,
        owner=mitigation.owner,
        due_on=mitigation.due_on,
    )


def _claim(claim: Claim, documents: Iterable[ClaimDocument]) -> ClaimRecord:
    """A claim with its sources and the unit's documents; one that contradicts it makes it a disputed one."""
    links = tuple((link.relation, link.quote, link.source.as_kernel()) for link in claim.links.all())
    kept = tuple((link.relation, link.quote, papers.as_source(link)) for link in documents)
    contradicted = any(papers.contradicts(link) for link in documents)
    return ClaimRecord(
        key=claim.key,
        title=claim.title,
        statement=claim.statement,
        kind=claim.kind,
        substantiation=claim.substantiation,
        substantiation_words=claim.get_substantiation_display(),
        verification=max(claim.verification, Claim.Verification.DISPUTED)
        if contradicted
        else claim.verification,
        interest=claim.interest,
        headline=claim.headline,
        decides=dict(claim.decides),
        sources=(*links, *kept),
        link=claim.get_absolute_url(),
    )


def _evidence(
    assessment: Assessment,
    offering: Offering,
    answers: dict[str, Answer],
    stated: Said,
    claims: tuple[ClaimRecord, ...],
    on: date,
    method: Method,
) -> dict[str, tuple[Evidence, ...]]:
    found = derived.claim_evidence(claims)
    # The day a person typed it is no date of evidence: an answer speaks for the day of its assessment, and for
    # an earlier one when it is judged as of that. One taken over by a reassessment keeps the day it had.
    answered_for = min(assessment.as_of, on)
    for factor, evidence in _catalog_evidence(offering, stated, on):
        found.setdefault(factor, []).append(evidence)
    for asked in (*method.risk_factors, *method.opportunity_factors):
        answer = answers.get(asked.key)
        if answer is not None and answer.state == Answer.State.KNOWN:
            day = min(answer.answered_for or answered_for, on)
            found.setdefault(asked.key, []).append(_from_answer(answer, asked.anchors, day))
    return {key: tuple(sorted(items, key=lambda item: item.key)) for key, items in found.items()}


def _from_answer(answer: Answer, anchors: tuple[str, ...], answered_for: date) -> Evidence:
    low, high = _level(answer)
    source = person_source(answer)
    return Evidence(
        key=f"answer:{answer.question}",
        kind="answer",
        title=anchors[low] if low == high else f"{anchors[low]} to {anchors[high]}",
        low=low,
        high=high,
        reliability=answer.reliability or source.reliability or "D",
        verification=answer.verification or 4,
        interest=answer.interest or "self",  # type: ignore[arg-type]
        on=source.as_of if answer.source else answered_for,
        source=source,
        quote=answer.note,
        rule="answered in this assessment",
    )


def _catalog_evidence(offering: Offering, stated: Said, on: date) -> Iterable[tuple[str, Evidence]]:
    """OPS-REL from the release stage and OPS-CST from the price. DAT-RES needs a finding: see judgement."""
    link = offering.get_absolute_url()
    stage, source = column(offering, "stage", stated)
    if stage:
        yield (
            "OPS-REL",
            derived.catalog_evidence(
                "OPS-REL",
                Offering.Stage(stage).label,
                derived.release_level(stage, offering.stage_since, offering.retires_on, on),
                source,
                link=link,
                rule="release stage of the offering",
                quote=next((value.raw for value in stated.get("stage", ()) if value.offering_id), ""),
            ),
        )
    prices = Price.objects.filter(offering=offering, as_of__lte=on, amount__isnull=False)
    price = prices.select_related("source").first()
    if price is not None:
        yield (
            "OPS-CST",
            derived.catalog_evidence(
                "OPS-CST",
                f"Price published: {price.called.lower()} {price.shown}",
                (1, 1),
                price.source.as_kernel(price.attribute, price.row),
                link=link,
                rule="a published price",
                quote=price.raw,
            ),
        )


def _open_questions(offering: Offering, assessment: Assessment) -> Iterable[dict[str, Any]]:
    about = Q(offering=offering) | Q(model=offering.model)
    shared = Q(unit__isnull=True) | Q(unit=assessment.unit_id)
    for question in OpenQuestion.objects.unanswered().filter(about, shared).order_by("pk"):
        yield {"text": question.text, "decides": question.decides, "link": question.get_absolute_url()}
