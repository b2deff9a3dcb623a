"""The portfolio: all assessments of a unit, or all that a person may see, as one content object.

Page, PDF, workbook, .csv and .json show what `Portfolio` holds and nothing else. It is read in three queries, however
many assessments there are: the assessments with what they join, the conditions that are open, the vendors' parents.
Runs are read without their records: what is shown of them are their columns (`ScoreRun.figures`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.urls import reverse

from riskassess.assessments.models import Assessment, Condition, ScoreRun
from riskassess.assessments.states import Standing, State, standing_of
from riskassess.catalog.models import Vendor
from riskassess.listing import with_only
from riskassess.reports.concentration import Concentration, Held, concentrations
from riskassess.reports.figures import tenths
from riskassess.reports.legal import word
from riskassess.reports.lines import opportunity_interval, risk_interval
from riskassess.reports.parts import Interval, Word
from riskassess.rules.rulebook import RULEBOOK
from riskassess.scoring.method import BANDS, DECISIONS, load_method

REGIMES = tuple((regime.key, regime.title) for regime in RULEBOOK.regimes)
PARTIES = ("seller", "host", "infra_operator", "model_operator", "model__developer")
# All that an entry is made of: of ten thousand, whole records with their vendors would be half of the page's time.
READ = (
    "use_case", "state", "as_of", "due_on", "review_on", "unit__name", "offering__name", "offering__channel",
    *(f"offering__{party}__name" for party in PARTIES),
    *(f"current_run__{name}" for name in (
        "result_id", "method_version", "decision", "decision_rank", "risk_low", "risk_high", "denominator", "figures",
    )),
    "decision__outcome", "decision__stale_since", "decision__acceptance__expires_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One assessment of the portfolio. Empty text and None are: nobody has said, or there is none yet."""

    number: int
    assessment: int
    run: int | None
    result: str
    offering: str
    use_case: str
    unit: str
    seller: str
    group: str
    host: str
    operator: str
    computed: Word | None
    decided: Word | None
    standing: str
    stale: bool
    risk: Interval | None
    opportunity: Interval | None
    coverage: str
    lines: tuple[int, ...]
    as_of: date
    due_on: date | None
    review_on: date | None
    accepted_until: date | None
    open_conditions: int
    next_condition: date | None
    severities: tuple[tuple[int, int] | None, ...]
    """In the order of `REGIMES`; None is out of scope. Empty: not scored yet."""

    @property
    def link(self) -> str:
        return reverse("assessments:detail", args=[self.assessment])

    @property
    def state(self) -> str:
        return f"{self.standing}, stale" if self.stale else self.standing

    def is_late(self, today: date) -> bool:
        """Whether something of it was due before that day."""
        return any(
            day is not None and day < today for day in (self.due_on, self.review_on, self.next_condition)
        )


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All of it, the severest first: by computed decision, then by the greatest risk."""

    title: str
    units: tuple[str, ...]
    today: date
    entries: tuple[Entry, ...]
    counts: tuple[tuple[str, int], ...]
    concentrations: tuple[Concentration, ...]
    lines: tuple[int, ...]
    proven_from: int
    disclaimer: str = "Decision support, not legal advice."

    @property
    def filename(self) -> str:
        """A name for downloads, without an extension."""
        kept = "".join(c if c.isascii() and c.isalnum() else "-" for c in self.title.lower())
        return f"{'-'.join(part for part in kept.split('-') if part)[:60]}-{self.today.isoformat()}"


def portfolio(found: QuerySet[Assessment], today: date, title: str, lines: Sequence[int]) -> Portfolio:
    """The portfolio of `found` on that day, in three queries. `lines` are those in force, for the scale of the map."""
    rows = list(with_only(found, READ).order_by("pk"))
    open_ones = _open_conditions(found)
    tops = Tops()
    rows.sort(key=_severest_first)
    entries = tuple(_entry(number, one, today, open_ones, tops) for number, one in enumerate(rows, 1))
    return Portfolio(
        title=title,
        units=tuple(sorted({one.unit for one in entries})),
        today=today,
        entries=entries,
        counts=_counts(entries, today),
        concentrations=concentrations(
            [_held(one, entry, tops) for one, entry in zip(rows, entries, strict=True)]
        ),
        lines=tuple(lines),
        proven_from=load_method().proven_from,
    )


class Tops:
    """The company at the top of each vendor's group, from one reading of all parents. One query."""

    def __init__(self) -> None:
        found = Vendor.objects.filter(parent__isnull=False).values_list("pk", "parent", "parent__name")
        self._above = {pk: (parent or 0, name) for pk, parent, name in found}

    def of(self, vendor: Vendor | None) -> str:
        """The name of the ultimate parent; the vendor's own where it has none; empty for nobody known."""
        if vendor is None:
            return ""
        at, name, seen = vendor.pk, vendor.name, {vendor.pk}
        while at in self._above:
            at, name = self._above[at]
            if at in seen:  # a circle of parents has no top: the vendor stands for itself
                return vendor.name
            seen.add(at)
        return name


