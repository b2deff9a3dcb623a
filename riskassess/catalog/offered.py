"""Where lists offer an offering: the table on its page, and what of it answers "is this really offered?". No query."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from riskassess import marks
from riskassess.catalog.fields import country_name
from riskassess.catalog.models import Availability, Region, Source

_PLAIN = {"✅", "✓", "✔", "-", "–", "—", "yes", "no"}


@dataclass(frozen=True, slots=True)
class Type:
    """One deployment type, what it lets a request do, and the lists that speak of it."""

    name: str
    scope: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """What one deployment type's list says of one region; `others` are older or rival words that differ."""

    shown: str
    label: str = ""  # the deployment type
    cell: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One region and a word for each deployment type, in their order."""

    code: str
    region: Region | None
    country: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Offered:
    """The table: deployment types across, regions down. Empty where no list speaks of the offering."""

    types: tuple[Type, ...]
    places: tuple[Place, ...]


def offered_in(rows: Iterable[Availability]) -> Offered:
    """The table of an offering's availability, from rows as `Availability.objects.of(offering)` gives them."""
    said: dict[tuple[str, str], list[Availability]] = {}
    types: dict[str, list[Availability]] = {}
    for row in rows:
        said.setdefault((row.deployment.casefold(), row.code.casefold()), []).append(row)
        types.setdefault(row.deployment.casefold(), []).append(row)
    codes = {code: own[0] for (_, code), own in sorted(said.items())}
    return Offered(
        tuple(_type(own) for own in types.values()),
        tuple(
            _place(row, [(own[0].deployment, said.get((kind, code), [])) for kind, own in types.items()])
            for code, row in sorted(codes.items())
        ),
    )


def _type(rows: list[Availability]) -> Type:
    first = rows[0]
    sources = {row.source_id: row.source for row in rows}
    return Type(first.deployment, first.get_scope_display() or "", tuple(sources.values()))


def _place(row: Availability, said: list[tuple[str, list[Availability]]]) -> Place:
    country = country_name(row.region.country) if row.region else ""
    return Place(row.code, row.region, country, tuple(_word(label, own) for label, own in said))


def _word(label: str, rows: list[Availability]) -> Word:
    label = label or "Type not named"
    if not rows:
        return Word(marks.unknown("Not listed"), label)
    current = rows[0]
    written = current.raw if current.raw.casefold().rstrip("\ufe0f") not in _PLAIN else ""
    shown = marks.noted(current.get_mark_display(), written if written != current.get_mark_display() else "")
    others = (
        f"{row.get_mark_display()} ({row.source}, {row.cell})" for row in rows[1:] if row.mark != current.mark
    )
    return Word(shown, label, current.cell, tuple(dict.fromkeys(others)))


def really_offered(
    rows: Iterable[Availability], scope: str | None, regions: Collection[int]
) -> tuple[bool, Availability] | None:
    """Whether the offering's own deployment type is offered (in its regions, where they are known), and who says so.

    None where no list speaks of that type, or none of those regions. `rows` have the newest word first.
    """
    newest: dict[str, Availability] = {}
    for row in rows:
        if scope and row.scope == scope:
            newest.setdefault(row.code.casefold(), row)
    meant = [row for row in newest.values() if not regions or row.region_id in regions]
    if not meant:
        return None
    where_not = [row for row in meant if not row.is_offered]
    if regions:
        return (False, where_not[0]) if where_not else (True, meant[0])
    offered = [row for row in meant if row.is_offered]
    return (True, offered[0]) if offered else (False, where_not[0])
