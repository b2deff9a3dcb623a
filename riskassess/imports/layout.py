"""How a sheet's columns are read: proposed, remembered, confirmed, kept as JSON with the batch. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from riskassess.catalog.identity import price_key
from riskassess.imports.beside import leave_tables_beside
from riskassess.imports.fields import (
    BASE_MODEL_OWNER,
    FIELDS,
    IMPORT_FIELDS,
    PREFERRED,
    SECOND,
    attribute_of,
)
from riskassess.imports.metering import see_meters, see_regional_prices
from riskassess.imports.one_price import agree_on_units
from riskassess.imports.price_kinds import see_price_kinds
from riskassess.imports.said_above import see_currency_above
from riskassess.imports.tiers import see_tiers
from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.places import index_of
from riskassess.sheets.columns import PRICED, ColumnKind, Field, MappedColumn, Proposal, mapped_as, propose
from riskassess.sheets.conditions import condition_in
from riskassess.sheets.described import describes_sizes
from riskassess.sheets.numbers import has_decimal_commas
from riskassess.sheets.prices import PER_MILLION_TOKENS, unit_named
from riskassess.sheets.profile import profiles
from riskassess.sheets.table import SHEET_LETTERS, TITLE_LETTERS, Table, is_virtual, understand
from riskassess.sheets.workbook import Grid

Columns = dict[str, dict[str, Any]]
"""Column letters -> {"field", "header", "unit", "currency", "samples", "profile", "confidence", "why"}.

A column of prices with decimal commas has "decimal": ",".
Of a turned table the columns are named by the numbers of the sheet's rows: see `kernel.places`.

A column of a matrix's marks has the "deployment" type they are of as well.
"""

_OWNER_AND_NAME = re.compile(r"[\w.-]+/[\w.:@-]+")
_LONGEST_SAMPLE = 80
_COMMAS = 500  # judgement: rows looked at for decimal commas
_DESCRIBED = 100  # rows looked at for sizes in words
_OWNERS = frozenset({"vendor", "provider_name", "provider"})  # fields that say whose the rows are
CONTEXT_AND_OUTPUT = "context_and_output"
_LABELLED = ("price_flat", "price_input", "price_output", "price_cache_read", "price_cache_write")
_SIZES = {CONTEXT_AND_OUTPUT, "context_window", "max_output"}


@dataclass(frozen=True, slots=True)
class Layout:
    """One sheet understood, its header row (from 1) and what each of its columns holds."""

    table: Table
    header_row: int
    columns: Columns

    @property
    def grid(self) -> Grid:
        return self.table.grid


def layout_of(grid: Grid, header_row: int | None = None, fields: Sequence[Field] = IMPORT_FIELDS) -> Layout:
    """The sheet's columns as proposed, under the header that is found or that a person pointed out."""
    return layout_over(understand(grid, header_row), fields)


def layout_over(table: Table, fields: Sequence[Field] = IMPORT_FIELDS) -> Layout:
    """The columns of a table as proposed."""
    return Layout(table, table.header_row, _proposed(table, fields))


def _proposed(table: Table, fields: Sequence[Field]) -> Columns:
    columns: Columns = {}
    grid, header = table.body, table.body_header
    profile = profiles(grid, header)
    hidden = dict.fromkeys(table.grid.hidden_columns or (), "; hidden in the sheet")
    for proposal in propose(grid, header, fields):
        if not proposal.header and not proposal.samples:
            continue
        field, why = proposal.field, proposal.why
        if field is not None and BASE_MODEL_OWNER in fields and _states_owners(proposal):
            field, why = BASE_MODEL_OWNER, f"{why}; cells read owner/name, so the owner is the developer"
        columns[grid.place(proposal.column_index)] = {
            "field": field.name if field else "",
            "header": proposal.header[:200],
            "unit": str(proposal.unit) if proposal.unit else "",
            "currency": proposal.currency,
            "samples": [_shortened(sample) for sample in proposal.samples],
            "profile": profile[proposal.column_index].words + hidden.get(proposal.column_index, ""),
            "confidence": proposal.confidence,
            "why": why,
        }
    leave_tables_beside(grid, columns)
    _see_descriptions(grid, columns, fields)
    see_price_kinds(grid, columns, fields)
    see_tiers(grid, columns, fields)
    see_meters(grid, columns, fields)
    see_regional_prices(grid, columns, fields)
    agree_on_units(grid, columns, fields)
    see_currency_above(table, columns, fields)
    _see_decimal_commas(grid, columns, fields)
    owner = next((field.name for field in fields if field.name in _OWNERS), "")
    named = {column["field"] for column in columns.values()}
    return columns | _over_the_rows(table, "" if named & _OWNERS else owner)


