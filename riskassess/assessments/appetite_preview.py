"""Which computed decisions other lines would move, before anybody draws them; read from stored runs.

A run's own columns (both ends, denominator, decision) tell it for almost all runs. What gates impose and how
far evidence covers stands in the record alone, so only records of runs that may get *better*, or approved runs
that need more coverage, are opened. Nothing is judged anew: what changed in facts since a run is not seen here.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from riskassess.accounts.models import User
from riskassess.assessments.models import Assessment, RiskAppetite
from riskassess.assessments.record import SCHEMA
from riskassess.assessments.scoring import METHOD_VERSION, current_method
from riskassess.scoring.anatomy import DECISIONS, Appetite, Method
from riskassess.scoring.appetite import under
from riskassess.scoring.decision import coverage, rank_of_score
from riskassess.scoring.ranges import Range

SHOWN = 50
RECORDS_AT_ONCE = 50
MOST_OPENED = 2_000  # records of which one takes about two milliseconds to read
ESCALATE = DECISIONS.index("ESCALATE")


@dataclass(frozen=True, slots=True)
class Shift:
    """One assessment whose computed decision would move."""

    assessment: Assessment
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a new appetite would do to the current runs: how many fall under it, how many move, from what to what.

    `earlier` are judged as of a day before it starts and stay as they are. `in_doubt` would have to be opened
    and were not, being too many or of an older shape: only the rescore tells of those. `shifts` names the
    gravest first, at most `SHOWN` of `moved`.
    """

    judged: int
    earlier: int
    moved: int
    moves: tuple[tuple[str, str, int], ...]
    shifts: tuple[Shift, ...]
    in_doubt: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a run's columns say of its points and its decision."""

    risk: Range
    denominator: int
    rank: int


def preview(appetite: Appetite, since: date, *, by: User) -> Preview:
    """What these lines would move among the current runs judged as of `since` or later.

    At most five queries: the versions, the runs' columns, the records that have to be opened, and two for the
    assessments that are named, which are those that `by` may see. Raises InvalidInput for lines that are not
    allowed.
    """
    method = current_method()
    new = under(method, appetite)
    old = {one.version: under(method, one.appetite) for one in RiskAppetite.objects.all()} | {0: method}
    runs = Assessment.objects.open().filter(current_run__method_version=METHOD_VERSION).order_by("pk")
    judged, earlier = 0, 0
    moved: dict[int, tuple[int, int]] = {}
    unclear: list[int] = []
    columns = ("pk", "as_of", *(f"current_run__{name}" for name in
               ("appetite_version", "risk_low", "risk_high", "denominator", "decision_rank")))  # fmt: skip
    for pk, on, version, low, high, denominator, rank in runs.values_list(*columns).iterator():
        if on < since:
            earlier += 1
            continue
        judged += 1
        numbers = Numbers(Range(low, high), denominator, rank)
        after = rank_by_columns(numbers, old[version], new)
        if after is None:
            unclear.append(pk)
        elif after != rank:
            moved[pk] = rank, after
    in_doubt = len(unclear[MOST_OPENED:])
    for pk, text in _records(unclear[:MOST_OPENED]):
        record = json.loads(text)
        if record.get("schema") != SCHEMA:
            in_doubt += 1
            continue
        rank, after = DECISIONS.index(record["decision"]), rank_by_record(record, new)
        if after != rank:
            moved[pk] = rank, after
    return _in_words(judged, earlier, moved, in_doubt, by)


def _records(assessments: Sequence[int]) -> Iterator[tuple[int, str]]:
    """The current records of some assessments, a few in memory at once. One query, where there are any."""
    if assessments:
        found = Assessment.objects.filter(pk__in=assessments).values_list("pk", "current_run__record")
        yield from found.iterator(chunk_size=RECORDS_AT_ONCE)


def rank_by_columns(run: Numbers, old: Method, new: Method) -> int | None:
    """The rank under the new lines as far as columns tell it; None where the record has to be opened.

    A decision is the worst of what points say and what gates and errors impose. Gates are known to be no worse
    than the decision, and to be the decision itself where points say something better.
    """
    before, after = (_by_points(run, method) for method in (old, new))
    looser = new.coverage_percent <= old.coverage_percent
    if run.rank == 0:  # approved: points and coverage were enough, and no gate is open
        return after[0] if len(after) == 1 or looser else None
    if before == after and new.coverage_percent == old.coverage_percent:
        return run.rank
    if min(after) >= run.rank:
        return min(after)
    if before[-1] < run.rank:  # then gates impose the decision, whatever points say
        return max(run.rank, after[-1])
    return None


def _by_points(run: Numbers, method: Method) -> tuple[int, ...]:
    """The ranks that points may give: approve and conditional both, where only coverage tells them apart."""
    well, badly = (
        rank_of_score(method, run.risk, run.denominator, is_covered) for is_covered in (True, False)
    )
    return (well,) if well == badly else (well, badly)


def rank_by_record(record: Mapping[str, Any], method: Method) -> int:
    """The rank that the method's lines give the figures of a record, with what gates and errors impose."""
    weighed = [(one["weight"], Range(*one["exposure"]), one["tier"]) for one in record["factors"]]
    covered = coverage(method, weighed)
    points = rank_of_score(
        method, Range(*record["risk"]), record["denominator"], covered.ok and covered.assured
    )
    errors = ESCALATE if any(truth is not False for truth in record["errors"].values()) else 0
    return max(points, errors, *(int(gate["applied"]) for gate in record["gates"].values()))


def _in_words(
    judged: int, earlier: int, moved: Mapping[int, tuple[int, int]], in_doubt: int, by: User
) -> Preview:
    counted = Counter(moved.values())
    first: Sequence[int] = sorted(moved, key=lambda pk: (-moved[pk][1], moved[pk][0], pk))[:SHOWN]
    visible = Assessment.objects.visible_to(by).for_lists()
    found = visible.in_bulk(first)
    return Preview(
        judged=judged,
        earlier=earlier,
        moved=len(moved),
        moves=tuple((DECISIONS[old], DECISIONS[new], counted[old, new]) for old, new in sorted(counted)),
        shifts=tuple(
            Shift(found[pk], DECISIONS[moved[pk][0]], DECISIONS[moved[pk][1]]) for pk in first if pk in found
        ),
        in_doubt=in_doubt,
    )
