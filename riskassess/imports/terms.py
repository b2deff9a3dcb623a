"""What holds for every row of an import, proposed from what its file says: whose it is, and of which day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from riskassess.imports.layout import Columns
from riskassess.imports.models import Batch
from riskassess.imports.said_once import SaidOnce, day_of, vendor_of
from riskassess.imports.shapes.registry import shape_named
from riskassess.imports.shapes.shape import Shape


@dataclass(frozen=True, slots=True)
class Terms:
    """The vendor and the day that lines of the file say, each with its cell; None for what none says."""

    vendor: SaidOnce | None
    day: SaidOnce | None

    def day_before(self, day: date) -> date | None:
        """The day that the file says, where it is an earlier one: nothing is stated in advance."""
        said = date.fromisoformat(self.day.value) if self.day else None
        return said if said is not None and said < day else None


def terms_in(sheets: Sequence[Mapping[str, Any]], sheet: str, shape: Shape, columns: Columns) -> Terms:
    """What the surveyed sheets say for one of them. A column of vendors says it better than any line."""
    named = {column["field"] for column in columns.values()}
    asks_vendor = shape.owned_by == ("vendor",) and "vendor" not in named
    return Terms(
        vendor_of(sheets, sheet, shape.name) if asks_vendor else None, day_of(sheets, sheet, shape.name)
    )


def terms_of(batch: Batch) -> Terms:
    """What the file says for the sheet that the batch reads."""
    return terms_in(batch.sheets, batch.sheet, shape_named(batch.shape), batch.mapping)


def propose_terms(batch: Batch, was: Terms | None = None, *, day_is_said: bool = True) -> None:
    """Sets on the batch what the file says and no person has. `was` is what was proposed for another reading of it."""
    said = terms_of(batch)
    before = was.vendor.value if was and was.vendor else ""
    if batch.default_vendor == before:
        batch.default_vendor = said.vendor.value if said.vendor else ""
    if was and was.day and batch.stated_on.isoformat() == was.day.value:
        day_is_said = False
    earlier = None if day_is_said else said.day_before(batch.stated_on)
    batch.stated_on = earlier or batch.stated_on
