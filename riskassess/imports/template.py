"""A workbook to fill in and import: one column a field, with drop-downs, notes and instructions; empty or filled.

Filled from the catalog and imported again it changes nothing: each cell says what the record says.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.conf import settings
from django.db.models import Prefetch, QuerySet

from riskassess.catalog.identity import normalised
from riskassess.catalog.models import Offering, Price
from riskassess.sheets.writing import PAPERS, clean_text

SHEET = "Models"
_ROWS = 5000  # rows with drop-downs in an empty template
_AT_ONCE = 2000
_PLAIN_UNIT = "1M tokens"
_STAGES = [str(value) for value, _ in Offering.Stage.choices]


@dataclass(frozen=True, slots=True)
class Head:
    """One column: its name, what to fill in, an example, and the words it takes where it takes no others."""

    title: str
    note: str
    example: str
    of: str  # "seller", "model.licence", "price.input"
    words: tuple[str, ...] = ()
    width: int = 16


HEADS = (
    Head("Vendor", "Who sells it to you. Needed in every row.", "Acme Cloud", "seller", width=22),
    Head("Model name", "As the vendor lists it. Needed in every row.", "Swift Large", "name", width=30),
    Head("Model ID", "The vendor's own id, if it has one.", "acme/swift-large-1", "listed_id", width=30),
    Head("Version", "If the vendor names one.", "2026-05", "model.version"),
    Head("Channel", "How it is bought, if there are several ways.", "Marketplace", "channel"),
    Head("Developer", "Who made the model, if it is not the vendor's.", "Bolt Labs", "developer", width=22),
    Head("Host", "On whose machines it runs.", "Acme Cloud", "host", width=22),
    Head("Family", "The family the model belongs to.", "Swift", "model.family"),
    Head("Modality", "What goes in and comes out.", "text", "model.modality"),
    Head("Context window", "Tokens it can read at once.", "128000", "model.context_tokens"),
    Head("Max output", "Tokens it can write at once.", "8192", "model.max_output_tokens"),
    Head("Knowledge cutoff", "The month or day its training data ends.", "2025-10", "model.knowledge_cutoff"),
    Head("Release date", "When the model was released.", "2026-05-04", "model.released"),
    Head("Licence", "Of the model, not of your contract.", "Apache-2.0", "model.licence"),
    Head("Open weights", "Whether the weights can be downloaded.", "no", "model.open_weights", ("yes", "no")),
    Head("Status", "The release stage.", "ga", "stage", tuple(_STAGES)),
    Head("Retirement date", "The last day, as 2027-03-31.", "2027-03-31", "retires_on"),
    Head("Documentation URL", "The vendor's page about it.", "https://example.com/swift", "docs_url", width=30),
    Head("Currency", "Of the prices in this row, in three letters.", "USD", "currency", width=10),
    Head("Input price per 1M tokens", "A number; 0 is free. In another unit: 0.04 USD per image.", "2.5",
         "price.input", width=18),
    Head("Output price per 1M tokens", "As for the input price.", "10", "price.output", width=18),
    Head("Cached input price per 1M tokens", "What is read from the cache.", "0.25", "price.cache_read",
         width=18),
    Head("Cache write price per 1M tokens", "What is written to the cache.", "3", "price.cache_write",
         width=18),
)  # fmt: skip

_KINDS = {head.of.removeprefix("price.") for head in HEADS if head.of.startswith("price.")}
_INSTRUCTIONS = (
    "One row for each model as it can be bought. Vendor and model name are needed; everything else may be empty.",
    "An empty cell says nothing: what is on record stays. n/a says that the question does not arise. 0 is free.",
    "Do not add up or merge cells. Columns may be left out or moved; further columns are kept with their rows.",
    "A row of a model that is known already changes what differs, and says so before anything is saved.",
    "Upload the workbook under Imports. You see what each row would do, and can undo the import afterwards.",
)


def template_xlsx(offerings: QuerySet[Offering] | None = None) -> bytes:
    """The workbook: empty, or filled with these offerings."""
    buffer = io.BytesIO()
    options = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": "AI models to import", "comments": "Made by Riskassess."})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        sheet = book.add_worksheet(SHEET)
        sheet.freeze_panes(1, 2)
        for at, head in enumerate(HEADS):
            sheet.set_column(at, at, head.width)
            sheet.write_string(0, at, head.title, bold)
            sheet.write_comment(0, at, f"{head.note}\nFor example: {head.example}", {"x_scale": 1.6})
        last = 0
        for last, cells in enumerate(_lines(offerings) if offerings is not None else (), start=1):
            _write_row(sheet, last, cells)
        for at, head in enumerate(HEADS):
            if head.words:
                rule = {
                    "validate": "list", "source": list(head.words), "error_type": "warning",
                    "error_title": head.title, "error_message": f"Usual words: {', '.join(head.words)}.",
                }  # fmt: skip
                sheet.data_validation(1, at, max(_ROWS, last), at, rule)
        _instructions(book, bold)
        for one in book.worksheets():
            one.set_landscape()
            one.set_paper(PAPERS[settings.REPORT_PAPER])
            one.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    return buffer.getvalue()


def _write_row(sheet: Any, row: int, cells: list[Any]) -> None:
    for at, value in enumerate(cells):
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            sheet.write_number(row, at, value)
        elif value is not None and value != "":
            sheet.write_string(row, at, clean_text(str(value)))


def _instructions(book: Any, bold: Any) -> None:
    sheet = book.add_worksheet("How to fill it in")
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 2, 60)
    row = 0
    for row, line in enumerate(_INSTRUCTIONS):
        sheet.write_string(row, 0, line)
    row += 2
    for at, title in enumerate(("The column", "What to fill in", "An example")):
        sheet.write_string(row, at, title, bold)
    for head in HEADS:
        row += 1
        sheet.write_string(row, 0, head.title)
        words = f" One of: {', '.join(head.words)}." if head.words else ""
        sheet.write_string(row, 1, head.note + words)
        sheet.write_string(row, 2, head.example)


# --- filled from the catalog ------------------------------------------------------------------------------


def _lines(offerings: QuerySet[Offering]) -> Iterator[list[Any]]:
    """A row for each offering that somebody sells. Two queries for two thousand of them."""
    prices = Price.objects.filter(condition="").order_by("as_of", "pk")
    sold = offerings.filter(seller__isnull=False).order_by("seller__name", "name", "channel", "pk")
    full = sold.select_related("seller", "host", "model__developer")
    for offering in full.prefetch_related(Prefetch("prices", prices)).iterator(chunk_size=_AT_ONCE):
        current = {price.kind: price for price in offering.prices.all()}
        yield [_cell(offering, current, head.of) for head in HEADS]


def _cell(offering: Offering, prices: dict[str, Price], of: str) -> Any:
    """What the record says, as a person would write it; None where nobody has said it."""
    record, _, attribute = of.rpartition(".")
    if record == "price":
        return _price(prices.get(attribute), _currency(prices))
    if of == "currency":
        return _currency(prices)
    if of in {"seller", "host"}:
        party = getattr(offering, of)
        return party.name if party else None
    if of == "developer":
        return offering.model.developer.name if offering.model.developer else None
    if of == "listed_id":
        return _listed_id(offering)
    source = offering.model if record else offering
    if attribute in source.not_applicable:
        return "n/a"
    value = getattr(source, attribute)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else value


def _listed_id(offering: Offering) -> str | None:
    """The seller's own id: what the identity goes by where that is not the name."""
    parts = offering.identity.split("|")
    called = parts[1] if len(parts) == 4 and "#" not in offering.identity else ""
    return called if called and called != normalised(offering.name) else None


def _currency(prices: dict[str, Price]) -> str:
    """The row's currency: that of its first price; '' where none says one."""
    said = [p.currency for p in prices.values() if p.amount is not None and p.kind in _KINDS]
    return said[0] if said else ""


def _price(price: Price | None, currency: str) -> Any:
    if price is None:
        return None
    if price.amount is None:
        return "n/a"
    amount = f"{price.amount.normalize():f}"
    if (price.unit, price.currency) == (_PLAIN_UNIT, currency):
        return Decimal(amount) if len(amount.replace(".", "").lstrip("0")) <= 15 else amount
    return f"{amount} {price.currency} per {price.unit}".replace("  ", " ")
