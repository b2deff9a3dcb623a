"""The sheet "Tornado": what one answer alone moves, sorted by formulas, so that it follows every change.

Left the factors by how far the top falls, as page and PDF list them; right what that is computed from, one row a
factor, beside its row on "Assessment". No function newer than LARGE and SUMPRODUCT.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from openpyxl.worksheet.worksheet import Worksheet

from riskassess.reports.shape import ReportContent
from riskassess.reports.styling import LEFT, QUIET, bars, header, printable, protected, put, widths
from riskassess.scoring.method import Method

FIRST = 2
TITLES = (
    gettext_noop("No."),
    gettext_noop("Factor"),
    gettext_noop("Top of the risk falls by, if best"),
    gettext_noop("Bottom rises by, if worst"),
    "",
    gettext_noop("Factor, as on the sheet Assessment"),
    gettext_noop("In the order of keys"),
    gettext_noop("Fall, numerator"),
    gettext_noop("Rise, numerator"),
    gettext_noop("Place"),
)
TENTHS = '[=0]"";[<0.05]"<0.1";0.0'
NOTE = gettext_noop(
    "Points of risk if that answer alone is settled, all else unchanged. Several together can move more."
)


def write_tornado(sheet: Worksheet, content: ReportContent, method: Method) -> None:
    """Every factor; those that move nothing stand last, without figures."""
    header(sheet, TITLES)
    last = FIRST + len(content.factors) - 1
    in_order = {key: at for at, key in enumerate(sorted(line.key for line in content.factors))}
    for row, line in enumerate(content.factors, FIRST):
        _placed(sheet, row, last)
        put(sheet, f"F{row}", f"{line.key} {line.name}")
        sheet[f"G{row}"] = in_order[line.key]
        _moves(sheet, row, last, method.peak_share)
    bars(sheet, f"C{FIRST}:D{last}")
    put(sheet, f"B{last + 2}", _(NOTE))
    sheet[f"B{last + 2}"].font = QUIET
    widths(sheet, dict(zip("ABCDEFGHIJ", (6, 44, 30, 30, 4, 44, 12, 18, 18, 8), strict=True)))
    printable(sheet, f"A1:D{last + 2}")
    sheet.freeze_panes = "C2"
    protected(sheet)


def _placed(sheet: Worksheet, row: int, last: int) -> None:
    """The factor of one place, and what it moves in points."""
    sheet[f"A{row}"] = row - FIRST + 1
    sheet[f"A{row}"].alignment = LEFT
    for column, found, over in (
        ("B", "F", ""),
        ("C", "H", "/Assessment!$T$2"),
        ("D", "I", "/Assessment!$T$2"),
    ):
        at = f"MATCH($A{row},$J${FIRST}:$J${last},0)"
        sheet[f"{column}{row}"] = f"=INDEX(${found}${FIRST}:${found}${last},{at}){over}"
    sheet[f"C{row}"].number_format = sheet[f"D{row}"].number_format = TENTHS


def _moves(sheet: Worksheet, row: int, last: int, share: int) -> None:
    """What one factor moves, in numerators, as the method's section 2.9 has it: only the two largest peaks matter."""
    weight, x_low, x_high = (f"Assessment!{column}{row}" for column in "BKL")
    peak_low, peak_high = (f"Assessment!{column}{row}" for column in "MN")
    tops = f"Assessment!$N${FIRST}:$N${last}"
    narrowed = f"10000*{weight}*({x_high}-{x_low})"
    others = f"IF({peak_high}=MAX({tops}),LARGE({tops},2),MAX({tops}))"
    base, peak = f"(Assessment!$T$4-{narrowed})", f"100*Assessment!$T$1*MAX({others},{peak_low})"
    sheet[f"H{row}"] = f"=Assessment!$T$8-{base}-MAX(0,{peak}-{base})*{share}/100"
    base, peak = f"(Assessment!$T$3+{narrowed})", f"MAX(Assessment!$T$5,100*Assessment!$T$1*{peak_high})"
    sheet[f"I{row}"] = f"={base}+MAX(0,{peak}-{base})*{share}/100-Assessment!$T$7"
    falls, rises, keys = (f"${column}${FIRST}:${column}${last}" for column in "HIG")
    sheet[f"J{row}"] = (
        f"=1+SUMPRODUCT(({falls}>H{row})+({falls}=H{row})*({rises}>I{row})"
        f"+({falls}=H{row})*({rises}=I{row})*({keys}<G{row}))"
    )
    for column in "HI":
        sheet[f"{column}{row}"].number_format = "0"
