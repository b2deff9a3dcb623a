"""ScoreRun -> ReportContent. Every query of a report is here; page, PDF and workbook only show it.

What was judged is read from the run's record alone, so that a report of an old run still says what was
known then. Live are only what people did with it: the decision, its conditions, the other runs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from riskassess.assessments.models import Decision, ScoreRun
from riskassess.assessments.record import recorded_method
from riskassess.reports import controls, documents, legal, lines, reasons, sources
from riskassess.reports.figures import day, ends, lines_text, listed, number, span, tenths
from riskassess.reports.glossary import JUDGEMENT, glossary
from riskassess.reports.legal import word
from riskassess.reports.parts import GateLine
from riskassess.reports.route import route
from riskassess.reports.shape import (
    ConditionLine,
    DecisionBlock,
    Header,
    HistoryLine,
    PersonDecision,
    ReportContent,
)
from riskassess.scoring.method import Method

Record = Mapping[str, Any]

LETTERS = {
    "D": "Data sensitivity",
    "I": "Impact of a wrong output",
    "A": "Autonomy and tools",
    "B": "Business criticality",
    "S": "Spread of outputs",
}
FLAGS = {
    "EU": "European Union", "UK": "United Kingdom", "US": "United States", "H": "Health", "F": "Finance",
    "R": "Residency mandate", "P": "Production",
}  # fmt: skip
CASES = {"proven": "proven", "plausible": "plausible, not proven", "absent": "absent: at best too little"}
TRUTHS = {"true": "Yes", "false": "No", "unknown": "unknown"}


def report_content(run: ScoreRun) -> ReportContent:
    """The report of a run.

    Four queries: the decisions on this run with who took them; their conditions; the runs of the
    assessment up to this one; the decisions on those.
    """
    decisions = (
        run.decisions.select_related("decided_by", "acceptance__accepted_by")
        .prefetch_related("conditions__met_by")
        .order_by("-decided_at", "-pk")
    )
    decided = next(iter(decisions), None)
    earlier = (
        ScoreRun.objects.filter(assessment_id=run.assessment_id, created_at__lte=run.created_at)
        .prefetch_related("decisions")
        .defer("record")
        .order_by("-created_at", "-pk")[:20]
    )
    return content_of(
        json.loads(run.record), run, person_decision(decided), tuple(_past(one, run) for one in earlier)
    )


def content_of(
    record: Record, run: ScoreRun, decided: PersonDecision | None, history: tuple[HistoryLine, ...]
) -> ReportContent:
    """The report of a record, once what people did with it is known. No query."""
    method = recorded_method(record)
    factors = lines.factors(record)
    gates, regimes = legal.gates(record), legal.regimes(record)
    block = _block(record, gates, method)
    way = route(record, block.risk, factors, gates, regimes, method)
    return ReportContent(
        header=_header(record, run, method),
        block=block,
        reasons=reasons.reasons(gates, factors, regimes, record),
        route=way,
        domains=lines.domains(record, method),
        views=controls.views(record, method),
        controls=controls.controls(record, method),
        chain=sources.chain(record),
        places=sources.places(record),
        regimes=regimes,
        tornado=lines.tornado(record),
        factors=lines.with_questions(factors, way.asks),
        totals=lines.totals(record, factors),
        opportunity_factors=lines.opportunity_factors(record),
        gates=gates,
        claims=tuple(sources.claim_line(claim) for claim in record["inputs"]["claims"]),
        questions=sources.open_questions(record),
        conflicts=sources.conflicts(record),
        facts=sources.facts(record),
        documents=documents.documents(record),
        profile=_profile(record),
        use_levels={letter: (low, high) for letter, (low, high) in record["inputs"]["profile"].items()},
        decided=decided,
        history=history,
        glossary=glossary("views" in record),
        disclaimer=_(record["disclaimer"]),
        judgement=_(JUDGEMENT),
    )


def _header(record: Record, run: ScoreRun, method: Method) -> Header:
    subject = record["inputs"]["subject"]
    return Header(
        assessment=run.assessment_id,
        run=run.pk,
        offering=subject["offering"],
        channel=subject["channel"] or "",
        use_case=subject["use_case"],
        description=subject["description"],
        unit=subject["unit"],
        model=subject["model"],
        seller=subject["seller"] or "",
        as_of=day(record["as_of"]),
        as_of_iso=record["as_of"],
        result_id=record["result_id"],
        method=record["method"],
        rules=record["rules_release"],
        appetite=method.appetite,
    )


def _block(record: Record, gates: Sequence[GateLine], method: Method) -> DecisionBlock:
    risk = lines.interval(
        record["risk"], record["denominator"], record["shown"]["risk"], record["bands"], _("Risk"), method
    )
    coverage = record["coverage"]
    adjusted = record["risk_adjusted"]["shown"]
    opportunity = lines.opportunity(record, method)
    return DecisionBlock(
        decision=word(record["decision"]),
        without_gates=word(record["decision_without_gates"]),
        because=reasons.because(record, risk, gates, method),
        risk=risk,
        opportunity=opportunity,
        map=lines.risk_map(risk, opportunity, method),
        risk_adjusted=span(number(adjusted[0]), number(adjusted[1])),
        gates=_gates_in_words(gates),
        coverage=_(
            "%(coverage)s %% of exposed weight on evidence of tier %(tier)s or better; approval needs %(needed)s %%"
        )
        % {
            "coverage": number(coverage["shown"]),
            "tier": method.covered_from_tier,
            "needed": method.coverage_percent,
        },
        coverage_percent=number(coverage["shown"]),
        coverage_enough=bool(coverage["ok"]),
        lines=lines_text(method),
        business_case=_(CASES[record["business_case"]]),
        errors=reasons.error_messages(record),
    )


def _gates_in_words(gates: Sequence[GateLine]) -> str:
    opened = [gate.key for gate in gates if gate.state == "open"]
    unsettled = [gate.key for gate in gates if gate.state == "not settled"]
    said = _("%(gates)s open") % {"gates": listed(opened)} if opened else _("none open")
    doubt = _("%(gates)s not settled") % {"gates": listed(unsettled)} if unsettled else _("none in doubt")
    return f"{said}, {doubt}"


def _profile(record: Record) -> tuple[tuple[str, str], ...]:
    """The use in the method's own terms: five levels of 0 to 4, then the flags."""
    levels = record["inputs"]["profile"]
    said = [
        (f"{_(LETTERS[letter])} ({letter})", _("%(level)s of 4") % {"level": ends(levels[letter])})
        for letter in LETTERS
        if letter in levels
    ]
    flags = [(_(FLAGS.get(flag, flag)), _(TRUTHS[truth])) for flag, truth in record["flags"].items()]
    return (*said, *flags)