def _see_descriptions(grid: Grid, columns: Columns, fields: Sequence[Field]) -> None:
    """Proposes the column whose cells describe sizes in sentences, where no column has them by its name."""
    named = {column["field"] for column in columns.values()}
    if CONTEXT_AND_OUTPUT not in {field.name for field in fields} or named & _SIZES:
        return
    for at in range(grid.width):
        column = columns.get(grid.place(at))
        cells = [row[at] for row in grid.rows[:_DESCRIBED] if isinstance(row[at], str)]
        if column is None or column["field"] or not cells:
            continue
        told = sum(describes_sizes(str(cell)) for cell in cells)
        if told >= 0.5 * len(cells):
            why = f"{told} of {len(cells)} cells state a context window or an output in words"
            column |= {"field": CONTEXT_AND_OUTPUT, "confidence": 0.8, "why": why}
            return


def _see_decimal_commas(grid: Grid, columns: Columns, fields: Sequence[Field]) -> None:
    """Notes which columns of prices write decimal commas: `1,254` is a little more than one where `0,50` is a half."""
    kinds = {field.name: field.kind for field in fields}
    priced = {at: column for at, column in columns.items() if kinds.get(column["field"]) in PRICED}
    places = [at for at in range(grid.width) if grid.place(at) in priced]
    texts = (cell for row in grid.rows[:_COMMAS] for at in places if isinstance(cell := row[at], str))
    if places and has_decimal_commas(texts):
        for column in priced.values():
            column |= {"decimal": ",", "why": f"{column['why']}; written with decimal commas"}


def _over_the_rows(table: Table, owner: str) -> Columns:
    """The virtual columns. The innermost headings that look like vendors are the `owner`, the field of whose the rows
    are; else the title or the sheet's name, where one says whose list it is. With '' a column says it.
    """
    vendors = [column.letters for column in table.virtual if column.vendors and owner]
    inner = [letters for letters in vendors if letters not in (TITLE_LETTERS, SHEET_LETTERS)]
    vendor = inner[-1] if inner else (vendors or [""])[0]
    columns: Columns = {}
    for column in table.virtual:
        is_vendor = column.letters == vendor
        columns[column.letters] = {
            "field": owner if is_vendor else "",
            "header": column.name,
            "unit": "",
            "currency": "",
            "samples": [_shortened(sample) for sample in column.samples],
            "profile": "stands over the rows",
            "confidence": 0.8 if is_vendor else 0.0,
            "why": _why_owner(column.letters) if is_vendor else "",
        }
    return columns


def _why_owner(letters: str) -> str:
    if letters in (TITLE_LETTERS, SHEET_LETTERS):
        return "it says whose list this is"
    return "headings that look like the names of vendors"


def _shortened(sample: str) -> str:
    clean = re.sub(r"[\x00-\x1f\ud800-\udfff]", " ", sample)
    return clean if len(clean) <= _LONGEST_SAMPLE else f"{clean[: _LONGEST_SAMPLE - 1]}…"


