"""The gates on the sheet "Assessment": those that answers settle follow them, the others are typed.

A gate follows by a formula only where that formula gives what was recorded from the answers as they stand.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from riskassess.assessments.gates import FROM_ANSWERS, FromAnswers
from riskassess.kernel.truth import Truth
from riskassess.reports.parts import FactorLine, GateLine
from riskassess.reports.shape import ReportContent
from riskassess.reports.styling import BOLD, open_to_change, put
from riskassess.scoring.evidence import LEVEL

FIRST = 22
COLUMNS = (
    gettext_noop("Gate"),
    gettext_noop("State as recorded"),
    gettext_noop("T, F or U"),
    gettext_noop("Effect"),
    gettext_noop("Imposes"),
    gettext_noop("Because, and the law"),
)
LETTERS = {Truth.TRUE: "T", Truth.UNKNOWN: "U", Truth.FALSE: "F"}


def write_gates(sheet: Worksheet, content: ReportContent, tops: Mapping[str, tuple[int, str]]) -> None:
    """T true, U unknown, F false in column U; their effect in V; what they impose in W.

    `tops` has, for each factor whose level may be changed, its row and the formula of the level's high end.
    """
    for column, title in zip("STUVWX", COLUMNS, strict=True):
        put(sheet, f"{column}{FIRST - 1}", _(title))
        sheet[f"{column}{FIRST - 1}"].font = BOLD
    choice = DataValidation(type="list", formula1='"T,U,F"', allow_blank=False)
    for row, gate in enumerate(content.gates, FIRST):
        put(sheet, f"S{row}", f"{gate.key} {gate.title}")
        put(sheet, f"T{row}", _(gate.state))
        live = _live(gate, content, tops)
        sheet[f"U{row}"] = f"={live}" if live else gate.truth[0].upper()
        if not live:
            open_to_change(sheet, f"U{row}")
            choice.add(f"U{row}")
        sheet[f"V{row}"] = gate.effect_rank
        sheet[f"W{row}"] = f'=IF(U{row}="F",0,IF(U{row}="T",V{row},MIN(V{row},2)))'
        put(sheet, f"X{row}", " · ".join(part for part in (gate.because, gate.citation) if part))
    if choice.sqref:
        sheet.add_data_validation(choice)


def last_row(content: ReportContent) -> int:
    return FIRST + len(content.gates) - 1


def _live(gate: GateLine, content: ReportContent, tops: Mapping[str, tuple[int, str]]) -> str:
    """The formula of the gate's letter; empty where the gate does not follow from levels that may be changed."""
    rule = next((one for one in FROM_ANSWERS if one.key == gate.key), None)
    if rule is None or not all(factor in tops for factor, _ in rule.worse):
        return ""
    truth = Truth(gate.truth)
    lines = {line.key: line for line in content.factors}
    recorded = rule.truth(content.use_levels, lambda factor, level: _stands(lines[factor], level))
    if truth is not recorded or gate.because != rule.because(truth):
        return ""
    return _formula(rule, rule.use(content.use_levels), tops)


def _stands(line: FactorLine, level: int) -> Truth:
    """Whether a factor of one piece of evidence, or of none, stands at `level` or worse."""
    if not line.tier or not line.evidence:
        return Truth.UNKNOWN
    if (line.evidence[0].single_level or 0) >= level:
        return Truth.TRUE
    return Truth.FALSE if line.bare_ends[1] < LEVEL * level else Truth.UNKNOWN


def _formula(rule: FromAnswers, use: Truth, tops: Mapping[str, tuple[int, str]]) -> str:
    if use is Truth.FALSE:
        return f'"{LETTERS[use]}"'
    letters = [_letter(tops[factor], level) for factor, level in rule.worse]
    found = letters[0]
    if len(letters) > 1:
        any_true = ",".join(f'{letter}="T"' for letter in letters)
        all_false = ",".join(f'{letter}="F"' for letter in letters)
        found = f'IF(OR({any_true}),"T",IF(AND({all_false}),"F","U"))'
    return found if use is Truth.TRUE else f'IF({found}="F","F","U")'


def _letter(top: tuple[int, str], level: int) -> str:
    row, high = top
    unsaid = f'OR(F{row}="",G{row}="",G{row}=0)'
    return f'IF({unsaid},"U",IF(F{row}>={level},"T",IF({high}<{LEVEL * level},"F","U")))'