def person_decision(decision: Decision | None) -> PersonDecision | None:
    """What a person decided, as a report shows it. No query where conditions and people were read along."""
    if decision is None:
        return None
    return PersonDecision(
        pk=decision.pk,
        outcome=word(decision.outcome),
        computed=word(decision.computed),
        differs=decision.differs,
        reason=decision.reason,
        by=str(decision.decided_by),
        on=day(decision.decided_at.date()),
        valid_until=day(decision.valid_until),
        conditions=tuple(
            ConditionLine(
                one.pk,
                one.text,
                one.owner,
                day(one.due_on),
                day(one.met_on),
                str(one.met_by or ""),
                one.met_note,
            )
            for one in decision.conditions.all()
        ),
        accepted=_accepted(decision),
    )


def _accepted(decision: Decision) -> str:
    accepted = getattr(decision, "acceptance", None)
    if accepted is None:
        return ""
    return _("Risk accepted by %(person)s until %(day)s: %(reason)s") % {
        "person": accepted.accepted_by,
        "day": day(accepted.expires_on),
        "reason": accepted.reason,
    }


def _past(run: ScoreRun, this: ScoreRun) -> HistoryLine:
    decisions = list(run.decisions.all())
    return HistoryLine(
        run=run.pk,
        as_of=day(run.as_of),
        decision=word(run.decision),
        risk=span(*tenths(run.risk_low, run.risk_high, run.denominator)),
        result=run.result_id[:8],
        basis=_("%(method)s, rules %(rules)s") % {"method": run.method_version, "rules": run.rules_release}
        + (_(", appetite %(number)s") % {"number": run.appetite_version} if run.appetite_version else ""),
        decided=word(decisions[0].outcome).word if decisions else "",
        is_this=run.pk == this.pk,
    )