def _states_owners(proposal: Proposal) -> bool:
    """A column *called* base model whose cells are owner/name; an alias of another listing says no owner."""
    called = re.sub(r"[\W_]+", " ", proposal.header).strip().casefold()
    return called == "base model" and all(_OWNER_AND_NAME.fullmatch(text) for text in proposal.samples)


# --- what a person, a file or an earlier import says of the columns -----------------------------------


def fingerprint(columns: Columns) -> str:
    """The same for every sheet with the same column names in the same places."""
    names = [
        f"{letters}={' '.join(c['header'].casefold().split())}"
        for letters, c in columns.items()
        if letters not in (TITLE_LETTERS, SHEET_LETTERS)
    ]
    return hashlib.sha256("\x1f".join(names).encode()).hexdigest()


def with_choices(
    columns: Columns, choices: Mapping[str, Any], *, why: str = "", fields: Mapping[str, Field] = FIELDS
) -> Columns:
    """The columns as `choices` has them: letters -> a field's name, or {"field", "unit", "currency"}.

    Columns that are not named keep what they had. InvalidInput names the column that cannot be so.
    """
    changed = {letters: dict(column) for letters, column in columns.items()}
    for letters, choice in choices.items():
        said = {"field": choice} if isinstance(choice, str) else choice
        where = f"column {letters}"
        if letters not in changed:
            known = ", ".join(changed)
            raise InvalidInput(f"There is no column {letters}.", hint=f"The sheet has {known}.", where=where)
        if not isinstance(said, Mapping):
            raise InvalidInput("A column is a field's name or an object.", where=where)
        changed[letters] |= _checked_choice(said, changed[letters], where, fields)
        if why:
            changed[letters] |= {"why": why, "confidence": 1.0}
    return changed


def _checked_choice(
    said: Mapping[str, Any], column: Mapping[str, Any], where: str, fields: Mapping[str, Field]
) -> dict[str, str]:
    name = str(said.get("field", column["field"]) or "")
    over = str(said.get("deployment", column.get("deployment", "")) or "").strip()[:80]
    more = {"deployment": over} if name == "mark" else {}
    if name and name not in fields:
        raise InvalidInput(
            f"There is no field “{name}”.", hint=f"Choose one of: {', '.join(fields)}.", where=where
        )
    if not name or fields[name].kind not in PRICED:
        return {"field": name, "unit": "", "currency": "", **more}
    unit = str(said.get("unit") or column["unit"] or PER_MILLION_TOKENS)
    if unit_named(unit) is None:
        raise InvalidInput(
            f"“{unit}” is not a unit we know.", hint="Such as 1M tokens, token or image.", where=where
        )
    currency = str(said.get("currency", column["currency"]) or "").strip().upper()
    if currency and not re.fullmatch(r"[A-Z]{3}", currency):
        raise InvalidInput(
            f"“{currency}” is not a currency.", hint="Three letters, such as USD.", where=where
        )
    return {"field": name, "unit": str(unit_named(unit)), "currency": currency}


def with_currency(columns: Columns, currency: str, fields: Mapping[str, Field] = FIELDS) -> Columns:
    """The columns with `currency` for the prices whose heading names none."""
    choices = {
        letters: {"currency": currency}
        for letters, column in columns.items()
        if currency and column["unit"] and not column["currency"]
    }
    return with_choices(columns, choices, fields=fields)


