"""Records -> facts of the rules' vocabulary, each with its source: answer, catalog, derived, or unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Q

from riskassess.assessments.gathered import ClaimRecord, Fact, Paper
from riskassess.assessments.models import Answer
from riskassess.catalog.models import Availability, Offering, Partnership, SourcedValue
from riskassess.catalog.offered import really_offered
from riskassess.kernel.source import Source
from riskassess.kernel.stated import Known, NotApplicable, Stated, Unknown
from riskassess.rules.facts import FACTS

PREVIEWS = {"early_access", "preview", "announced"}
Said = dict[str, list[SourcedValue]]


def catalog_values(offering: Offering, on: date) -> Said:
    """Attribute -> what is stated, the current one first: of the offering, then its model, then its vendors."""
    vendors = [offering.seller_id, offering.host_id, offering.model_operator_id, offering.model.developer_id]
    about = Q(offering=offering) | Q(model=offering.model) | Q(vendor__in={pk for pk in vendors if pk})
    found: dict[str, list[SourcedValue]] = {}
    for value in SourcedValue.objects.filter(about).on(on).best_first():
        found.setdefault(value.attribute, []).append(value)
    for values in found.values():  # a stable sort keeps "first-party, then newest" within each record
        values.sort(key=lambda value: 0 if value.offering_id else 1 if value.model_id else 2)
    return found


def conflicts(stated: Said) -> Iterable[dict[str, Any]]:
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


def facts_of(
    offering: Offering,
    answers: dict[str, Answer],
    papers: Mapping[str, tuple[Paper, ...]],
    stated: Said,
    claims: tuple[ClaimRecord, ...],
    on: date,
) -> dict[str, Fact]:
    """Every fact of the vocabulary, none missing; answered ones with the documents they rest on.

    In this order: a person's answer in this assessment; the current stated value; what the offering's own
    columns and the records around it say; unknown.
    """
    from_records = _from_records(offering, stated, on)
    facts: dict[str, Fact] = {}
    for name in FACTS:
        # The stage comes by way of the column: the catalog knows more stages than the rules.
        said = None if name == "stage" else stated.get(name)
        catalog = said[0].stated() if said else from_records.get(name)
        by = "catalog" if catalog is not None and not isinstance(catalog, Unknown) else ""
        fact = Fact(catalog if catalog is not None else Unknown(), by, catalog=catalog)
        fact = _answered(fact, answers.get(name))
        facts[name] = replace(fact, papers=papers.get(name, ())) if fact.by == "answer" else fact
    facts["claims"] = _claims_fact(claims, answers, facts["claims"])
    return facts


def column(offering: Offering, attribute: str, stated: Said) -> tuple[Any, Source]:
    """A column of the offering as of the day: value and source, the stated value before the stored one."""
    said = next((value for value in stated.get(attribute, ()) if value.offering_id), None)
    if said is not None and said.state == SourcedValue.State.KNOWN:
        return said.value, said.as_kernel_source()
    value = getattr(offering, attribute)
    if offering.origin is not None:
        return value, offering.origin.as_kernel(attribute, offering.origin_row)
    return value, Source(title=f"Catalog record {offering.name}", publisher="Riskassess catalog")


def _answered(fact: Fact, answer: Answer | None) -> Fact:
    """The fact after a person's answer; "I do not know" leaves what the catalog knows, unless that is disputed."""
    if answer is None:
        return fact
    source = person_source(answer)
    if answer.state == Answer.State.KNOWN:
        return replace(fact, stated=Known(answer.value, source), by="answer", note=answer.note)
    if answer.state == Answer.State.NOT_APPLICABLE:
        return replace(fact, stated=NotApplicable(answer.note, source), by="answer", note=answer.note)
    if answer.disputes:  # what is on record is wrong, and nobody knows better: anything is possible again
        return replace(fact, stated=Unknown(False, source), by="answer", note=answer.note)
    if fact.by:
        return fact
    declined = answer.state == Answer.State.DECLINED
    return replace(fact, stated=Unknown(declined, source), by="answer" if declined else "", note=answer.note)


def person_source(answer: Answer) -> Source:
    if answer.source is not None:
        return answer.source.as_kernel()
    who = str(answer.answered_by) if answer.answered_by else "a former colleague"
    return Source(title=f"Answer of {who}", publisher=who)


def _from_records(offering: Offering, stated: Said, on: date) -> dict[str, Stated[Any]]:
    """Facts that the columns of the offering and the records around it state or imply."""
    facts: dict[str, Stated[Any]] = {}

    def say(name: str, value: Any, attribute: str) -> None:
        if value is not None:
            facts[name] = Known(value, column(offering, attribute, stated)[1])

    for name in ("host", "infra_operator", "model_operator", "contracting_entity"):
        party = getattr(offering, name)
        say(name, str(party) if party else None, name)
    if offering.model_operator is not None:
        parent = offering.model_operator.ultimate_parent()
        say("ultimate_parent_country", parent.hq_country, "model_operator")
    facts.update(_deployment(offering, stated))
    stage, _ = column(offering, "stage", stated)
    if stage:  # what is deprecated is still sold under the terms of general availability
        say("offering_exists", stage != Offering.Stage.RETIRED, "stage")
        say("stage", stage if stage in PREVIEWS else "ga", "stage")
    elif offering.origin is not None:
        say("offering_exists", True, "name")
    if stage != Offering.Stage.RETIRED:
        facts.update(_offered(offering, stated, on))
    say("gpai", offering.model.general_purpose, "model")
    say("systemic_risk", offering.model.systemic_risk, "model")
    say("gpai_placed_eu", offering.model.placed_on_eu_market, "model")
    facts.update(_places(offering))
    facts.update(_partnerships(offering, column(offering, "host", stated)[1]))
    return facts


def _offered(offering: Offering, stated: Said, on: date) -> dict[str, Stated[Any]]:
    """Whether lists offer this deployment type, in its regions. Where it is offered is not where it infers."""
    scope, _ = column(offering, "deployment", stated)
    marks = list(Availability.objects.of(offering).on(on)) if scope else []
    if not marks:
        return {}
    inferring = offering.places.filter(role="inference", region__isnull=False)
    word = really_offered(marks, scope, set(inferring.values_list("region_id", flat=True)))
    return {"offering_exists": Known(word[0], word[1].as_kernel_source())} if word else {}


def _deployment(offering: Offering, stated: Said) -> dict[str, Stated[Any]]:
    """How far processing may spread: the scope, and the zone where the deployment type has one."""
    deployment, source = column(offering, "deployment", stated)
    if not deployment:
        return {}
    if deployment != Offering.Deployment.DATA_ZONE:
        return {
            "scope": Known(deployment, source),
            "zone": NotApplicable("only a data zone has a zone", source),
        }
    zone, zone_source = column(offering, "zone", stated)
    return {"scope": Known(deployment, source), "zone": Known(zone, zone_source) if zone else Unknown()}


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
    tie = (
        Partnership.objects.select_related("source")
        .filter(host=host.ultimate_parent(), developer=developer)
        .first()
    )
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
