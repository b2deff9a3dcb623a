"""What an .xlsx says beyond its values, found in its parts by a few patterns that cost milliseconds a megabyte."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from posixpath import join, normpath
from typing import IO

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
_PIECE = 1_000_000  # bytes
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
            with archive.open(part) as content:
                found[html.unescape(_attribute(tag, b"name"))] = _of_sheet(_pieces(content), limits)
    return found


def _pieces(content: IO[bytes]) -> Iterator[bytes]:
    """A sheet's part in pieces that end with a row: no cell is in two of them."""
    rest = b""
    while piece := content.read(_PIECE):
        end = piece.rfind(b"</row>") + 1
        if end:
            yield rest + piece[:end]
            rest = piece[end:]
        else:
            rest += piece
    yield rest


def _of_sheet(pieces: Iterable[bytes], limits: Limits) -> Extras:
    found, in_head, left = Extras(), True, _MOST
    for piece in pieces:
        if in_head:
            head, data, _ = piece.partition(b"sheetData")
            in_head = not data
            for tag in _COLUMNS.findall(head):
                if _is_hidden(tag):
                    first, last = _number(tag, b"min"), _number(tag, b"max")
                    found.hidden_columns.update(far(first - 1, last - first + 1, limits.columns))
        if b"hidden" in piece:
            tags = (match.group() for match in _ROW.finditer(piece))
            found.hidden_rows |= {
                _number(tag, b"r") - 1 for tag in tags if b"hidden" in tag and _is_hidden(tag)
            }
        places = list(islice(_failing(piece), left))
        left -= len(places)
        for at, kind, value in chain.from_iterable(_cell(piece, place) for place in places):
            if kind == "e":
                found.errors[at] = error(value or "#ERROR")
            elif kind in ("", "n") and not value:  # a result that is an empty text has the kind `str`
                found.errors[at] = UNSAVED
    return found


def _failing(piece: bytes) -> Iterator[int]:
    """Where in it the tag of a cell is that is in error or has a formula."""
    if b'"e"' in piece or b"'e'" in piece:
        yield from (match.start() for match in _IS_ERROR.finditer(piece))
    if b"<f" in piece or b":f" in piece:
        for match in _FORMULA.finditer(piece):
            yield piece.rfind(b"<", max(0, match.start() - _LONGEST_TAG), match.start())


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
