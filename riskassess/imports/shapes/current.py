"""After new statements: what a record's columns show is the current one of all that is stated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from riskassess.catalog.models import AIModel, Offering, SourcedValue
from riskassess.catalog.services import COLUMNS, as_columns
from riskassess.imports.bulk import update_each
from riskassess.imports.known import KnownOffering, Record
from riskassess.imports.loading import in_portions
from riskassess.imports.said import as_stored, shown
from riskassess.imports.shapes.records import Writer
from riskassess.kernel.stated import NotApplicable

Touched = tuple[Record, str]


def keep_imported(writer: Writer, touched: Iterable[Touched]) -> None:
    """An imported value that meets a second source is written down as a value of its own first."""
    rows = []
    for record, attribute in {(id(r), a): (r, a) for r, a in touched}.values():
        value, origin = record.values.get(attribute), record.origin
        if origin is None or value is None or record.said.get(attribute):
            continue
        known = not isinstance(value, NotApplicable)
        states = SourcedValue.State
        rows.append(
            SourcedValue(
                **{f"{_kind(record)}_id": record.pk},
                attribute=attribute,
                state=states.KNOWN if known else states.NOT_APPLICABLE,
                value=as_stored(value) if known else None,
                raw=shown(value) or "",
                source_id=origin.source,
                cell=origin.cell(attribute),
                as_of=origin.on,
            )
        )
    writer.make(rows)


def refresh_columns(writer: Writer, touched: Iterable[Touched], existed: Collection[int]) -> None:
    """Sets the columns that show these attributes. Two queries for 900 records of a kind.

    What this very import made is not noted for undoing: taking it back takes all of it.
    """
    wanted: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    fresh = set()
    for record, attribute in touched:
        kind: Any = Offering if isinstance(record, KnownOffering) else AIModel
        if attribute in COLUMNS[kind] and record.pk is not None:
            wanted[_kind(record)][record.pk].add(attribute)
            if id(record) not in existed:
                fresh.add((_kind(record), record.pk))
    for name, kind in (("model", AIModel), ("offering", Offering)):
        for portion in in_portions(wanted[name]):
            changes = _changes(name, kind, {pk: wanted[name][pk] for pk in portion})
            writer.change(kind, [(pk, new) for pk, new in changes if (name, pk) not in fresh])
            update_each(kind, [(pk, new) for pk, new in changes if (name, pk) in fresh])


def _changes(name: str, kind: Any, wanted: dict[int, set[str]]) -> list[tuple[int, dict[str, Any]]]:
    current: dict[int, dict[str, SourcedValue]] = defaultdict(dict)
    for value in SourcedValue.objects.filter(**{f"{name}_id__in": list(wanted)}).best_first():
        known = current[getattr(value, f"{name}_id")].setdefault(value.attribute, value)
        if known.state == SourcedValue.State.UNKNOWN and value.state != known.state:
            current[getattr(value, f"{name}_id")][value.attribute] = (
                value  # who knows nothing overrules nobody
            )
    found = []
    for record in kind.objects.filter(pk__in=list(wanted)):
        said = {a: v for a, v in current[record.pk].items() if a in wanted[record.pk]}
        columns = as_columns(record, said)
        differing = {column: new for column, new in columns.items() if getattr(record, column) != new}
        if differing:
            found.append((record.pk, differing))
    return found


def _kind(record: Record) -> str:
    return "offering" if isinstance(record, KnownOffering) else "model"