def check_complete(columns: Columns, *, default_vendor: str) -> None:
    """InvalidInput when the columns cannot tell who sells what, or two columns claim one field."""
    named = [column["field"] for column in columns.values() if column["field"]]
    twice = next((name for name in named if named.count(name) > 1), "")
    if twice:
        at = [letters for letters, column in columns.items() if column["field"] == twice]
        raise InvalidInput(
            f"Columns {' and '.join(at)} are both read as {FIELDS[twice].label}.",
            hint="Leave one of them unread.",
            where=f"column {at[-1]}",
        )
    if not {"model_name", "model_id", "meter"} & set(named):
        tells = any(FIELDS[name].kind in PRICED | {ColumnKind.TOKENS} for name in named)
        raise InvalidInput(
            "No column names the models."
            if tells
            else "No column names the models, and the list is of no other kind that we know by its column names.",
            hint="Choose Model or Model ID for one column; of a list of something else, choose what it is. Where the "
            "models stand across the top, have the table read turned.",
            where="columns",
        )
    if "vendor" not in named and not default_vendor.strip():
        made = next((column["header"] for column in columns.values() if column["field"] == "developer"), "")
        more = f" “{made}” says who made them: choose it as Vendor if they sell them too." if made else ""
        raise InvalidInput(
            "Nothing says who sells the models.",
            hint=f"Choose Vendor for one column, or name the one vendor of the whole sheet.{more}",
            where="default_vendor",
        )


def choices_of(columns: Columns) -> Columns:
    """What is worth remembering of confirmed columns. Not deployment types: sheets alike differ in just that."""
    return {
        letters: {"field": column["field"], "unit": column["unit"], "currency": column["currency"]}
        for letters, column in columns.items()
    }


# --- reading and addressing --------------------------------------------------------------------------


def is_turned(columns: Columns) -> bool:
    """Whether they are of a table that stood on its side: its places are rows' numbers."""
    return any(place.isdecimal() for place in columns)


def mapped_columns(columns: Columns, fields: Mapping[str, Field] = FIELDS) -> list[MappedColumn]:
    """The columns that are read, for rows that start at column A. Virtual ones have no place in a row."""
    return [
        mapped_as(
            -1 if is_virtual(letters) else index_of(letters),
            fields[column["field"]],
            column["header"],
            unit_named(column["unit"]) if column["unit"] else None,
            column["currency"],
            decimal_comma=column.get("decimal") == ",",
        )
        for letters, column in columns.items()
        if column["field"]
    ]


def unused(columns: Columns) -> set[str]:
    """Fields that are mapped but give way to a better column for the same attribute."""
    named = {column["field"] for column in columns.values()}
    return {worse for better, worse in PREFERRED if better in named}


def source_columns(columns: Columns) -> dict[str, dict[str, Any]]:
    """Attribute -> {"column", "header", "unit"}: what turns a row's number into cell addresses."""
    beaten = unused(columns)
    found: dict[str, dict[str, Any]] = {}
    for letters, column in columns.items():
        attribute = attribute_of(column["field"])
        if attribute and column["field"] not in beaten:
            attribute = _under_heading(attribute, column["header"])
            found[attribute] = {"column": letters, "header": column["header"], "unit": column["unit"]}
        if column["field"] in SECOND and column["field"] not in beaten:
            found.setdefault(
                SECOND[column["field"]], {"column": letters, "header": column["header"], "unit": ""}
            )
    one = found.get("price_flat")
    both = field_letters(columns, ["input_output_price"])
    if one and any(column["field"] in ("price_kind", "meter") for column in columns.values()):
        for name in map(attribute_of, FIELDS):  # the one price of a row is for what another cell says
            if name.startswith("price_") and ":" not in name:
                found.setdefault(name, one)
    mixed = one or next((found[a] for a in found if found[a]["column"] == both), None)
    if mixed is not None:  # its cells may say for each price what it is for
        for name in _LABELLED:
            found.setdefault(name, mixed)
    for named_by in ("listed_id", "meter"):
        if named_by in found:
            found.setdefault("name", found[named_by])
    return found


def _under_heading(attribute: str, header: str) -> str:
    """`price_input:> 200K tokens`, where the heading says so, for a price under some condition."""
    kind, _, condition = attribute.partition(":")
    return price_key(kind, condition_in(header)[0] or condition) if condition else attribute


def field_letters(columns: Columns, names: Iterable[str]) -> str:
    """The letters of the first of these fields that is mapped; '' when none is."""
    at = {column["field"]: letters for letters, column in columns.items() if column["field"]}
    return next((at[name] for name in names if name in at), "")
