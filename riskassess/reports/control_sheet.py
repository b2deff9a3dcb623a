"""The sheet "Controls": what is stated of each control, live where the sheet "Assessment" computes with it.

Status and effectiveness may be changed: what they let count follows, and with it the levels of the factors.
What each takes off and the three views are as recorded.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_noop
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from riskassess.reports.parts import FactorLine
from riskassess.reports.shape import ControlLine, ReportContent
from riskassess.reports.styling import WRAP, header, open_to_change, printable, protected, put, widths
from riskassess.scoring.inputs import STATUSES
from riskassess.scoring.method import Method

FIRST = 2
MOST_LIVE = 5
"""Of more controls on one factor the product would pass what a spreadsheet holds exactly."""
TITLES = (
    gettext_noop("Control"),
    gettext_noop("Lowers"),
    gettext_noop("Status"),
    gettext_noop("Effectiveness, %"),
    gettext_noop("Counts at least, 1/10,000"),
    gettext_noop("at most"),
    gettext_noop("Because"),
    gettext_noop("What shows it"),
    gettext_noop("Owner"),
    gettext_noop("Due"),
    gettext_noop("Takes off now, low end"),
    gettext_noop("high end"),
    gettext_noop("Once verified, low end"),
    gettext_noop("high end"),
    "",
    gettext_noop("Status"),
    gettext_noop("At least, %"),
    gettext_noop("At most, %"),
)
VIEW_TITLES = (
    gettext_noop("As recorded"),
    gettext_noop("Reads"),
    gettext_noop("Low end"),
    gettext_noop("High end"),
    gettext_noop("By points alone"),
)
SIZES = (44, 26, 13, 10, 11, 11, 44, 44, 20, 14, 11, 11, 11, 11, 4, 13, 9, 9)


def write_controls(sheet: Worksheet, content: ReportContent, method: Method) -> None:
    """One row a control; beside them what each status lets count; below them the three views."""
    header(sheet, TITLES)
    for row, (status, (least, most)) in enumerate(((one, method.credit[one]) for one in STATUSES), FIRST):
        put(sheet, f"P{row}", status)
        put(sheet, f"Q{row}", least)
        put(sheet, f"R{row}", most)
    for row, line in enumerate(content.controls, FIRST):
        _control(sheet, row, line)
    last = FIRST + len(content.controls) - 1
    one_of = DataValidation(type="list", formula1=f'"{",".join(STATUSES)}"', allow_blank=False)
    one_of.add(f"C{FIRST}:C{last}")
    percent = DataValidation(type="whole", operator="between", formula1="0", formula2="100")
    percent.add(f"D{FIRST}:D{last}")
    sheet.add_data_validation(one_of)
    sheet.add_data_validation(percent)
    _views(sheet, content, max(FIRST + len(content.controls), FIRST + len(STATUSES)) + 1)
    widths(sheet, dict(zip("ABCDEFGHIJKLMNOPQR", SIZES, strict=True)))
    printable(sheet)
    sheet.freeze_panes = "B2"
    protected(sheet)


def _control(sheet: Worksheet, row: int, line: ControlLine) -> None:
    texts = {"A": line.title, "B": ", ".join(key for key, _ in line.factors), "C": line.status.lower(),
             "G": line.because, "H": line.evidence, "I": line.owner, "J": line.due_on}  # fmt: skip
    for column, text in texts.items():
        put(sheet, f"{column}{row}", text, WRAP)
    sheet[f"D{row}"] = line.effectiveness
    for column, share in (("E", "Q"), ("F", "R")):
        sheet[f"{column}{row}"] = f"=D{row}*INDEX(${share}$2:${share}$5,MATCH(C{row},$P$2:$P$5,0))"
    for column, numerator in zip("KLMN", (*line.now_ends, *line.verified_ends), strict=True):
        sheet[f"{column}{row}"] = f"={numerator}/Assessment!$T$2"
        sheet[f"{column}{row}"].number_format = "0.00000"
    for column in "CD":
        open_to_change(sheet, f"{column}{row}")


def _views(sheet: Worksheet, content: ReportContent, row: int) -> None:
    header(sheet, VIEW_TITLES, row=row)
    for at, view in enumerate(content.views, row + 1):
        put(sheet, f"A{at}", view.name)
        put(sheet, f"B{at}", view.meaning, WRAP)
        sheet[f"C{at}"], sheet[f"D{at}"] = map(float, view.interval.values)
        sheet[f"C{at}"].number_format = sheet[f"D{at}"].number_format = "0.0"
        put(sheet, f"E{at}", view.by_points.word)


def rows_of(content: ReportContent) -> Mapping[str, int]:
    """Key of a control -> its row."""
    return {line.key: row for row, line in enumerate(content.controls, FIRST)}


def is_live(line: FactorLine, content: ReportContent) -> bool:
    """Whether formulas give exactly what the controls on this factor leave of its level."""
    on_it = [one for one in content.controls if one.key in line.controls]
    return len(on_it) <= MOST_LIVE and all(one.credit[1] % 100 == 0 for one in on_it)


def left_of(level: tuple[str, str], rows: list[int]) -> tuple[str, str]:
    """The formulas of both ends behind the controls in those rows: all of them at their best, rounded down;
    the best proven one alone, rounded up."""
    shares = "".join(f"*(10000-Controls!$F${row})/100" for row in rows)
    best = f"MAX({','.join(f'Controls!$E${row}' for row in rows)})"
    low = f"INT(({level[0]}){shares}/{100 ** len(rows)})"
    return low, f"-INT(-({level[1]})*(10000-{best})/10000)"
