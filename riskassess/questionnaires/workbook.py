"""An inquiry as a workbook: one row a question, drop-downs, a note, a document; only the yellow cells can be typed in.

Whoever holds it sees what the link shows and no more: nothing of the assessment, its use, its score.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date
from typing import Any

import xlsxwriter
from django.conf import settings

from riskassess.questionnaires.cells import CANNOT, Cells, Value, cells_of, lettered, options
from riskassess.questionnaires.models import Inquiry, InquiryQuestion, InquiryRequest, VendorAnswer
from riskassess.questionnaires.stamp import stamp_of
from riskassess.sheets.writing import PAPERS, clean_text, looks_like_formula

QUESTIONS, REQUESTS, LISTS, STAMP = "Questions", "What we ask for", "Lists", "Stamp"
TITLES = ("No.", "Question", "Help, and what would show it", "Your answer", "If you cannot answer", "Note",
          "Document that shows it")  # fmt: skip
FIRST_INPUT = 3  # the column of the answer
_WIDTHS = (5, 44, 44, 34, 18, 32, 26)
_LINE = 15  # points of a line
_MOST_HEIGHT = 400
HEADER_ROW = 3
_TYPED = {
    InquiryQuestion.Kind.NUMBER: "A number.",
    InquiryQuestion.Kind.DATE: "A day, such as 2026-11-24.",
    InquiryQuestion.Kind.COUNTRY: "A country, by its name or two letters.",
    InquiryQuestion.Kind.COUNTRIES: "Countries, with commas between them; ANY for anywhere.",
    InquiryQuestion.Kind.ONE: "One of these:",
    InquiryQuestion.Kind.MANY: "Any of these, by their letters, such as “a, c”:",
}
HOW = (
    "Answer in the yellow cells; everything else is locked and is not read. What you do not know, say so: that is an "
    "answer too. Send the file back, or upload it on the page behind your link."
)


def inquiry_workbook(
    inquiry: Inquiry,
    rows: Sequence[tuple[InquiryQuestion, VendorAnswer | None]],
    requests: Sequence[InquiryRequest] = (),
) -> bytes:
    """The workbook, filled with what was said so far."""
    buffer = io.BytesIO()
    options_ = {"strings_to_urls": False, "strings_to_formulas": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, {**options_, "in_memory": True}) as book:
        created = inquiry.created_at.astimezone(UTC).replace(tzinfo=None)
        book.set_properties({"title": clean_text(f"Questions about {inquiry.about}"), "created": created})
        sheets = {name: book.add_worksheet(name) for name in (QUESTIONS, *([REQUESTS] if requests else ()))}
        lists, stamp = book.add_worksheet(LISTS), book.add_worksheet(STAMP)
        formats = _Formats(book)
        cells = [(question, cells_of(question, answer)) for question, answer in rows]
        closed = {question.pk for question, answer in rows if answer is not None and answer.review}
        _questions(sheets[QUESTIONS], lists, formats, inquiry, cells, closed)
        if requests:
            _requests(sheets[REQUESTS], formats, inquiry, requests)
        stamp.write_string(0, 0, stamp_of(inquiry, cells))
        for hidden in (lists, stamp):
            hidden.protect()
            hidden.very_hidden()
    return buffer.getvalue()


class _Formats:
    """The few ways a cell looks."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        plain = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D9D6CF"}
        typed = {**plain, "bg_color": "#FDF3D8", "locked": False}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.how = book.add_format({"text_wrap": True, "valign": "top"})
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1})
        self.group = book.add_format({"bold": True, "bg_color": "#EDEBE6"})
        self.text = book.add_format(plain)
        self.number = book.add_format({**plain, "align": "center"})
        self.quiet = book.add_format({**plain, "font_color": "#4C545D"})
        self.input = book.add_format(typed)
        self.quoted = book.add_format({**typed, "quote_prefix": True})
        self.day = book.add_format({**typed, "num_format": "yyyy-mm-dd"})
        self.closed = book.add_format({**plain, "bg_color": "#E2E0DB"})


def _questions(
    sheet: Any,
    lists: Any,
    formats: _Formats,
    inquiry: Inquiry,
    rows: Sequence[tuple[InquiryQuestion, Cells]],
    closed: set[int],
) -> None:
    last = len(TITLES) - 1
    sheet.write_string(0, 0, clean_text(f"Questions about {inquiry.about}"), formats.title)
    sheet.merge_range(1, 0, 1, last, HOW, formats.how)
    sheet.set_row(1, 2 * _LINE)
    for at, (title, width) in enumerate(zip(TITLES, _WIDTHS, strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(HEADER_ROW, at, title, formats.head)
    row, heading = HEADER_ROW, ""
    for number, (question, cells) in enumerate(rows):
        row += 1
        if question.heading != heading:
            heading = question.heading
            if heading:
                sheet.merge_range(row, 0, row, last, clean_text(heading), formats.group)
                row += 1
        _question(sheet, lists, formats, row, number, question, cells, question.pk in closed)
    sheet.freeze_panes(HEADER_ROW + 1, 2)
    sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})
    _printed(sheet, f"A1:{chr(ord('A') + last)}{row + 1}")
    sheet.repeat_rows(HEADER_ROW)


