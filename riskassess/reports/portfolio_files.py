"""Portfolio -> workbook, .csv and .json. Numbers are numbers, days days; what looks like a formula stays text."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.template.loader import render_to_string

from riskassess.reports.engine import printed
from riskassess.reports.parts import Interval
from riskassess.reports.portfolio import REGIMES, Entry, Portfolio, portfolio_json
from riskassess.reports.portfolio_charts import MOST_ON_MAP, grid_of, map_of
from riskassess.sheets.writing import ListColumn, ListSheet, Value, safe_text, write_lists_xlsx

PARTS = (
    ("all", "All assessments"),
    ("exposure", "Regulatory exposure"),
    ("map", "Risk and opportunity"),
    ("concentration", "Concentration"),
)
PRINTED = 20  # columns of the sheet of assessments that fit on paper
NOT_SAID = "not known"
NOT_SCORED = "not scored yet"
COLUMNS: tuple[tuple[ListColumn, Callable[[Entry], Value]], ...] = (
    (ListColumn("No.", 6), lambda one: one.number),
    (ListColumn("Offering", 34), lambda one: one.offering),
    (ListColumn("Use", 34), lambda one: one.use_case),
    (ListColumn("Unit", 18), lambda one: one.unit),
    (ListColumn("Computed", 13), lambda one: one.computed.word if one.computed else NOT_SCORED),
    (ListColumn("Decided", 13), lambda one: one.decided.word if one.decided else ""),
    (ListColumn("Standing", 14), lambda one: one.standing),
    (ListColumn("Stale", 8), lambda one: "stale" if one.stale else ""),
    (ListColumn("Risk, low end", 10, "0.0", bar="hundred"), lambda one: _end(one.risk, 0)),
    (ListColumn("Risk, high end", 10, "0.0", bar="hundred"), lambda one: _end(one.risk, 1)),
    (ListColumn("Bands", 18), lambda one: one.risk.words if one.risk else ""),
    (ListColumn("Opportunity, low end", 12, "0.0", bar="hundred"), lambda one: _end(one.opportunity, 0)),
    (ListColumn("Opportunity, high end", 12, "0.0", bar="hundred"), lambda one: _end(one.opportunity, 1)),
    (ListColumn("Coverage, %", 10, "0.0"), lambda one: Decimal(one.coverage) if one.coverage else None),
    (ListColumn("As of", 11), lambda one: one.as_of),
    (ListColumn("Due", 11), lambda one: one.due_on),
    (ListColumn("Review from", 11), lambda one: one.review_on),
    (ListColumn("Risk accepted until", 12), lambda one: one.accepted_until),
    (ListColumn("Conditions open", 10, "0"), lambda one: one.open_conditions),
    (ListColumn("Next condition due", 12), lambda one: one.next_condition),
    (ListColumn("Seller", 22), lambda one: one.seller or NOT_SAID),
    (ListColumn("Vendor group", 22), lambda one: one.group or NOT_SAID),
    (ListColumn("Host", 22), lambda one: one.host or NOT_SAID),
    (ListColumn("Operator", 22), lambda one: one.operator or NOT_SAID),
    (ListColumn("Lines", 12), lambda one: " / ".join(map(str, one.lines))),
    (ListColumn("Risk numerator, low end", 18, "0"), lambda one: one.risk.low if one.risk else None),
    (ListColumn("Risk numerator, high end", 18, "0"), lambda one: one.risk.high if one.risk else None),
    (ListColumn("Denominator", 16, "0"), lambda one: one.risk.denominator if one.risk else None),
    (ListColumn("Result", 66), lambda one: one.result),
)  # fmt: skip
EXPOSURE = tuple(
    (f"{title}, {end}", at, index)
    for at, (_, title) in enumerate(REGIMES)
    for index, end in enumerate(("low", "high"))
)


def _end(found: Interval | None, index: int) -> Decimal | None:
    return None if found is None else found.values[index]


def _severity(one: Entry, at: int, index: int) -> int | str | None:
    if not one.severities:
        return NOT_SCORED
    ends = one.severities[at]
    return None if ends is None else ends[index]


def portfolio_pdf(made: Portfolio) -> bytes:
    """The portfolio as a PDF, tagged for PDF/UA-1: cost linear in assessments."""
    page = {
        "p": made,
        "grid": grid_of(made.entries, made),
        "map": map_of(made),
        "on_map": MOST_ON_MAP,
        "today": made.today,
    }
    html = render_to_string("reports/portfolio_print.html", page)
    return printed(html, dict(PARTS), pdf_variant="pdf/ua-1")


def portfolio_workbook(made: Portfolio) -> bytes:
    """Sheets: what there is, the assessments, their regulatory exposure, concentration, read me."""
    assessments = ListSheet(
        "Assessments",
        [column for column, _ in COLUMNS],
        ([value(one) for _, value in COLUMNS] for one in made.entries),
        wrapped=True,
        printed=PRINTED,
    )
    exposure = ListSheet(
        "Regulatory exposure",
        [ListColumn("No.", 6), ListColumn("Offering", 34), ListColumn("Use", 34),
         *(ListColumn(title, 14, "0") for title, _, _ in EXPOSURE)],
        ([one.number, one.offering, one.use_case, *(_severity(one, at, end) for _, at, end in EXPOSURE)]
         for one in made.entries),
        wrapped=True,
    )  # fmt: skip
    return write_lists_xlsx(
        made.title,
        [_summary(made), assessments, exposure, _concentration(made), _read_me(made)],
        note=made.disclaimer,
        created=datetime.combine(made.today, datetime.min.time()),
        paper=settings.REPORT_PAPER,
    )


def _summary(made: Portfolio) -> ListSheet:
    rows: list[Sequence[Value]] = [("As of", made.today), ("Units", ", ".join(made.units))]
    return ListSheet("Summary", [ListColumn(made.title, 40), ListColumn("", 24)], [*rows, *made.counts])


def _concentration(made: Portfolio) -> ListSheet:
    columns = [
        ListColumn("By", 40), ListColumn("Group", 28), ListColumn("Its vendors", 34),
        ListColumn("Assessments", 12, "0", bar="greatest"), ListColumn("Share, %", 10, "0.0"),
        ListColumn("In force", 10, "0"), ListColumn("Review due", 10, "0"), ListColumn("Not scored yet", 10, "0"),
        ListColumn("Severest computed", 16), ListColumn("Highest risk", 12, "0.0"),
    ]  # fmt: skip
    rows = [
        (one.name, row.group, ", ".join(row.vendors or row.missing), row.count, Decimal(row.share),
         row.in_force, row.review_due, row.unscored, row.severest.word if row.severest else "",
         Decimal(row.highest) if row.highest else None)
        for one in made.concentrations
        for row in one.rows
    ]  # fmt: skip
    return ListSheet("Concentration", columns, rows, wrapped=True)


def _read_me(made: Portfolio) -> ListSheet:
    lines = (
        (
            "Risk, opportunity",
            "From the best to the worst value the evidence allows, in tenths, rounded outwards.",
        ),
        ("Numerators", "The exact risk: numerator over denominator, as in the report of each assessment."),
        ("Lines", "Approve under, conditional under, reject from: those each assessment was judged by."),
        (
            "Regulatory exposure",
            "Severity 0 to 4 of each regime, certain and possible. Empty: out of scope.",
        ),
        (
            "Concentration",
            "A group is a vendor's ultimate parent with all below it. An assessment may rest on two.",
        ),
        (
            "In force",
            "Approved, with conditions or without, and not due for review yet; then it is review due.",
        ),
        ("Review from", "From this day on an approval is due for review."),
        ("Please note", made.disclaimer),
    )
    return ListSheet("Read me", [ListColumn("", 24), ListColumn("", 110)], lines, wrapped=True)


def portfolio_csv(made: Portfolio) -> bytes:
    """One line an assessment, its exposure included; UTF-8 with the mark that Excel looks for."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([*(column.title for column, _ in COLUMNS), *(title for title, _, _ in EXPOSURE)])
    for one in made.entries:
        values = [
            *(value(one) for _, value in COLUMNS),
            *(_severity(one, at, end) for _, at, end in EXPOSURE),
        ]
        writer.writerow(list(_plain(values)))
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def _plain(values: Iterable[Value]) -> Iterable[Value]:
    for value in values:
        yield safe_text(value) if isinstance(value, str) else value


def portfolio_text(made: Portfolio) -> bytes:
    """The portfolio as JSON, readable."""
    return json.dumps(portfolio_json(made), ensure_ascii=False, indent=1).encode()
