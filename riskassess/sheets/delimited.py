"""Text tables (.csv, .tsv): which encoding, which delimiter, and the rows as text."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from riskassess.kernel.errors import InvalidInput
from riskassess.sheets.aligned import aligned_table
from riskassess.sheets.engine import check_size, too_large
from riskassess.sheets.limits import Limits
from riskassess.sheets.results import Cell

_DELIMITERS = ",;\t|"
_SEP_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_SAMPLE_ROWS = 60
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_LEAST_DIVIDED = 3  # judgement: names of companies have a comma in them
_ESCAPED_QUOTE = re.compile(r'(?<!\\)\\"(?=[^,;\t|\r\n])')
_UNQUOTED = 100  # times the columns we read: so many delimiters are no text inside quotes


def read_text_table(data: bytes, name: str, limits: Limits) -> tuple[int, list[list[Cell]]]:
    """The number of lines before the table (Excel's `sep=;` line) and its rows, all equally long, all text.

    InvalidInput when it is no text, has a quote that never closes, or is too large.
    """
    text = _decoded(data, name)
    skipped = 0
    if told := _SEP_LINE.match(text):
        delimiter, text, skipped = told[1], text[told.end() :], 1
    else:
        delimiter = _delimiter_of(text)
        if aligned := aligned_table(text, delimiter):
            width = max(map(len, aligned))
            check_size(len(aligned), width, name, limits)
            return 0, [_padded(record, width) for record in aligned]
    records = _records(text, delimiter, name, limits)
    if all(not any(record[1:]) for record in records):
        lines = [record[0] if record else "" for record in records]
        if divided := division_of_lines(lines):  # each line was quoted whole, as if it were a single cell
            records = [next(csv.reader([line], delimiter=divided), []) for line in lines]
    width = max(map(len, records), default=0)
    check_size(len(records), width, name, limits)
    return skipped, [_padded(record, width) for record in records]


def division_of_lines(lines: Sequence[str]) -> str:
    """The delimiter that divides every line that is not blank into as many parts, three at least; '' for none."""
    filled = [line for line in lines if line.strip()]
    for delimiter in _DELIMITERS if len(filled) > 1 and not any("\n" in line for line in filled) else "":
        try:
            widths = {len(parts) for parts in csv.reader(filled, delimiter=delimiter)}
        except csv.Error:
            continue
        if len(widths) == 1 and min(widths) >= _LEAST_DIVIDED:
            return delimiter
    return ""


def _padded(record: list[str], width: int) -> list[Cell]:
    row: list[Cell] = [None if not value or value.isspace() else value for value in record]
    return row + [None] * (width - len(record))


def _decoded(data: bytes, name: str) -> str:
    """UTF-8, -16 or -32 where the bytes say so, else what Excel writes on Windows, or where lines end so, on a Mac."""
    if data.startswith(
        (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
    ):  # of which the first begins as UTF-16 does
        encodings = ["utf-32"]
    elif data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif _is_every_other_zero(data, 1):
        encodings = ["utf-16-le"]
    elif _is_every_other_zero(data, 0):
        encodings = ["utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252" if b"\n" in data or b"\r" not in data else "mac-roman"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        text = text.rstrip("\0")
        if "\0" not in text:
            return text
    raise InvalidInput(
        "The file is not a table in plain text.",
        hint="Save the table as .xlsx, or as .csv in UTF-8, and send that.",
        where=name,
    )


def _is_every_other_zero(data: bytes, first: int) -> bool:
    """Whether the text is in UTF-16 without a mark: of most letters one of the two bytes is zero."""
    return data[first:200:2].count(0) > 40 or (len(data) < 200 and not data[first::2].strip(b"\0"))


def _delimiter_of(text: str) -> str:
    """The delimiter by which most of the first rows come out equally wide, and wide."""
    sample = text[:100_000]

    def evenness(delimiter: str) -> tuple[float, int]:
        widths = [len(row) for row in islice(_lenient(sample, delimiter), _SAMPLE_ROWS) if row]
        if not widths:
            return 0.0, 0
        width, count = Counter(widths).most_common(1)[0]
        return (round(count / len(widths), 1), width) if width > 1 else (0.0, 0)

    return max(_DELIMITERS, key=evenness)


def _lenient(text: str, delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return []


def _records(text: str, delimiter: str, name: str, limits: Limits) -> list[list[str]]:
    """All records. Quotes are read strictly first: only so does an unclosed one show."""
    ways = [(text, True), (text, False)]
    if '\\"' in text:  # some programs write `\"` where others double the quote
        ways.insert(1, (_ESCAPED_QUOTE.sub('""', text), True))
    for at, (written, strict) in enumerate(ways, 1):
        reader = csv.reader(_lines(written, delimiter, name, limits), delimiter=delimiter, strict=strict)
        try:
            return _within(reader, name, limits)
        except csv.Error as error:
            unclosed = "end of data" in str(error)
            if (unclosed and at == len(ways) - 1) or not strict:
                what = "A quote is opened and never closed." if unclosed else "The table cannot be read on."
                raise InvalidInput(
                    what,
                    hint="Check the quotes near that line, or send the table as .xlsx.",
                    where=f"{name}, line {reader.line_num}",
                ) from error
    raise AssertionError("the lenient reading returns or raises")


def _lines(text: str, delimiter: str, name: str, limits: Limits) -> Iterator[str]:
    """The lines with their ends, one at a time. One of far too many columns is refused before it is split."""
    for match in _LINE.finditer(text):
        line = match.group()
        if len(line) > limits.columns and (count := line.count(delimiter)) > _UNQUOTED * limits.columns:
            raise too_large(name, f"{count + 1:,} columns", f"{limits.columns:,}")
        yield line


def _within(reader: Iterator[list[str]], name: str, limits: Limits) -> list[list[str]]:
    """The records, no more of them than are read at all: the check of the size says how many there are."""
    records: list[list[str]] = []
    cells = 0
    for record in islice(reader, limits.rows + 1):
        records.append(record)
        cells += len(record)
        if len(record) > limits.columns or cells > limits.cells:
            check_size(len(records), max(map(len, records)), name, limits)
    return records