def _question(
    sheet: Any,
    lists: Any,
    formats: _Formats,
    row: int,
    number: int,
    question: InquiryQuestion,
    cells: Cells,
    is_closed: bool,
) -> None:
    help_ = clean_text(_help(question))
    text = clean_text(question.text)
    sheet.write_number(row, 0, question.position, formats.number)
    sheet.write_string(row, 1, text, formats.text)
    sheet.write_string(row, 2, help_, formats.quiet)
    values = (cells.answer, cells.cannot, cells.note, cells.document)
    for at, value in enumerate(values, FIRST_INPUT):
        _typed(sheet, row, at, value, formats.closed if is_closed else None, formats)
    texts = (text, help_, *cells.texts)
    widths = (*_WIDTHS[1:],)
    lines = max(_lines(text, width) for text, width in zip(texts, widths, strict=True))
    sheet.set_row(row, min(_MOST_HEIGHT, _LINE * max(2, lines)))
    if offered := options(question):
        for at, option in enumerate(offered):
            lists.write_string(at, number, clean_text(option))
        column = xlsxwriter.utility.xl_col_to_name(number, col_abs=True)
        source = f"={LISTS}!{column}$1:{column}${len(offered)}"
        sheet.data_validation(
            row, FIRST_INPUT, row, FIRST_INPUT, _listed(source, "Choose one of the answers.")
        )
    elif question.kind == InquiryQuestion.Kind.DATE:
        rule = {"validate": "date", "criteria": ">=", "value": date(1900, 3, 1), "error_type": "warning",
                "error_title": "A day", "error_message": _TYPED[InquiryQuestion.Kind.DATE]}  # fmt: skip
        sheet.data_validation(row, FIRST_INPUT, row, FIRST_INPUT, rule)
    elif question.kind == InquiryQuestion.Kind.NUMBER:
        rule = {"validate": "decimal", "criteria": "between", "minimum": -1e15, "maximum": 1e15,
                "error_type": "warning", "error_title": "A number", "error_message": "Such as 0.25."}  # fmt: skip
        sheet.data_validation(row, FIRST_INPUT, row, FIRST_INPUT, rule)
    reasons = [label for _, label in CANNOT]
    sheet.data_validation(
        row, FIRST_INPUT + 1, row, FIRST_INPUT + 1, _listed(reasons, "Choose a reason, or leave it empty.")
    )


def _listed(source: str | list[str], message: str) -> dict[str, Any]:
    return {"validate": "list", "source": source, "error_title": "The answer", "error_message": message}


def _typed(sheet: Any, row: int, at: int, value: Value, fixed: Any, formats: _Formats) -> None:
    if value is None or value == "":
        sheet.write_blank(row, at, None, fixed or formats.input)
    elif isinstance(value, date):
        sheet.write_datetime(row, at, value, fixed or formats.day)
    elif isinstance(value, int | float):
        sheet.write_number(row, at, value, fixed or formats.input)
    else:
        text = str(value)
        quoted = formats.quoted if looks_like_formula(text) else formats.input
        sheet.write_string(row, at, clean_text(text), fixed or quoted)


def _help(question: InquiryQuestion) -> str:
    """The question's help, what is typed, the answers that can be ticked, and what would show it."""
    kind = InquiryQuestion.Kind(question.kind)
    parts = [
        question.help,
        _TYPED.get(kind, ""),
        *(f"{letter}) {label}" for letter, label in lettered(question)),
        f"Shown by: {question.proof}" if question.proof else "",
    ]
    return "\n".join(part for part in parts if part)


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column of that width, about."""
    return sum(max(1, -(-len(line) // max(1, width - 2))) for line in text.split("\n"))


def _requests(sheet: Any, formats: _Formats, inquiry: Inquiry, requests: Sequence[InquiryRequest]) -> None:
    """What the buyer asks for: to be agreed, shown, changed or answered. Nothing is typed here."""
    titles = ["No.", "Topic", "What we ask for", "What would show it", "Where it comes from"]
    told = any(one.figures for one in requests)
    titles += ["What it does to our assessment"] if told else []
    widths = (5, 26, 60, 36, 40, 40)
    sheet.write_string(0, 0, clean_text(f"What we ask for: {inquiry.about}"), formats.title)
    for at, title in enumerate(titles):
        sheet.set_column(at, at, widths[at])
        sheet.write_string(2, at, title, formats.head)
    row = 2
    for row, one in enumerate(requests, 3):
        asked = "\n".join(filter(None, (one.question, f"{one.label}: {one.answer}" if one.answer else "")))
        cells = [one.topic, asked, one.proof, one.law, *([one.figures] if told else ())]
        sheet.write_number(row, 0, one.position, formats.number)
        for at, text in enumerate(cells, 1):
            sheet.write_string(row, at, clean_text(text), formats.text)
        lines = max(_lines(text, widths[at]) for at, text in enumerate(cells, 1))
        sheet.set_row(row, min(_MOST_HEIGHT, _LINE * lines))
    sheet.freeze_panes(3, 2)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    _printed(sheet, f"A1:{chr(ord('A') + len(titles) - 1)}{row + 1}")
    sheet.repeat_rows(2)


def _printed(sheet: Any, area: str) -> None:
    """Across, as wide as the page and as long as it takes."""
    sheet.set_landscape()
    sheet.set_paper(PAPERS[settings.REPORT_PAPER])
    sheet.fit_to_pages(1, 0)
    sheet.print_area(area)
    sheet.set_footer("&L&A&R&P / &N")
