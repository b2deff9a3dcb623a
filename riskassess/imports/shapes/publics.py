"""Public lists: the devices that an authority has let through, and which products an organisation uses."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from riskassess.catalog.identity import normalised
from riskassess.catalog.models import ProductUse, RegisterEntry, Source
from riskassess.imports.journal import Journal
from riskassess.imports.layout import Columns, Layout
from riskassess.imports.loading import in_portions
from riskassess.imports.shapes.lines import Line, RowResult, repeated, result_of
from riskassess.imports.shapes.names import ShapeName
from riskassess.imports.shapes.records import Writer
from riskassess.imports.shapes.shape import Need, Shape, ShapePlan, Sheet
from riskassess.imports.shapes.vocabulary import REGISTER_FIELDS, USE_FIELDS
from riskassess.sheets.table import is_virtual

_LONGEST = {"product": 300, "company": 300, "organisation": 300, "authority": 120, "panel": 120, "number": 60,
            "product_code": 60, "decision": 120, "users": 60, "vendor": 200}  # fmt: skip


@dataclass(slots=True)
class Entry:
    """A record as the sheet has it; with `pk` it is on record and `changed` says what differs."""

    key: str
    values: dict[str, Any]
    row: int
    pk: int | None = None
    changed: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Work:
    """What is on record by key, and what the sheet makes or changes."""

    known: dict[str, tuple[int, dict[str, Any]]]
    entries: list[Entry] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)


def _key(*parts: object) -> str:
    said = "|".join(normalised(str(part or "")) for part in parts)
    return hashlib.sha256(said.encode()).hexdigest()


def _known(kind: Any, keys: set[str], attributes: Sequence[str]) -> dict[str, tuple[int, dict[str, Any]]]:
    """What is on record of these keys. A query for 900 of them."""
    found = {}
    for portion in in_portions(keys):
        rows = kind.objects.filter(key__in=portion).values_list("key", "pk", *attributes)
        for key, pk, *values in rows:
            found[key] = (pk, dict(zip(attributes, values, strict=True)))
    return found


def _record(line: Line, result: RowResult, work: Work, key: str, values: dict[str, Any]) -> None:
    """Notes one record of a row: new, changed where the sheet states something else, or as it was."""
    on_record = work.known.get(key)
    entry = Entry(key, values, line.number)
    if on_record is None:
        result.outcome = "new"
    else:
        entry.pk, known = on_record
        entry.changed = {n: v for n, v in values.items() if v not in (None, "") and known.get(n) != v}
        for name, value in entry.changed.items():
            result.changes[name] = (_words(known.get(name)), _words(value) or "")
    if on_record is None or entry.changed:
        work.entries.append(entry)
    result.settle()


def _words(value: Any) -> str | None:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value in (None, "") else str(value)


def _write(kind: Any, planned: ShapePlan, writer: Writer, stated: dict[str, Any]) -> None:
    work: Work = planned.work
    new = [e for e in work.entries if e.pk is None]
    writer.make([kind(key=e.key, row=e.row, source=writer.source, **stated, **e.values) for e in new])
    changed = [
        (e.pk, {**e.changed, **stated, "source_id": writer.source.pk, "row": e.row})
        for e in work.entries
        if e.pk is not None
    ]
    writer.change(kind, changed)


def _fits(line: Line, fields: dict[str, str]) -> None:
    """Problems of texts that are longer than their record holds: field -> attribute."""
    for name, attribute in fields.items():
        if len(line.text(name)) > _LONGEST[attribute]:
            line.refuse(name, "The text is too long.", f"Use {_LONGEST[attribute]} characters at most.")


# --- a register of devices ----------------------------------------------------------------------------


class Register(Shape):
    name = ShapeName.REGISTER
    lands = (
        "Each row becomes an entry of a public register: whose product was let through, when, under which "
        "number. It is shown with the vendor of that name. That a product is not listed proves nothing."
    )
    fields = REGISTER_FIELDS
    stored = frozenset({
        "device", "company", "number", "decided_on", "panel", "product_code", "authority", "decision",
    })  # fmt: skip
    needs = (
        Need(("device",), "No column names the devices.", "Choose Device for one column."),
        Need(("company",), "No column names the companies.", "Choose Company for one column."),
    )
    called_by = ("device",)
    owned_by = ("company",)
    labels = {"decided_on": "decided on", "product_code": "product code"}
    vendor_term = "Authority that keeps the register"

    _TEXTS = {"device": "product", "company": "company", "number": "number", "panel": "panel",
              "product_code": "product_code", "authority": "authority", "decision": "decision"}  # fmt: skip

    def plan(self, sheet: Sheet) -> ShapePlan:
        lines = self.lines(sheet)
        attributes = ("product", "company", "number", "decided_on", "panel", "product_code", "authority",
                      "decision")  # fmt: skip
        keys = {self._key(line, sheet.default_vendor) for line in lines}
        work = Work(_known(RegisterEntry, keys, attributes))
        return ShapePlan([self._row(line, work, sheet.default_vendor.strip()) for line in lines], work)

    def write(self, planned: ShapePlan, source: Source, on: date, journal: Journal) -> None:
        for entry in planned.work.entries:
            entry.values["company_key"] = normalised(entry.values["company"])
            if "company" in entry.changed:
                entry.changed["company_key"] = entry.values["company_key"]
        _write(RegisterEntry, planned, Writer(source, on, journal), {})

    def _key(self, line: Line, authority: str) -> str:
        """By its number; a device without one by its name, company and day."""
        by = line.text("authority") or authority
        if line.text("number"):
            return _key(by, line.text("number"))
        return _key(by, line.text("device"), line.text("company"), line.text("decided_on"))

    def _row(self, line: Line, work: Work, authority: str) -> RowResult:
        if not line.skip:
            line.needs("device", "Device")
            line.needs("company", "Company")
            _fits(line, self._TEXTS)
        result = result_of(line, line.text("number") or line.text("device"))
        if result.outcome != "unchanged":
            return result
        key = self._key(line, authority)
        if key in work.seen:
            called = line.text("number") or line.text("device")
            return repeated(line, result.identity, f"“{called}”", work.seen[key], "number")
        work.seen[key] = line.cell("number", "device")
        values: dict[str, Any] = {a: line.text(name) for name, a in self._TEXTS.items()}
        values["authority"] = values["authority"] or authority[: _LONGEST["authority"]]
        values["decided_on"] = line.day("decided_on")
        if line.known("decided_on") is not None and values["decided_on"] is None:
            line.note("decided_on", f"{line.text('decided_on')} names no day; the day stays unknown")
        _record(line, result, work, key, values)
        return result


# --- an inventory of products in use --------------------------------------------------------------------

_NO_PRODUCT = "No product is named, nor a vendor: nothing is said to be in use."
_PARTS = re.compile(
    r"\s*(?:[;\n|]|,(?!\s*(?:inc|llc|llp|lp|plc|ltd|limited|gmbh|corp|corporation|co|sa|ag|bv|nv)\b))\s*(?![^()]*\))",
    re.I,
)
# How far an inventory says that a use has come, where it says so at the beginning: `d) Retired – the use case was …`.
_STAGE = re.compile(
    r"(?:[a-z\d][).]\s*)?(?:(retired|decommissioned|discontinued)|"
    r"(deployed|live|in use|in production|operation(?:al)?))\b",
    re.I,
)
_RANGE = re.compile(r"([\d,]+)\s*(?:-|–|to)\s*([\d,]+)")
_FROM = re.compile(r"(?:over |more than |>\s*|≥\s*)?([\d,]+)\s*\+?")


class Uses(Shape):
    name = ShapeName.USES
    lands = (
        "Each product of a row becomes a use of it by the organisation; where only the vendor is named, what it is "
        "used for stands for the product. Spellings stay as they are; no vendor is judged by who else buys from it."
    )
    fields = USE_FIELDS
    stored = frozenset({"organisation", "use_case", "in_use", "stage", "product", "licences", "vendor"})
    needs = (
        Need(("product", "use_case"), "No column names the products.", "Choose Product for one column."),
        Need(
            ("organisation",),
            "Nothing says who uses the products.",
            "Choose Organisation for one column, or name the one organisation of the whole list.",
            vendor_will_do=True,
        ),
    )
    called_by = ("product", "use_case")
    owned_by = ("organisation",)
    labels = {"in_use": "in use", "users": "users", "products": "products"}
    vendor_term = "Organisation where the row names none"

    _TEXTS = {"organisation": "organisation", "licences": "users", "vendor": "vendor"}

    def adjusted(self, layout: Layout) -> Columns:
        """What stands over the rows of an inventory is who uses the products, not who sells them."""
        named = {column["field"] for column in layout.columns.values()}
        over = {
            letters: column
            | {"field": "" if "organisation" in named else "organisation", "why": "stands over its uses"}
            for letters, column in layout.columns.items()
            if is_virtual(letters) and column["field"] == "vendor"
        }
        return layout.columns | over

    def plan(self, sheet: Sheet) -> ShapePlan:
        lines = self.lines(sheet)
        who = sheet.default_vendor.strip()
        keys = {_key(*self._identity(line, who), *p) for line in lines for p in _named(line)}
        work = Work(_known(ProductUse, keys, ("in_use", "users", "users_from", "users_to", "vendor")))
        return ShapePlan([self._row(line, work, who) for line in lines], work)

    def write(self, planned: ShapePlan, source: Source, on: date, journal: Journal) -> None:
        _write(ProductUse, planned, Writer(source, on, journal), {"stated_on": on})

    @staticmethod
    def _identity(line: Line, who: str) -> tuple[str, str]:
        return line.text("organisation") or who, line.text("use_case")

    def _row(self, line: Line, work: Work, who: str) -> RowResult:
        names = _named(line)
        if not line.skip:
            if not names:
                line.skip = _NO_PRODUCT
            elif not who:
                line.needs("organisation", "Organisation")
            _fits(line, self._TEXTS)
            if any(len(name) > _LONGEST["product"] for name, *_ in names):
                line.refuse("product", "The name is too long.", "Use 300 characters at most.")
        called = ", ".join(dict.fromkeys(name for name, *_ in names))
        result = result_of(line, f"{line.text('organisation') or who}: {called}"[:700])
        if result.outcome != "unchanged":
            return result
        organisation, use = self._identity(line, who)
        low, high = users_in(line.text("licences"))
        again = []
        for name, *seller in names:
            key = _key(organisation, use, name, *seller)
            if key in work.seen:
                again.append(work.seen[key])
                continue
            work.seen[key] = line.cell("product")
            values = {
                "organisation": organisation, "use_case": use, "product": name,
                "product_key": normalised(name), "vendor": "".join(seller) or line.text("vendor"),
                "in_use": _is_in_use(line),
                "users": line.text("licences"), "users_from": low, "users_to": high,
            }  # fmt: skip
            stated = ("in_use", "users", "users_from", "users_to", "vendor")
            on_record = work.known.get(key)
            kept = values if on_record is None else {attribute: values[attribute] for attribute in stated}
            _record(line, result, work, key, kept)
        if len(again) == len(names):
            return repeated(line, result.identity, "This use", again[0], "product")
        if len(names) > 1:
            of = ("product", "products") if line.text("product") else ("vendor", "vendors")
            line.note(of[0], f"read as {len(names)} {of[1]}: {', '.join(name[-1] for name in names)}"[:500])
        return result


def _named(line: Line) -> list[tuple[str, ...]]:
    """The products of a row: those it names; where it names vendors alone, what their products are used for.

    Of several such vendors each stands behind the use, as one record of its own.
    """
    if line.text("product"):
        return [(name,) for name in products_in(line.raw["product"])]
    use = line.text("use_case")
    vendors = products_in(line.raw["vendor"]) if use and line.text("vendor") else []
    return [(use, name) for name in vendors] if len(vendors) > 1 else [(use,)] * len(vendors)


def _is_in_use(line: Line) -> bool | None:
    """What the row says; else what its stage does: deployed is in use, retired is not, all between says neither."""
    said = line.known("in_use")
    if said is not None:
        return bool(said)
    stage = _STAGE.match(line.text("stage"))
    return None if stage is None else stage[2] is not None


def products_in(text: str) -> list[str]:
    """The products that a cell names, each once: apart where a semicolon, a bar, a line break or a comma parts them."""
    parts = (" ".join(part.split()) for part in _PARTS.split(text))
    kept: dict[str, str] = {}
    for part in parts:
        if part and normalised(part) not in {"n/a", "na", "none", "and", "-"}:
            kept.setdefault(normalised(part), part)
    return list(kept.values())


def users_in(text: str) -> tuple[int | None, int | None]:
    """The ends of `101-1000`, `50,000+` or `250`; None for an end that is not stated."""
    if match := _RANGE.fullmatch(text):
        return _whole(match[1]), _whole(match[2])
    if match := _FROM.fullmatch(text):
        number = _whole(match[1])
        return number, None if not text.isdecimal() else number
    return None, None


def _whole(digits: str) -> int | None:
    number = int(digits.replace(",", "") or 0)
    return number if number < 2**31 else None
