"""A comparison as PDF and as workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.template.loader import render_to_string

from riskassess.reports.comparison_tables import Row
from riskassess.reports.engine import printed
from riskassess.reports.glossary import GLOSSARY
from riskassess.reports.side_by_side import SideBySide
from riskassess.sheets.writing import ListColumn, ListSheet, Value, write_lists_xlsx

PARTS = (
    ("unlike", "What makes them unlike"),
    ("side", "Side by side"),
    ("differ", "Where they differ"),
    ("gates", "Gates"),
    ("opportunity", "Opportunity"),
    ("domains", "By domain"),
    ("unknown", "Not known"),
)


def comparison_pdf(found: SideBySide) -> bytes:
    """The comparison as a PDF, tagged for PDF/UA-1."""
    page = render_to_string("reports/compare_print.html", {"s": found, "glossary": GLOSSARY})
    return printed(page, dict(PARTS), pdf_variant="pdf/ua-1")


def comparison_workbook(found: SideBySide) -> bytes:
    """Sheets: verdict, what is unlike, intervals, factors, opportunity, domains, gates, what nobody knows."""
    return write_lists_xlsx(
        found.title,
        [_verdict(found), *_unlike(found), _intervals(found),
         _factors("Factors", found, (*found.tables.differing, *found.tables.same)),
         _factors("Opportunity", found, found.tables.opportunity), _domains(found), _gates(found), _unknown(found)],
        note=found.disclaimer,
        created=datetime.combine(found.as_of, datetime.min.time()),
        paper=settings.REPORT_PAPER,
    )  # fmt: skip


def _verdict(found: SideBySide) -> ListSheet:
    ruling = found.comparison.ruling
    rows: list[Sequence[Value]] = [("Result", ruling.word), ("", ruling.sentence)]
    rows += [("Certain", win) for win in ruling.wins]
    rows += [("Please note", text) for text in (*ruling.caveats, *found.comparison.flags)]
    if ruling.question:
        one = ruling.question
        rows += [(f"The separating question, about {one.offer}", f"{one.name} ({one.key}): {one.text}"),
                 ("Proof", one.proof), ("What its answer can do", f"{one.effect} Between {one.between}.")]  # fmt: skip
    unmatched = "Not matched by any other on both greatest risk and least opportunity"
    rows.append((unmatched, ", ".join(found.comparison.frontier)))
    for offer in found.comparison.offers:
        head, computed = offer.content.header, offer.content.block.decision.word
        said = f"{offer.name}. {head.use} Computed: {computed}. As of {head.as_of}, result {head.result_id}."
        rows.append((offer.letter, said))
    rows += [("Basis", found.basis), ("Disclaimer", found.disclaimer)]
    return ListSheet("Verdict", [ListColumn(found.title, 34), ListColumn("", 110)], rows, wrapped=True)


def _unlike(found: SideBySide) -> Iterable[ListSheet]:
    """A line for each fact that is not the same for all; no sheet where all is."""
    if not found.tables.unlike:
        return
    columns = [ListColumn("Fact", 30), *(ListColumn(one.letter, 20) for one in found.comparison.offers)]
    rows = [[row.fact, *(cell.text for cell in row.cells)] for row in found.tables.unlike]
    yield ListSheet("Unlike", columns, rows, wrapped=True)


def _intervals(found: SideBySide) -> ListSheet:
    columns = [
        ListColumn("Measure", 22), ListColumn("Offer", 7), ListColumn("Name", 36),
        ListColumn("Low end", 12, "0.0", bar="hundred"), ListColumn("High end", 12, "0.0", bar="hundred"),
        ListColumn("Numerator, low end", 26), ListColumn("Numerator, high end", 26), ListColumn("Denominator", 26),
    ]  # fmt: skip

    def rows() -> Iterable[Sequence[Value]]:
        for offer in found.comparison.offers:
            block, value = offer.content.block, offer.result.risk_adjusted
            for name, low, high, exact in (
                ("Risk", block.risk.shown_low, block.risk.shown_high,
                 (block.risk.low, block.risk.high, block.risk.denominator)),
                ("Opportunity", block.opportunity.shown_low, block.opportunity.shown_high,
                 (block.opportunity.low, block.opportunity.high, block.opportunity.denominator)),
                ("Risk-adjusted value", *value.shown, (value.low, value.high, value.denominator)),
            ):  # fmt: skip
                # Numerators as text: some are past what a spreadsheet holds exactly.
                yield name, offer.letter, offer.name, Decimal(low), Decimal(high), *map(str, exact)

    return ListSheet(
        "Intervals", columns, sorted(rows(), key=lambda row: (ORDER.index(str(row[0])), str(row[1])))
    )


ORDER = ("Risk", "Opportunity", "Risk-adjusted value")


def _factors(title: str, found: SideBySide, lines: Sequence[Row]) -> ListSheet:
    letters = [offer.letter for offer in found.comparison.offers]
    columns = [ListColumn("Factor", 11), ListColumn("Name", 34), ListColumn("Levels", 9)]
    for letter in letters:
        columns += [
            ListColumn(f"{letter}: level, low end", 11, "0.##", bar="hundred"),
            ListColumn(f"{letter}: level, high end", 11, "0.##", bar="hundred"),
            ListColumn(f"{letter}: points, low", 11, "0.0000"),
            ListColumn(f"{letter}: points, high", 11, "0.0000"),
            ListColumn(f"{letter}: says", 30),
        ]
    rows: list[list[Value]] = []
    for line in lines:
        row: list[Value] = [line.key, line.name, "differ" if line.differs else "same"]
        for cell in line.cells:
            ends = [Decimal(end) / 100 for end in cell.ends] if cell.ends else [None, None]
            row += [*ends, *map(Decimal, cell.points), cell.text or STATES.get(cell.state, cell.state)]
        rows.append(row)
    return ListSheet(title, columns, rows, wrapped=True)


STATES = {
    "na": "does not apply",
    "known": "answered",
    "rule": "set by rule",
    "unknown": "unknown",
    "declined": "declined",
}


def _domains(found: SideBySide) -> ListSheet:
    columns = [ListColumn("Domain", 26)]
    for offer in found.comparison.offers:
        columns += [ListColumn(f"{offer.letter}: risk, low end", 13, "0.0", bar="hundred"),
                    ListColumn(f"{offer.letter}: risk, high end", 13, "0.0", bar="hundred")]  # fmt: skip
    rows: list[Sequence[Value]] = [
        [row.name, *(end for cell in row.cells for end in cell.interval.values)]
        for row in found.tables.domains
    ]  # fmt: skip
    return ListSheet("Domains", columns, rows)


def _gates(found: SideBySide) -> ListSheet:
    columns = [ListColumn("Gate", 8), ListColumn("Title", 50)]
    columns += [ListColumn(f"{offer.letter}: state, imposes", 24) for offer in found.comparison.offers]
    rows = [
        [row.key, row.title,
         *(f"{cell.state}, {cell.applied.word}" if cell.applied else cell.state for cell in row.cells)]
        for row in found.tables.gates
    ]  # fmt: skip
    return ListSheet("Gates", columns, rows)


def _unknown(found: SideBySide) -> ListSheet:
    rows = [(one.about, key, name) for one in found.tables.unknown for key, name in one.factors]
    return ListSheet(
        "Not known", [ListColumn("About", 18), ListColumn("Factor", 12), ListColumn("Name", 44)], rows
    )
