"""The two sheets that compute: "Assessment" with the formulas of the method, "Method" with its widths.

Columns and cells are those of the method's section on live formulas. There is no filter on "Assessment":
the totals stand beside the factors, and hiding a row would hide them. Yellow cells are open to change, all
others are protected, without a password: against a slip of the hand, not against the reader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from riskassess.reports import control_sheet, gate_sheet
from riskassess.reports.figures import lines_text
from riskassess.reports.parts import FactorLine
from riskassess.reports.shape import ReportContent
from riskassess.reports.styling import (
    BOLD,
    FIXED,
    QUIET,
    WRAP,
    bars,
    header,
    open_to_change,
    printable,
    protected,
    put,
    widths,
)
from riskassess.scoring.method import DECISIONS, Method
from riskassess.scoring.ranges import FULL
from riskassess.sheets.writing import row_height

FIRST = 2
COLUMNS = (
    gettext_noop("Factor"),
    gettext_noop("Weight w"),
    gettext_noop("Peak share s, %"),
    gettext_noop("Exposure e, low"),
    gettext_noop("Exposure e, high"),
    gettext_noop("Level 0 to 4"),
    gettext_noop("Tier 0 to 5"),
    gettext_noop("Interest, or why values stand here"),
    gettext_noop("v low"),
    gettext_noop("v high"),
    gettext_noop("x low"),
    gettext_noop("x high"),
    gettext_noop("s·x low"),
    gettext_noop("s·x high"),
    gettext_noop("Points, low end"),
    gettext_noop("Points, high end"),
    gettext_noop("Binding at the top"),
    gettext_noop("Top falls by, if best"),
)
WIDTHS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWX",
        (46, 8, 8, 9, 9, 7, 7, 30, 8, 8, 10, 10, 12, 12, 10, 10, 9, 10, 64, 18, 9, 9, 9, 110),
        strict=True,
    )
)
TOO_MANY = gettext_noop("more controls than formulas hold exactly: values")


def write_assessment(sheet: Worksheet, content: ReportContent, method: Method) -> None:
    """One row a factor, the totals beside them in column T, the gates below the totals."""
    header(sheet, COLUMNS)
    last = last_row(content)
    controls = control_sheet.rows_of(content)
    tops: dict[str, tuple[int, str]] = {}
    for row, line in enumerate(content.factors, FIRST):
        on_it = {key: controls[key] for key in line.controls} if control_sheet.is_live(line, content) else {}
        if _factor(sheet, row, last, line, method, on_it):
            tops[line.key] = (row, _live_ends(row)[1])
    _totals(sheet, last, content, method)
    gate_sheet.write_gates(sheet, content, tops)
    _choices(sheet, last, list(tops.values()))
    bars(sheet, f"O{FIRST}:P{last}")
    widths(sheet, WIDTHS)
    printable(sheet, f"A1:R{last}", f"S1:X{gate_sheet.last_row(content)}")
    sheet.freeze_panes = "B2"
    protected(sheet)


def last_row(content: ReportContent) -> int:
    return FIRST + len(content.factors) - 1


def _choices(sheet: Worksheet, last: int, live: Sequence[tuple[int, str]]) -> None:
    """What may be entered: whole weights; of a factor that follows its level, one level, one tier, one interest."""
    weight = DataValidation(type="whole", operator="between", formula1="0", formula2="100", allow_blank=False)
    weight.add(f"B{FIRST}:B{last}")
    sheet.add_data_validation(weight)
    for column, words in (("F", "0,1,2,3,4"), ("G", "0,1,2,3,4,5"), ("H", "self,adverse,neutral")):
        one_of = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True)
        for row, _high in live:
            one_of.add(f"{column}{row}")
        if live:
            sheet.add_data_validation(one_of)


def _factor(
    sheet: Worksheet, row: int, last: int, line: FactorLine, method: Method, controls: Mapping[str, int]
) -> bool:
    """The row of a factor; whether it follows what is entered as its level."""
    name = f"{line.key} {line.name}"
    if line.unsupported:
        put(sheet, f"A{row}", f"{name}: {_('unsupported, no source on record')}", WRAP)
        sheet.row_dimensions[row].height = row_height(2)
    else:
        put(sheet, f"A{row}", name)
    sheet[f"B{row}"] = line.weight
    open_to_change(sheet, f"B{row}")
    sheet[f"C{row}"] = method.classes[line.klass]
    sheet[f"D{row}"], sheet[f"E{row}"] = line.exposure_ends
    is_live = _level(sheet, row, line, method, controls)
    r, tops = row, f"$N${FIRST}:$N${last}"
    sheet[f"K{r}"], sheet[f"L{r}"] = f"=D{r}*I{r}", f"=E{r}*J{r}"
    sheet[f"M{r}"], sheet[f"N{r}"] = f"=C{r}*K{r}", f"=C{r}*L{r}"
    sheet[f"O{r}"], sheet[f"P{r}"] = f"=10000*B{r}*K{r}/$T$2", f"=10000*B{r}*L{r}/$T$2"
    sheet[f"Q{r}"] = f"=AND(N{r}>0,N{r}=MAX({tops}))"
    sheet[f"R{r}"] = f"=Tornado!H{r}/$T$2"
    for column in "OPR":
        sheet[f"{column}{r}"].number_format = "0.00000"
    return is_live


def _level(sheet: Worksheet, row: int, line: FactorLine, method: Method, controls: Mapping[str, int]) -> bool:
    """Level, tier and interest with the live interval where it gives the recorded one, else values.

    Controls on the factor act on either, as rows of their own sheet.
    """
    live = live_inputs(line, method) if controls or not line.controls else None
    sheet[f"G{row}"] = line.tier if line.evidence or line.tier else None
    if live is None:
        ends = line.bare_ends if controls else line.level_ends
        put(sheet, f"H{row}", why_values(line) if controls or not line.controls else _(TOO_MANY))
        low, high = str(ends[0]), str(ends[1])
        put(sheet, f"F{row}", "–")  # not blank: blank is unknown
        for column in "FGHIJ":
            sheet[f"{column}{row}"].fill = FIXED
    else:
        level, interest = live
        sheet[f"F{row}"] = level
        put(sheet, f"H{row}", interest)
        low, high = _live_ends(row)
        for column in "FGH":
            open_to_change(sheet, f"{column}{row}")
    if controls:
        low, high = control_sheet.left_of((low, high), list(controls.values()))
    for column, end in (("I", low), ("J", high)):
        sheet[f"{column}{row}"] = int(end) if end.isdigit() else f"={end}"
    return live is not None


def _live_ends(row: int) -> tuple[str, str]:
    empty = f'OR(F{row}="",G{row}="",G{row}=0)'
    narrow, wide = f"INDEX(Method!$C$2:$C$7,G{row}+1)", f"INDEX(Method!$B$2:$B$7,G{row}+1)"
    return (
        f'IF({empty},0,MAX(0,2500*F{row}-IF(H{row}="self",{narrow},{wide})))',
        f'IF({empty},{FULL},MIN({FULL},2500*F{row}+IF(H{row}="adverse",{narrow},{wide})))',
    )


def live_inputs(line: FactorLine, method: Method) -> tuple[int | None, str] | None:
    """(level, interest) from which the formula gives exactly the interval before controls; None where it cannot."""
    if line.bare_ends == (0, FULL) and not line.evidence and not line.rule:
        return None, ""
    if len(line.evidence) != 1 or line.state not in ("known", "unknown", "na"):
        return None
    level, interest = line.evidence[0].single_level, line.evidence[0].interest_key
    if level is None:
        return None
    down = method.narrow[line.tier] if interest == "self" else method.wide[line.tier]
    up = method.narrow[line.tier] if interest == "adverse" else method.wide[line.tier]
    found = (max(0, 2500 * level - down), min(FULL, 2500 * level + up))
    return (level, interest) if found == line.bare_ends else None


def why_values(line: FactorLine) -> str:
    """Why this row holds values instead of formulas."""
    if line.state == "declined":
        return _("declined to answer: values")
    if line.state in ("rule", "na") and line.rule:
        return _("set by rule (%(rule)s): values") % {"rule": line.rule}
    if len(line.evidence) > 1:
        return _("several items: values")
    if line.evidence and line.evidence[0].single_level is None:
        return _("a range as answer: values")
    return _("adjusted by rule: values")


def _totals(sheet: Worksheet, last: int, content: ReportContent, method: Method) -> None:
    def rows(column: str) -> str:
        return f"{column}{FIRST}:{column}{last}"

    approve, conditional, reject = method.thresholds
    covered = f'(({rows("G")})>={method.covered_from_tier})*(({rows("F")})<>"")'
    exposed, backed = (
        f"SUMPRODUCT({rows('B')},{rows('E')})",
        f"SUMPRODUCT({rows('B')},{rows('E')},{covered}*1)",
    )
    least = f"SUMPRODUCT({rows('B')},{rows('D')},{covered}*1)"
    need = method.coverage_percent
    share = method.peak_share
    gates = f"W{gate_sheet.FIRST}:W{gate_sheet.last_row(content)}"
    lines: tuple[tuple[str, str | int, str], ...] = (
        (_("W, sum of weights"), f"=SUM({rows('B')})", ""),
        (_("D, the denominator"), "=100000000*T1", "0"),
        (_("A', base, low end"), f"=10000*SUMPRODUCT({rows('B')},{rows('K')})", "0"),
        (_("A', base, high end"), f"=10000*SUMPRODUCT({rows('B')},{rows('L')})", "0"),
        (_("M', peak, low end"), f"=100*T1*MAX({rows('M')})", "0"),
        (_("M', peak, high end"), f"=100*T1*MAX({rows('N')})", "0"),
        (_("R', risk, low end"), f"=T3+MAX(0,T5-T3)*{share}/100", "0"),
        (_("R', risk, high end"), f"=T4+MAX(0,T6-T4)*{share}/100", "0"),
        (_("Risk shown, low end (rounded down)"), "=INT(10*T7/T2)/10", "0.0"),
        (_("Risk shown, high end (rounded up)"), "=-INT(-10*T8/T2)/10", "0.0"),
        (
            _("Rank by points: 0 approve to 3 reject"),
            f"=IF(T7>={reject}*T2,3,IF(T8<{approve}*T2,0,IF(T8<{conditional}*T2,1,2)))",
            "0",
        ),
        (
            _("Coverage, share on tier %(tier)s or better") % {"tier": method.covered_from_tier},
            f"=IF({exposed}=0,1,{backed}/{exposed})",
            "0.0%",
        ),
        (
            _("Coverage is at least %(needed)s %%, whatever the profile turns out to be") % {"needed": need},
            f"=AND(100*{backed}>={need}*{exposed},100*{least}>={need}*({exposed}-{backed}+{least}))",
            "",
        ),
        (_("Rank with coverage"), "=IF(AND(T11=0,NOT(T13)),1,T11)", "0"),
        (_("Rank by gates"), f"=MAX({gates})", "0"),
        (_("Rank by errors in the offering's data (0 none, 2 some)"), 2 if content.block.errors else 0, "0"),
        (_("Rank, final"), "=MAX(T14,T15,T16)", "0"),
        (_("Decision"), f"=CHOOSE(T17+1,{','.join(_quoted(word) for word in DECISIONS)})", ""),
    )
    for row, (label, formula, number_format) in enumerate(lines, 1):
        put(sheet, f"S{row}", label)
        sheet[f"T{row}"] = formula
        sheet[f"T{row}"].number_format = number_format or "General"
        sheet[f"S{row}"].font = sheet[f"T{row}"].font = BOLD if row in (9, 10, 18) else QUIET


def _quoted(word: str) -> str:
    return f'"{word}"'


def write_method(sheet: Worksheet, method: Method) -> None:
    """Widths by tier, in hundredths of a point; then the thresholds and the factors' own anchors."""
    header(sheet, (gettext_noop("Tier"), gettext_noop("Wide"), gettext_noop("Narrow")))
    for tier in range(6):
        sheet.append([tier, method.wide[tier], method.narrow[tier]])
    put(sheet, "E1", _("Method"))
    put(sheet, "F1", f"{method.version}. {method.judgement}")
    numbers: tuple[tuple[str, str | int], ...] = (
        (_("Widths"), _("hundredths of a point; tier 0 says nothing, so anything is possible")),
        (_("Approve under"), method.thresholds[0]),
        (_("Conditional under"), method.thresholds[1]),
        (_("Reject from"), method.thresholds[2]),
        (_("Coverage needed, %"), method.coverage_percent),
        (_("Peak share, %"), method.peak_share),
        (_("Lines"), lines_text(method)),
    )
    for row, (label, value) in enumerate(numbers, 2):
        put(sheet, f"E{row}", label)
        put(sheet, f"F{row}", value)
    titles = (
        gettext_noop("Factor"),
        gettext_noop("Question"),
        gettext_noop("Level 0, best"),
        "1",
        "2",
        "3",
        gettext_noop("4, worst"),
        gettext_noop("Exposure rule"),
        gettext_noop("References"),
    )
    header(sheet, titles, row=10)
    for row, factor in enumerate((*method.risk_factors, *method.opportunity_factors), 11):
        texts = (
            f"{factor.key} {factor.name}",
            factor.question,
            *factor.anchors,
            factor.exposure_text,
            factor.references,
        )
        for column, text in enumerate(texts, 1):
            put(sheet, sheet.cell(row, column).coordinate, text, WRAP)
    widths(sheet, {"A": 32, "B": 48, "C": 30, "D": 30, "E": 30, "F": 36, "G": 30, "H": 18, "I": 40})
    printable(sheet)
    sheet.freeze_panes = "B2"
    protected(sheet)
