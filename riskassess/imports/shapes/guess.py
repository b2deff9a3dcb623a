"""Which shape a sheet has: ranked proposals with their reasons, from its headings and what stands under them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from riskassess.imports.shapes.names import ShapeName
from riskassess.imports.shapes.placenames import is_code, is_place
from riskassess.imports.shapes.processors import registers_vendors, vendor_fields
from riskassess.imports.shapes.rankings import ranks
from riskassess.kernel.stated import Known, NotApplicable
from riskassess.sheets.columns import Field, Proposal, propose
from riskassess.sheets.header import Header
from riskassess.sheets.likeness import price_words
from riskassess.sheets.marks import LOST, parse_mark
from riskassess.sheets.numbers import number_in
from riskassess.sheets.results import Cell, Parsed, text_of, tidy
from riskassess.sheets.workbook import Grid

_LOOKED_AT = 300  # rows below the header
_LEAST = 0.25  # confidence under which a shape is not proposed
_LEAST_MADE = 0.1  # judgement: where no row names the columns, all of it is a guess
_PARTING = 0.25  # judgement: of the cells of a list of regions are different ones; providers share a few
_FEW_MARKS = 3  # columns of marks that make a matrix
_NOT_BOTH: dict[ShapeName, frozenset[str]] = {
    # A schedule with prices is a catalog; a list of companies with models too.
    ShapeName.RETIREMENT: frozenset({"input_price", "output_price"}),
}
# Of each group one field must have a column.
_WANTED: dict[ShapeName, tuple[tuple[str, ...], ...]] = {
    ShapeName.FLAT: (("model_name", "model_id", "meter"),),
    ShapeName.RETIREMENT: (
        ("model_name", "model_id"), ("retirement_date", "deprecation_date"), ("status", "successor"),
    ),
    ShapeName.PRICES: (("model_name", "model_id", "meter"), ("effective_date",)),
    ShapeName.FACTS: (("subject",), ("attribute",), ("value",)),
    ShapeName.REGIONS: (("region_code",), ("country", "country_code", "city", "display_name")),
    ShapeName.VENDORS: (
        ("name",),
        ("country", "lei", "parent", "aliases", "website", "vendor_id", "category", "contact", "status", "summary"),
    ),
    ShapeName.ANSWERS: (("question",), ("answer", "answer_yes")),
    ShapeName.REGISTER: (("device",), ("company",), ("number", "decided_on")),
    ShapeName.USES: (
        ("product", "use_case"), ("organisation",), ("use_case", "licences", "in_use"),
    ),
    ShapeName.QUESTIONS: (("question",), ("choices", "definition", "kind", "section", "example")),
    ShapeName.COUNTRIES: (("country", "country_code"), ("eu_member", "eea", "adequacy")),
}  # fmt: skip


# What also stands in lists of other things: by it alone, only a column that is called after vendors makes vendors.
_SHARED: dict[ShapeName, frozenset[str]] = {
    ShapeName.VENDORS: frozenset({"name", "vendor_id", "category", "contact", "status", "summary"}),
}
_BARE = frozenset(
    {"id", "key", "name", "code", "identifier", "article"}
)  # an article is sold, or is of a law
_OF_ANYTHING = frozenset({
    "model_name", "model_id", "version", "modality", "status", "notes", "source_url", "channel", "product_group",
    "last_updated", "family", "release_date", "regions", "developer",
})  # fmt: skip
_PERIOD = re.compile(r"(?:19|20)\d\d(?:-\d\d){0,2}")
_ANY_LIST = frozenset({
    "vendor", "model_name", "developer", "regions", "notes", "source_url", "status", "channel", "host",
})  # fmt: skip
_SERVICES = frozenset({"service", "services", "service provided", "services provided"})
_VENDOR_WORDS = re.compile(
    r"vendor|supplier|third[ _-]?part|sub[ _-]?processor|lieferant|anbieter|fournisseur", re.I
)


@dataclass(frozen=True, slots=True)
class Guess:
    """One shape, how sure, and why in words."""

    shape: ShapeName
    confidence: float
    why: str


def guesses(
    grid: Grid, header: Header, vocabularies: Mapping[ShapeName, Sequence[Field]]
) -> tuple[Guess, ...]:
    """The shapes the sheet may have, the likeliest first; a flat table when nothing else fits."""
    head = Grid(grid.name, grid.rows[: header.row_index + 1 + _LOOKED_AT], grid.first_row, grid.first_column)
    found = [
        guess
        for name, fields in vocabularies.items()
        if name in _WANTED
        and (
            guess := _by_headings(name, propose(head, header, _fields_of(name, fields, header)), head, header)
        )
    ]
    found += _by_marks(head, header)
    found.sort(key=lambda guess: -guess.confidence)
    least = _LEAST_MADE if header.made else _LEAST
    kept = tuple(guess for guess in found if guess.confidence >= least)
    return kept or (Guess(ShapeName.FLAT, 0.0, "nothing speaks for another shape"),)


def _fields_of(name: ShapeName, fields: Sequence[Field], header: Header) -> Sequence[Field]:
    return vendor_fields(header.names) if name is ShapeName.VENDORS else fields


def with_sections(found: tuple[Guess, ...], headings: Sequence[str]) -> tuple[Guess, ...]:
    """A flat table with headings between its rows is a sectioned one; the flat reading stays possible."""
    if found[0].shape is not ShapeName.FLAT or not headings:
        return found
    few = " and ".join(f"“{heading}”" for heading in dict.fromkeys(headings[:2]))
    why = f"headings such as {few} stand between the rows; {found[0].why}"
    return (Guess(ShapeName.SECTIONS, min(1.0, found[0].confidence + 0.02), why), *found)


def _by_headings(name: ShapeName, proposals: Sequence[Proposal], head: Grid, header: Header) -> Guess | None:
    """How well the headings fit: the fields the shape must have, and how many others it can explain."""
    at = {p.field.name: p for p in proposals if p.field is not None and not _only_an_example(name, p)}
    named = [p for p in proposals if p.header and p.samples]
    wanted = [max((at[n] for n in group if n in at), key=_sure, default=None) for group in _WANTED[name]]
    found = [proposal for proposal in wanted if proposal is not None]
    if len(found) < len(wanted) or not named or _NOT_BOTH.get(name, frozenset()) & set(at):
        return None
    if name is ShapeName.REGIONS and not _lists_places(at, head, header):
        return None
    if set(at) <= _SHARED.get(name, frozenset()) and not _lists_vendors(at["name"], named):
        return None
    if name is ShapeName.FLAT and set(at) <= _ANY_LIST and _registers_vendors(named):
        return None  # what a vendor does for us is called its service or product there
    if (
        name is ShapeName.FLAT
        and {"vendor", "model_name"} <= set(at) <= _ANY_LIST
        and _are_works(at["model_name"])
    ):
        return None
    if name is ShapeName.USES and not _lists_uses(at):
        return None
    if name is ShapeName.FLAT and not _lists_models(at):
        return None
    if name is ShapeName.PRICES and not _says_prices_over_time(at, head, header):
        return None
    explained = sum(proposal.confidence for proposal in at.values() if proposal.samples)
    surely = sum(map(_sure, found)) / len(found)
    confidence = surely * (0.35 + 0.6 * min(1.0, explained / len(named))) + 0.02 * (len(wanted) - 1)
    headings = ", ".join(f"“{proposal.header}”" for proposal in found)
    why = f"it has {headings}; {len([p for p in at.values() if p.samples])} of {len(named)} columns fit"
    return Guess(name, round(min(confidence, 1.0), 2), why)


def _sure(proposal: Proposal) -> float:
    return proposal.confidence


def _only_an_example(name: ShapeName, proposal: Proposal) -> bool:
    """`Example disclosure` shows how to answer; it is no answer. Nor is a column with nothing in it."""
    if name is not ShapeName.ANSWERS or proposal.field is None or proposal.field.name != "answer":
        return False
    words = proposal.header.casefold().split()
    return not proposal.samples or bool({"example", "sample", "expected", "possible"} & set(words))


def _lists_places(at: Mapping[str, Proposal], head: Grid, header: Header) -> bool:
    """A country beside each region, or codes such as clouds have; names with anything else are no regions.

    A few words that come again and again part what the list is of, such as companies, by where they are.
    """
    column = at["region_code"].column_index
    cells = [row[column] for row in head.rows[header.row_index + 1 :] if row[column] is not None]
    if len(set(cells)) < _PARTING * len(cells):
        return False
    codes = at["region_code"].samples
    return bool({"country", "country_code", "city"} & set(at)) or (bool(codes) and all(map(is_code, codes)))


def _lists_vendors(vendor: Proposal, named: Sequence[Proposal]) -> bool:
    """A column that is called after vendors, and none after what they sell."""
    heads = " ".join(proposal.header for proposal in named).casefold()
    called = _VENDOR_WORDS.search(vendor.header) or _registers_vendors(named)
    return bool(called) and "model" not in heads


def _registers_vendors(named: Sequence[Proposal]) -> bool:
    """Whether it is a register of third parties; its first column of texts says what it names."""
    return registers_vendors([proposal.header for proposal in named], named[0].samples)


def _are_works(proposal: Proposal) -> bool:
    """Whether a column of services tells what is done, in words: `E-mail delivery` is no model."""
    called = tidy(proposal.header).casefold() in _SERVICES
    told = sum(" " in text.strip() and not any(map(str.isdigit, text)) for text in proposal.samples)
    return called and 2 * told > len(proposal.samples)


def _lists_models(at: Mapping[str, Proposal]) -> bool:
    """Models that are called so; a bare `id` or `name` is of anything, unless what is said of it is said of models."""
    named = [at[name] for name in ("model_name", "model_id", "meter") if name in at]
    return (
        any(tidy(proposal.header).casefold() not in _BARE for proposal in named)
        or not set(at) <= _OF_ANYTHING
    )


def _lists_uses(at: Mapping[str, Proposal]) -> bool:
    """A column of products; without one, use cases that are called so and say how far they have come, or in what."""
    if "product" in at:
        return True
    called = " ".join(
        at[name].header.casefold().replace("_", " ") for name in ("use_case", "use_id") if name in at
    )
    return ("use" in called and bool({"stage", "vendor", "in_use"} & set(at))) or (
        "use case" in called and "topic" in at
    )


def _says_prices_over_time(at: Mapping[str, Proposal], head: Grid, header: Header) -> bool:
    """Prices with a day, and the same thing priced on several days (or a heading that says *effective*)."""
    if not any(name.endswith("_price") for name in at):
        return False
    day = at["effective_date"]
    words = set(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", day.header).casefold()))
    if words & {"effective", "valid", "starting"}:
        return True
    keys = [at[n].column_index for n in ("vendor", "model_name", "model_id", "version", "channel") if n in at]
    rows = head.rows[header.row_index + 1 :]
    named = [
        tuple(text_of(row[column]) for column in keys) for row in rows if row[day.column_index] is not None
    ]
    return len(named) > 1 and len(set(named)) < 0.8 * len(named)


def _by_marks(head: Grid, header: Header) -> list[Guess]:
    """Most columns hold nothing but marks (a matrix), or nothing but small numbers (scores)."""
    marked, scored, others = [], [], []
    filled = {}
    for column, name in enumerate(header.names):
        cells = [row[column] for row in head.rows[header.row_index + 1 :] if row[column] is not None]
        if not cells:
            continue
        filled[name] = cells
        if _PERIOD.fullmatch(name):
            continue  # what was spent in a year is no score
        if name and _are_marks(cells):
            marked.append(column)
        elif name and not _is_priced(name) and all(_is_small(cell) for cell in cells):
            scored.append(column)
        else:
            others.append(tidy(name).casefold())
    numeric = [c for c in marked if _zero_or_one(head, header, c)] + scored
    about_models = any(word in name for name in others for word in ("model", "region", "location"))
    width = len(marked) + len(scored) + len(others)
    only_ranked = (
        len(scored) * 2 > width and len(others) <= 2
    )  # names of models, and what a benchmark made of them
    if len(numeric) >= _FEW_MARKS and len(numeric) * 2 > width and (only_ranked or not about_models):
        why = f"{len(numeric)} of {width} columns hold nothing but small numbers"
        return [Guess(ShapeName.SCORES, round(0.6 + 0.35 * len(numeric) / width, 2), why)]
    if ranks(filled):
        return [
            Guess(ShapeName.SCORES, 0.8, "it has nothing but names and numbers that are called after scores")
        ]
    few = len(marked) > 1 and len(others) <= 2  # a small continent: nothing but names beside the marks
    over = [header.names[column].rpartition("›")[2] for column in marked]
    places = sum(map(is_place, over)) * 2 > len(over) or any("region" in name for name in others)
    if (few or (len(marked) >= _FEW_MARKS and len(marked) * 2 > width)) and about_models and places:
        why = f"{len(marked)} of {width} columns hold nothing but marks such as {_samples(head, header, marked)}"
        if any(row[column] == LOST for row in head.rows[header.row_index + 1 :] for column in marked):
            why += "; “?” is what a sign becomes where its letters are lost: saved as UTF-8 or .xlsx it would be whole"
        return [Guess(ShapeName.MATRIX, round(0.62 + 0.35 * len(marked) / width, 2), why)]
    return []


def _samples(head: Grid, header: Header, columns: Sequence[int]) -> str:
    rows = head.rows[header.row_index + 1 :]
    words = dict.fromkeys(tidy(text_of(row[c])) for row in rows for c in columns if row[c] is not None)
    return " and ".join(f"“{word}”" for word in list(words)[:2])


def _are_marks(cells: list[Cell]) -> bool:
    """Whether nine of ten cells are marks; most columns have shown long before their end that they are not."""
    others = islice((cell for cell in cells if not _is_mark(cell)), len(cells) // 10 + 1)
    return len(list(others)) <= len(cells) // 10


def _is_mark(cell: Cell) -> bool:
    if cell == LOST:
        return True
    read = parse_mark(cell)
    return isinstance(read, Parsed) and isinstance(read.stated, Known | NotApplicable)


def _is_priced(name: str) -> bool:
    """Whether a heading says money or per what: `input_per_mtok_usd` stands over prices, however small."""
    words = price_words(name)
    return bool(words.unit or words.currency)


def _is_small(cell: Cell) -> bool:
    if isinstance(cell, str):
        read = number_in(tidy(cell).rstrip("% "))
        return read is not None and 0 <= read[0] <= 100
    return isinstance(cell, int | float) and 0 <= cell <= 100


def _zero_or_one(head: Grid, header: Header, column: int) -> bool:
    cells = [row[column] for row in head.rows[header.row_index + 1 :] if row[column] is not None]
    return all(tidy(text_of(cell)) in {"0", "1"} for cell in cells)