def _severest_first(one: Assessment) -> tuple[int, int, int]:
    """What nobody has scored comes last."""
    run = one.current_run
    if run is None:
        return 1, 0, one.pk
    return -run.decision_rank, -(run.risk_high * 10**6 // run.denominator), one.pk


def _open_conditions(found: QuerySet[Assessment]) -> Mapping[int, tuple[int, date | None]]:
    """Of each decision that stands, how many conditions are not met, and the first day one of them is due."""
    conditions = Condition.objects.filter(
        decision__in=found.filter(state=State.DECIDED.value).values("decision"), met_on__isnull=True
    )
    grouped = conditions.order_by().values_list("decision").annotate(Count("pk"), Min("due_on"))
    return {decision: (many, first) for decision, many, first in grouped}


def _entry(
    number: int,
    one: Assessment,
    today: date,
    open_ones: Mapping[int, tuple[int, date | None]],
    tops: Tops,
) -> Entry:
    run, decision, offering = one.current_run, one.decision, one.offering
    stands = decision if decision is not None and one.state == State.DECIDED.value else None
    accepted = getattr(stands, "acceptance", None)
    many, first = open_ones.get(stands.pk, (0, None)) if stands else (0, None)
    regimes: Mapping[str, Sequence[int]] = run.figures["regimes"] if run else {}
    return Entry(
        number=number,
        assessment=one.pk,
        run=run.pk if run else None,
        result=run.result_id if run else "",
        offering=str(offering),
        use_case=one.use_case,
        unit=one.unit.name,
        seller=_name(offering.seller),
        group=tops.of(offering.seller),
        host=_name(offering.host),
        operator=_name(offering.model_operator or offering.infra_operator),
        computed=word(run.decision) if run else None,
        decided=word(stands.outcome) if stands else None,
        standing=standing_of(State(one.state), stands.outcome if stands else "", one.review_on, today).label,
        stale=one.is_stale,
        risk=_risk(run) if run else None,
        opportunity=_opportunity(run) if run else None,
        coverage=run.figures["coverage"] if run else "",
        lines=run.lines if run else (),
        as_of=one.as_of,
        due_on=one.due_on if one.state != State.DECIDED.value else None,
        review_on=one.review_on,
        accepted_until=accepted.expires_on if accepted else None,
        open_conditions=many,
        next_condition=first,
        severities=tuple((regimes[key][0], regimes[key][1]) if key in regimes else None for key, _ in REGIMES)
        if run
        else (),
    )


def _name(vendor: Vendor | None) -> str:
    return vendor.name if vendor else ""


def _risk(run: ScoreRun) -> Interval:
    low, high, whole = run.risk_low, run.risk_high, run.denominator
    bands = [BANDS[sum(end >= line * whole for line in run.lines)] for end in (low, high)]
    return risk_interval((low, high), whole, tenths(low, high, whole), bands, "Risk", run.lines)


def _opportunity(run: ScoreRun) -> Interval:
    low, high, whole = run.figures["opportunity"]
    proven_from = load_method(run.method_version).proven_from
    return opportunity_interval(low, high, whole, run.figures["business_case"], proven_from)


def _held(one: Assessment, entry: Entry, tops: Tops) -> Held:
    offering = one.offering
    return Held(
        groups={
            "seller": [(tops.of(offering.seller), _name(offering.seller))],
            "developer": [(tops.of(offering.model.developer), _name(offering.model.developer))],
            "machines": [
                (tops.of(vendor), _name(vendor) if vendor else missing)
                for vendor, missing in (
                    (offering.host, "host"),
                    (offering.infra_operator, "operator of the machines"),
                    (offering.model_operator, "operator of the model"),
                )
            ],
        },
        decision=entry.computed.code if entry.computed else "",
        in_force=entry.standing == Standing.IN_FORCE.label,
        review_due=entry.standing == Standing.REVIEW_DUE.label,
        risk=entry.risk,
    )


def _counts(entries: Iterable[Entry], today: date) -> tuple[tuple[str, int], ...]:
    """How many there are, by computed decision, and what is due."""
    found = tuple(entries)
    by_decision = [
        (word(code).word, sum(one.computed is not None and one.computed.code == code for one in found))
        for code in DECISIONS
    ]
    return (
        ("Assessments", len(found)),
        *((f"Computed: {name.lower()}", many) for name, many in by_decision),
        ("Not scored yet", sum(one.computed is None for one in found)),
        *(
            (one.label, sum(entry.standing == one.label for entry in found))
            for one in (Standing.IN_FORCE, Standing.REVIEW_DUE)
        ),
        ("Stale", sum(one.stale for one in found)),
        ("Late", sum(one.is_late(today) for one in found)),
        ("Conditions open", sum(one.open_conditions for one in found)),
    )


def portfolio_json(made: Portfolio) -> dict[str, Any]:
    """The portfolio as plain data: exact integers beside what is shown."""
    return {
        "title": made.title,
        "as_of": made.today.isoformat(),
        "units": list(made.units),
        "disclaimer": made.disclaimer,
        "counts": dict(made.counts),
        "assessments": [_entry_json(one) for one in made.entries],
        "concentration": [
            {
                "by": one.name,
                "groups": [
                    {"group": row.group, "vendors": list(row.vendors), "assessments": row.count,
                     "not_said": list(row.missing), "share_percent": row.share, "in_force": row.in_force,
                     "review_due": row.review_due, "not_scored": row.unscored,
                     "severest": row.severest.code if row.severest else None,
                     "highest_risk": row.highest or None}
                    for row in one.rows
                ],
            }
            for one in made.concentrations
        ],
    }  # fmt: skip


def _entry_json(one: Entry) -> dict[str, Any]:
    return {
        "number": one.number,
        "assessment": one.assessment,
        "run": one.run,
        "result_id": one.result or None,
        "offering": one.offering,
        "use_case": one.use_case,
        "unit": one.unit,
        "seller": one.seller or None,
        "vendor_group": one.group or None,
        "host": one.host or None,
        "operator": one.operator or None,
        "computed": one.computed.code if one.computed else None,
        "decided": one.decided.code if one.decided else None,
        "standing": one.standing,
        "stale": one.stale,
        "risk": interval_json(one.risk),
        "opportunity": interval_json(one.opportunity),
        "coverage_percent": one.coverage or None,
        "lines": list(one.lines),
        "as_of": one.as_of.isoformat(),
        "due_on": _iso(one.due_on),
        "review_on": _iso(one.review_on),
        "risk_accepted_until": _iso(one.accepted_until),
        "conditions_open": one.open_conditions,
        "next_condition_due": _iso(one.next_condition),
        # None of one regime: out of scope. None instead of all of them: not scored yet.
        "exposure": {
            key: list(ends) if ends else None for (key, _), ends in zip(REGIMES, one.severities, strict=True)
        }
        if one.severities
        else None,
    }


def interval_json(found: Interval | None) -> dict[str, Any] | None:
    """An interval as plain data: the numerators, the denominator, and the tenths that are shown."""
    if found is None:
        return None
    return {
        "low": found.low,
        "high": found.high,
        "denominator": found.denominator,
        "shown": [found.shown_low, found.shown_high],
        "words": found.words,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
