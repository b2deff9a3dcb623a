"""What an .xlsx says beyond its values, found in its parts by a few patterns that cost milliseconds a megabyte."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from posixpath import join, normpath

from riskassess.sheets.extras import UNSAVED, Extras, error, far
from riskassess.sheets.limits import Limits

# Each repetition has a bound, so that no file makes a pattern slow.
_SHEET = re.compile(rb"<(?:[\w.-]{1,20}:)?sheet\s[^<>]{1,2000}>")
_RELATION = re.compile(rb"<(?:[\w.-]{1,20}:)?Relationship\s[^<>]{1,4000}>")
_ROW = re.compile(rb"<(?:[\w.-]{1,20}:)?row\s[^<>]{0,1000}\bhidden\s?=\s?[\"'](?:1|true)[\"'][^<>]{0,1000}>")
_COLUMNS = re.compile(rb"<(?:[\w.-]{1,20}:)?col\s[^<>]{0,1000}>")
_ERROR = re.compile(rb"<(?:[\w.-]{1,20}:)?c\s([^<>]{0,400})\bt\s?=\s?[\"']e[\"']([^<>]{0,400})>")
_FORMULA = re.compile(rb"<(?:[\w.-]{1,20}:)?c\s([^<>]{0,400})>\s{0,8}<(?:[\w.-]{1,20}:)?f[\s/>]")
_VALUE = re.compile(rb"<(?:[\w.-]{1,20}:)?v(?:\s[^<>]{0,200})?>([^<]{1,200})")
_END = re.compile(rb"</(?:[\w.-]{1,20}:)?c\s{0,8}>")
_ADDRESS = re.compile(rb"([A-Z]{1,3})([0-9]{1,7})")
_LONGEST_CELL = 50_000  # bytes of a formula and its value


def extras(archive: zipfile.ZipFile, limits: Limits) -> dict[str, Extras]:
    """Sheet name -> what its part says; no entry for a sheet whose part is not found."""
    try:
        workbook = archive.read("xl/workbook.xml")
        relations = archive.read("xl/_rels/workbook.xml.rels")
    except KeyError:
        return {}
    targets = {_attribute(tag, "Id"): _attribute(tag, "Target") for tag in _RELATION.findall(relations)}
    parts = set(archive.namelist())
    found = {}
    for tag in _SHEET.findall(workbook)[: limits.sheets]:
        target = targets.get(_attribute(tag, "r:id") or _attribute(tag, "id"), "")
        part = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
        if part in parts:
            found[html.unescape(_attribute(tag, "name"))] = _of_sheet(archive.read(part), limits)
    return found


def _of_sheet(part: bytes, limits: Limits) -> Extras:
    found = Extras()
    head, _, _ = part.partition(b"sheetData")
    for tag in _COLUMNS.findall(head):
        if _attribute(tag, "hidden") in ("1", "true"):
            first, last = _number(tag, "min"), _number(tag, "max")
            found.hidden_columns.update(far(first - 1, last - first + 1, limits.columns))
    if b"hidden" in part:
        found.hidden_rows = {_number(tag.group(), "r") - 1 for tag in _ROW.finditer(part)}
    for match in _ERROR.finditer(part):
        at = _place(match[1] + match[2])
        if at is not None:
            found.errors[at] = error(_value(part, match.end()) or "#ERROR")
    found.errors.update((at, UNSAVED) for at in _without_value(part) if at not in found.errors)
    return found


def _without_value(part: bytes) -> Iterator[tuple[int, int]]:
    """Formulas whose result was not saved. A result that is an empty text is one."""
    if b"<f" not in part and b":f" not in part:
        return
    for match in _FORMULA.finditer(part):
        kind = _attribute(match[1], "t")
        at = _place(match[1])
        if at is not None and kind in ("", "n") and not _value(part, match.end()):
            yield at


def _value(part: bytes, start: int) -> str:
    end = _END.search(part, start, start + _LONGEST_CELL)
    found = _VALUE.search(part, start, end.start() if end else start + _LONGEST_CELL)
    return found[1].decode("utf-8", "replace").strip() if found else ""


def _place(attributes: bytes) -> tuple[int, int] | None:
    match = _ADDRESS.fullmatch(_attribute(attributes, "r").encode())
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + letter - ord("A") + 1
    return int(match[2]) - 1, column - 1


def _attribute(tag: bytes, name: str) -> str:
    match = re.search(
        rb"(?:^|[\s<])" + name.encode() + rb"\s?=\s?(?:\"([^\"]{0,1000})\"|'([^']{0,1000})')", tag
    )
    return (match[1] or match[2] or b"").decode("utf-8", "replace") if match else ""


def _number(tag: bytes, name: str) -> int:
    text = _attribute(tag, name)
    return int(text) if text.isdecimal() and len(text) < 8 else 0
