"""What an .xlsx says beyond its values, found in its parts by a few patterns that cost milliseconds a megabyte."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from itertools import islice
from posixpath import join, normpath

from riskassess.sheets.extras import UNSAVED, Extras, error, far
from riskassess.sheets.limits import Limits

# Each repetition has a bound and stops at the next tag, so that no file makes a pattern slow.
_SHEET = re.compile(rb"<(?:[\w.-]{1,20}:)?sheet\s[^<>]{1,2000}>")
_RELATION = re.compile(rb"<(?:[\w.-]{1,20}:)?Relationship\s[^<>]{1,4000}>")
_ROW = re.compile(rb"<(?:[\w.-]{1,20}:)?row\s[^<>]{0,2000}>")
_COLUMNS = re.compile(rb"<(?:[\w.-]{1,20}:)?col\s[^<>]{0,1000}>")
_IS_ERROR = re.compile(rb"\st\s?=\s?[\"']e[\"']")
_FORMULA = re.compile(rb"<(?:[\w.-]{1,20}:)?f[\s/>]")
_RESULT = re.compile(
    rb"\s{0,8}(?:<(?:[\w.-]{1,20}:)?f(?:\s[^<>]{0,300})?(?:/>|>[^<]{0,9000}</(?:[\w.-]{1,20}:)?f>))?"
    rb"\s{0,8}(?:<(?:[\w.-]{1,20}:)?v(?:\s[^<>]{0,50})?>([^<]{0,300}))?"
)
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_LONGEST_TAG = 600
_MOST = 300_000  # formulas and errors looked at in a sheet: more take seconds


def extras(archive: zipfile.ZipFile, limits: Limits) -> dict[str, Extras]:
    """Sheet name -> what its part says; no entry for a sheet whose part is not found."""
    try:
        workbook = archive.read("xl/workbook.xml")
        relations = archive.read("xl/_rels/workbook.xml.rels")
    except KeyError:
        return {}
    targets = {_attribute(tag, b"Id"): _attribute(tag, b"Target") for tag in _RELATION.findall(relations)}
    parts = set(archive.namelist())
    found = {}
    for tag in _SHEET.findall(workbook)[: limits.sheets]:
        target = targets.get(_attribute(tag, b"r:id") or _attribute(tag, b"id"), "")
        part = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        if part in parts:
            found[html.unescape(_attribute(tag, b"name"))] = _of_sheet(archive.read(part), limits)
    return found


def _of_sheet(part: bytes, limits: Limits) -> Extras:
    found = Extras()
    head, _, _ = part.partition(b"sheetData")
    for tag in _COLUMNS.findall(head):
        if _is_hidden(tag):
            first, last = _number(tag, b"min"), _number(tag, b"max")
            found.hidden_columns.update(far(first - 1, last - first + 1, limits.columns))
    if b"hidden" in part:
        tags = (match.group() for match in _ROW.finditer(part))
        found.hidden_rows = {_number(tag, b"r") - 1 for tag in tags if b"hidden" in tag and _is_hidden(tag)}
    for at, kind, value in _failing(part):
        if kind == "e":
            found.errors[at] = error(value or "#ERROR")
        elif kind in ("", "n") and not value:  # a result that is an empty text has the kind `str`
            found.errors[at] = UNSAVED
    return found


def _failing(part: bytes) -> Iterator[tuple[tuple[int, int], str, str]]:
    """Place, kind and value of every cell that is in error or has a formula."""
    errors = _IS_ERROR.finditer(part) if b'"e"' in part or b"'e'" in part else iter(())
    for match in islice(errors, _MOST):
        yield from _cell(part, match.start())
    if b"<f" in part or b":f" in part:
        for match in islice(_FORMULA.finditer(part), _MOST):
            yield from _cell(part, part.rfind(b"<", max(0, match.start() - _LONGEST_TAG), match.start()))


def _cell(part: bytes, inside: int) -> Iterator[tuple[tuple[int, int], str, str]]:
    """The cell whose tag has this place in it, if it is a cell's tag."""
    start = part.rfind(b"<", max(0, inside - _LONGEST_TAG), inside + 1)
    end = part.find(b">", inside, inside + _LONGEST_TAG)
    tag = part[start : end + 1]
    place = _ADDRESS.fullmatch(_attribute(tag, b"r")) if start >= 0 < end else None
    if place is None or tag.endswith(b"/>"):
        return
    result = _RESULT.match(part, end + 1)
    value = (result[1] or b"").decode("utf-8", "replace").strip() if result else ""
    yield (int(place[2]) - 1, _column(place[1])), _attribute(tag, b"t"), value


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _is_hidden(tag: bytes) -> bool:
    return _attribute(tag, b"hidden") in ("1", "true")


def _attribute(tag: bytes, name: bytes) -> str:
    match = re.search(rb"\s" + name + rb"\s?=\s?(?:\"([^\"<>]{0,1000})\"|'([^'<>]{0,1000})')", tag)
    return (match[1] or match[2] or b"").decode("utf-8", "replace") if match else ""


def _number(tag: bytes, name: bytes) -> int:
    text = _attribute(tag, name)
    return int(text) if text.isdecimal() and len(text) < 8 else 0
