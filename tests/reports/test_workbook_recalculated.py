"""What the workbook computes in another program: the engine's integers, before and after edits.

LibreOffice is started once for all of them. Each edited workbook is held against what the engine makes of the
same edit: score, gates, decision and tornado.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from riskassess.assessments.models import ScoreRun
from riskassess.kernel.truth import Truth
from riskassess.reports.content import content_of
from riskassess.reports.gate_sheet import FIRST as GATE_FIRST
from riskassess.reports.gate_sheet import LETTERS
from riskassess.reports.live_sheet import live_inputs
from riskassess.reports.shape import ReportContent
from riskassess.reports.workbook import report_workbook
from riskassess.scoring.gates import GateState
from riskassess.scoring.inputs import STATUSES
from riskassess.scoring.results import Result
from riskassess.scoring.sensitivity import tornado
from tests.reports import records
from tests.reports.cases import TYPED, Case, random_case
from tests.reports.office import Recalculated, recalculated

pytestmark = pytest.mark.office
UNCHANGED, EDITED = 50, 24


def content_for(case: Case) -> ReportContent:
    return content_of(case.record(), ScoreRun(pk=1, assessment_id=1), None, ())


@dataclass(frozen=True)
class Written:
    """A workbook on its way to the other program, and what the engine says it has to come back with."""

    data: bytes
    expected: Result


def edited(case: Case, random: Random) -> Written:
    """The workbook of `case` after some edits in its yellow cells; the engine's result of the same edits."""
    content = content_for(case)
    book = load_workbook(io.BytesIO(report_workbook(content)))
    sheet = book["Assessment"]
    method = case.method()
    rows = {line.key: row for row, line in enumerate(content.factors, 2)}
    live = [line.key for line in content.factors if sheet[f"F{rows[line.key]}"].protection.locked is False]
    assert live, "something can be edited"
    for key in random.sample(live, min(len(live), 6)):
        case = _answered(case, sheet, key, rows[key], random)
    for key in random.sample(list(rows), 2):
        weight = random.randint(0, 9)
        sheet[f"B{rows[key]}"] = weight
        case = replace(case, weights={**case.weights, key: weight})
    gates = {gate.key: (row, gate) for row, gate in enumerate(content.gates, GATE_FIRST)}
    row, gate = gates[random.choice(TYPED)]
    truth = random.choice(list(Truth))
    sheet[f"U{row}"] = LETTERS[truth]
    case = replace(case, typed={**case.typed, gate.key: GateState(truth, gate.effect_rank)})
    if case.controls:
        case = _controlled(case, book["Controls"], random)
    out = io.BytesIO()
    book.save(out)
    assert method.version == case.method().version
    return Written(out.getvalue(), case.result())


def _answered(case: Case, sheet: Worksheet, key: str, row: int, random: Random) -> Case:
    level: int | None = random.randint(0, 4)
    tier: int | None = random.randint(0, 5)
    interest = random.choice(["self", "adverse", "neutral"])
    blanked = random.choice(["", "", "", "level", "tier"])
    level, tier = None if blanked == "level" else level, None if blanked == "tier" else tier
    sheet[f"F{row}"], sheet[f"G{row}"], sheet[f"H{row}"] = level, tier, interest
    return case.answering(key, level, tier, interest)


def _controlled(case: Case, sheet: Worksheet, random: Random) -> Case:
    one = case.controls[0]
    changed = replace(one, status=random.choice(STATUSES), effectiveness=random.randint(1, 100))
    (row,) = [at for at in range(2, 2 + len(case.controls)) if sheet[f"A{at}"].value == one.title]
    sheet[f"C{row}"], sheet[f"D{row}"] = changed.status, changed.effectiveness
    return replace(case, controls=(changed, *case.controls[1:]))


@pytest.fixture(scope="module")
def written() -> dict[str, Written]:
    """Fifty as they stand, two dozen edited; the same ones every time."""
    found = {}
    for number in range(UNCHANGED):
        case = random_case(Random(number))
        found[f"random-{number}"] = Written(report_workbook(content_for(case)), case.result())
    for number in range(EDITED):
        found[f"edited-{number}"] = edited(
            random_case(Random(1000 + number), good=number % 2 == 0), Random(number)
        )
    return found


