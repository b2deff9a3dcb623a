"""The shortest way to a better decision: the questions to ask, or the proof that no answer helps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from riskassess.reports.controls import stated_controls
from riskassess.reports.figures import listed, number, questions
from riskassess.reports.legal import word
from riskassess.reports.lines import interval
from riskassess.reports.parts import FactorLine, GateLine, Interval, RegimeLine, Word
from riskassess.reports.reasons import factor_of_gate
from riskassess.reports.shape import Ask, Route
from riskassess.scoring.aggregate import Term, score
from riskassess.scoring.decision import band, shown
from riskassess.scoring.method import DECISIONS, Method
from riskassess.scoring.ranges import Range

Record = Mapping[str, Any]

ONLY_CHANGE = gettext_noop("No answer can help, only change can.")


def asked_keys(record: Record) -> tuple[str, ...]:
    """The factors whose questions make up the route that matters next; none where no answer helps."""
    threshold = next_threshold(record)
    route = record["routes"].get(str(threshold)) if threshold else None
    return tuple(one["key"] for one in route["factors"]) if route and route["reachable"] else ()


def next_threshold(record: Record) -> int | None:
    """The points below which the decision would get better; None where the points ask for nothing more."""
    thresholds = sorted(int(points) for points in record["routes"])
    approve, conditional = thresholds[0], thresholds[1]
    wanted = {"APPROVE": None, "CONDITIONAL": approve, "ESCALATE": conditional, "REJECT": conditional}
    found = wanted[record["decision_without_gates"]]
    return None if found and record["risk"][1] < found * record["denominator"] else found


def route(
    record: Record,
    risk: Interval,
    factors: Sequence[FactorLine],
    gates: Sequence[GateLine],
    regimes: Sequence[RegimeLine],
    method: Method,
) -> Route:
    """Gates first, since no points buy them off; then the fewest answers that bring the top under a mark."""
    open_gates = [gate for gate in gates if gate.applied and gate.state == "open"]
    blockers = tuple(
        f"{gate.key}: {gate.title[:1].lower()}{gate.title[1:]}. "
        + _("It imposes %(decision)s until the fact changes.") % {"decision": _(gate.effect.code.lower())}
        for gate in open_gates
    )
    if record["decision"] == "REJECT":
        return _closed(_why_closed(record, risk, open_gates, method), blockers)
    threshold = next_threshold(record)
    if threshold is not None and not record["routes"][str(threshold)]["reachable"]:
        return _closed(f"{_at_best(risk, threshold)} {_(ONLY_CHANGE)}", blockers)
    asks = _numbered([*_of_gates(gates, factors, regimes), *_of_points(record, factors, regimes)])
    if not asks:
        return _nothing_to_ask(record, blockers, method)
    after = _after(record, asked_keys(record), method)
    then = _then(record, after, open_gates, method)
    fewest = _("the fewest that can do it") if threshold else _("each settles a gate")
    sentence = f"{questions(len(asks))}, {fewest}."
    target = _("under %(points)s") % {"points": threshold} if threshold else ""
    is_better = DECISIONS.index(then.code) < DECISIONS.index(record["decision"])
    title = _("What to ask next")
    if is_better:
        title = _("Shortest route to %(decision)s") % {"decision": _(then.code.lower())}
    return Route(title, sentence, asks, target, after, then, blockers)


def _why_closed(record: Record, risk: Interval, open_gates: Sequence[GateLine], method: Method) -> str:
    rejecting = [gate.key for gate in open_gates if gate.effect.code == "REJECT"]
    if rejecting:
        said = ngettext(
            "%(gates)s is open, and no answer elsewhere buys that off.",
            "%(gates)s are open, and no answer elsewhere buys that off.",
            len(rejecting),
        )
        alone = _("Without it, the points alone would say %(decision)s.")
        decision = _(record["decision_without_gates"].lower())
        return f"{said % {'gates': listed(rejecting)}} {_(ONLY_CHANGE)} {alone % {'decision': decision}}"
    return f"{_at_best(risk, method.thresholds[2])} {_(ONLY_CHANGE)}"


def _at_best(risk: Interval, mark: int) -> str:
    return _("With every answer at its best the risk is still %(low)s, not under %(mark)s.") % {
        "low": risk.shown_low,
        "mark": mark,
    }


def _closed(sentence: str, blockers: tuple[str, ...]) -> Route:
    return Route(_("What would change it"), sentence, (), "", None, None, blockers)


def _nothing_to_ask(record: Record, blockers: tuple[str, ...], method: Method) -> Route:
    if record["decision"] == "APPROVE":
        return _closed(_("Nothing has to be asked: learning more cannot undo this."), blockers)
    if blockers:
        return _closed(f"{_('The points ask for nothing more.')} {_(ONLY_CHANGE)}", blockers)
    if any(truth is not False for truth in record["errors"].values()):
        return _closed(
            _("The data of the offering have to be put right before anybody can decide."), blockers
        )
    return _closed(
        _(
            "The answers are good, their evidence is not: %(coverage)s %% of what matters "
            "rests on evidence of tier %(tier)s or better; approval needs %(needed)s %%."
        )
        % {
            "coverage": number(record["coverage"]["shown"]),
            "tier": method.covered_from_tier,
            "needed": method.coverage_percent,
        },
        blockers,
    )


def _of_gates(
    gates: Sequence[GateLine], factors: Sequence[FactorLine], regimes: Sequence[RegimeLine]
) -> Iterable[Ask]:
    """The questions that settle gates in doubt: of the findings behind them, or of the factor they name."""
    for gate in gates:
        if not gate.applied or gate.state == "open":
            continue
        findings = [
            f for regime in regimes for f in regime.counting if f.gate == gate.key and f.outcome != "raised"
        ]
        questions = tuple(dict.fromkeys(ask for finding in findings for ask in finding.asks))
        factor = factor_of_gate(gate, factors)
        if questions:
            text, proof = questions[0]
            yield Ask(0, gate.key, gate.title, text, proof, findings[0].anchor, questions[1:])
        elif factor is not None:
            yield Ask(0, gate.key, gate.title, factor.question, factor.proof, factor.anchor)
        else:
            text = f"{_('Please show that this is not so')}: {gate.title[:1].lower()}{gate.title[1:]}."
            yield Ask(0, gate.key, gate.title, text, gate.because, gate.anchor)


def _of_points(record: Record, factors: Sequence[FactorLine], regimes: Sequence[RegimeLine]) -> Iterable[Ask]:
    keys = asked_keys(record)
    for line in (line for key in keys for line in factors if line.key == key):
        settling = tuple(
            dict.fromkeys(
                ask
                for regime in regimes
                if regime.factor == line.key
                for finding in regime.counting
                for ask in finding.asks
            )
        )
        showing = tuple(_showing(record, line))
        if line.state == "rule" and settling:
            text, proof = settling[0]
            yield Ask(0, line.key, line.name, text, proof, line.anchor, (*settling[1:], *showing))
        else:
            yield Ask(0, line.key, line.name, line.question, line.proof, line.anchor, showing)


def _showing(record: Record, line: FactorLine) -> Iterable[tuple[str, str]]:
    """The best end of a factor takes its controls at their best: what would show that they are that good."""
    for one in stated_controls(record):
        if line.key in one["factors"] and one["status"] in ("committed", "implemented"):
            yield (
                _("Is the control “%(control)s” in place, and does it work as meant?")
                % {"control": one["title"]},
                _("a dated test of it"),
            )


def _numbered(asks: Iterable[Ask]) -> tuple[Ask, ...]:
    """Each question once, numbered from 1, in the order given."""
    kept: dict[str, Ask] = {}
    for ask in asks:
        kept.setdefault(ask.text, ask)
    return tuple(
        Ask(number, ask.key, ask.name, ask.text, ask.proof, ask.anchor, ask.more)
        for number, ask in enumerate(kept.values(), 1)
    )


def _after(record: Record, keys: Sequence[str], method: Method) -> Interval:
    """The risk once these factors have resolved to their best ends: the method's own formula."""
    terms = [
        Term(one["weight"], method.classes[one["class"]], one["x"][0] if one["key"] in keys else one["x"][1])
        for one in record["factors"]
    ]
    high = score(terms, method.risk_weight, method.peak_share).risk
    low, denominator = record["risk"][0], record["denominator"]
    bands = (band(method, low, denominator), band(method, high, denominator))
    return interval(
        (low, high), denominator, shown(Range(low, high), denominator), bands, _("Risk then"), method
    )


def _then(record: Record, after: Interval, open_gates: Sequence[GateLine], method: Method) -> Word:
    """The decision after good answers: what the points then say, no better than the gates that stay open."""
    under = [after.high < points * after.denominator for points in method.thresholds]
    rank = 0 if under[0] else 1 if under[1] else 2
    if rank == 0 and not record["coverage"]["ok"] and not asked_keys(record):
        rank = 1
    errors = 2 if any(truth is not False for truth in record["errors"].values()) else 0
    return word(DECISIONS[max([rank, errors, *(gate.effect_rank for gate in open_gates)])])