@pytest.fixture(scope="module")
def books(written: dict[str, Written], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Recalculated]:
    return recalculated({name: one.data for name, one in written.items()}, tmp_path_factory.mktemp("office"))


def column(book: Recalculated, sheet: str, letter: str, count: int, first: int = 2) -> list[Any]:
    return [book.cell(sheet, letter, row) for row in range(first, first + count)]


def holds(book: Recalculated, result: Result) -> None:
    """Every number of the workbook is the engine's, to the last integer."""

    def both(low: int, high: int) -> list[Any]:
        return [book.cell("Assessment", "T", low), book.cell("Assessment", "T", high)]

    count = len(result.factors)
    assert both(3, 4) == list(result.base)
    assert both(5, 6) == list(result.peak)
    assert both(7, 8) == list(result.risk)
    assert book.cell("Assessment", "T", 2) == result.denominator
    assert [f"{end:.1f}" for end in both(9, 10)] == list(result.shown)
    coverage = result.coverage
    share = coverage.numerator / coverage.denominator if coverage.denominator else 1
    assert book.cell("Assessment", "T", 12) == pytest.approx(share)
    assert book.cell("Assessment", "T", 13) is (coverage.ok and coverage.assured)
    for letter, end in (("I", 0), ("J", 1)):
        assert column(book, "Assessment", letter, count) == [one.level[end] for one in result.factors]
    for letter, end in (("K", 0), ("L", 1)):
        assert column(book, "Assessment", letter, count) == [one.x[end] for one in result.factors]
    assert column(book, "Assessment", "Q", count) == [one.binding[1] for one in result.factors]
    judged = {gate.key: gate for gate in result.gates}
    for row in range(GATE_FIRST, GATE_FIRST + len(judged)):
        gate = judged.pop(book.cell("Assessment", "S", row).split()[0])
        assert book.cell("Assessment", "U", row) == LETTERS[gate.truth], gate.key
        assert book.cell("Assessment", "W", row) == gate.applied, gate.key
    assert book.cell("Assessment", "T", 18) == result.decision
    swings = tornado(result)
    assert column(book, "Tornado", "H", count) == [one.fall for one in swings]
    assert column(book, "Tornado", "I", count) == [one.rise for one in swings]
    in_order = sorted(swings, key=lambda one: (-one.fall, -one.rise, one.key))
    assert [name.split()[0] for name in column(book, "Tornado", "B", count)] == [one.key for one in in_order]
    falls = [one.fall / result.denominator for one in in_order]
    assert column(book, "Tornado", "C", count) == pytest.approx(falls)


def test_fifty_random_ones_come_back_with_the_engines_integers(
    written: dict[str, Written], books: dict[str, Recalculated]
) -> None:
    for name, one in written.items():
        if name.startswith("random"):
            holds(books[name], one.expected)
            assert {books[name].cell("Summary", "D", row) for row in range(2, 8)} == {"same"}, name


def test_edits_give_what_the_engine_gives_for_them(
    written: dict[str, Written], books: dict[str, Recalculated]
) -> None:
    changed = set()
    for name, one in written.items():
        if name.startswith("edited"):
            holds(books[name], one.expected)
            if books[name].cell("Summary", "D", 7) == "changed":
                changed.add(one.expected.decision)
    assert len(changed) > 1, "some edits change the decision, to more than one other"


def test_what_follows_answers_live_is_most_of_it(written: dict[str, Written]) -> None:
    """Of a case with one piece of evidence a factor, every factor and three gates of answers are formulas."""
    case = random_case(Random(7))
    single = replace(case, controls=(), declined=(), evidence={
        key: [records._evidence(key, (2, 2), "C3", "self")] for key in case.evidence
    })  # fmt: skip
    content, method = content_for(single), single.method()
    follow = [line for line in content.factors if live_inputs(line, method) is not None]
    regimes = set(records.REGIME_FACTORS.values())
    assert {line.key for line in content.factors} - {line.key for line in follow} <= regimes
    sheet = load_workbook(io.BytesIO(report_workbook(content)))["Assessment"]
    letters = {
        str(sheet[f"S{row}"].value).split()[0]: str(sheet[f"U{row}"].value)
        for row in range(GATE_FIRST, GATE_FIRST + len(content.gates))
    }
    assert all(letters[key].startswith("=") for key in ("G6", "G7", "G8", "G11"))
    assert all(len(letters[key]) == 1 for key in TYPED)
