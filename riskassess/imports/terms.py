"""What holds for every row of an import, proposed from what its file says: whose it is, and of which day."""

from __future__ import annotations

import re
from calendar import month_abbr, month_name
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from riskassess.imports.layout import Columns
from riskassess.imports.models import Batch
from riskassess.imports.said_once import SaidOnce, day_of, vendor_of
from riskassess.imports.shapes.registry import shape_named
from riskassess.imports.shapes.shape import Shape
from riskassess.imports.survey import alike_in
from riskassess.sheets.countries import country_of
from riskassess.sheets.regions import is_region
from riskassess.sheets.sections import look_like_vendors

_PLACES = frozenset({"europe", "emea", "eu", "us", "apac", "latam", "asia", "global", "worldwide", "region"})
_TIMES = frozenset(map(str.casefold, (*month_name[1:], *month_abbr[1:], "current", "old", "archive", "new")))


@dataclass(frozen=True, slots=True)
class Terms:
    """The vendor and the day that lines of the file say, each with its cell; None for what none says."""

    vendor: SaidOnce | None
    day: SaidOnce | None

    def day_before(self, day: date) -> date | None:
        """The day that the file says, where it is an earlier one: nothing is stated in advance."""
        said = date.fromisoformat(self.day.value) if self.day else None
        return said if said is not None and said < day else None


def named_as_sheet(batch: Batch) -> str:
    """The sheet's name, where it may be the vendor's: nothing else names one, and other sheets of the file have the
    same columns and names that could be those of vendors. '' else. A guess for a person to see, never taken unseen.
    """
    alike = alike_in(batch.sheets, batch.sheet)
    if (
        not _asks_vendor(shape_named(batch.shape), batch.mapping)
        or batch.sheet not in alike
        or len(alike) < 2
    ):
        return ""
    return batch.sheet if look_like_vendors(alike) and not any(map(_is_no_vendor, alike)) else ""


def _asks_vendor(shape: Shape, columns: Columns) -> bool:
    """Whether the rows are a vendor's, and no column names it."""
    return shape.owned_by == ("vendor",) and all(column["field"] != "vendor" for column in columns.values())


def _is_no_vendor(name: str) -> bool:
    """Whether sheets are told apart by place or time: `Europe`, `Q3 2026`, `June`."""
    words = name.casefold().split()
    is_place = is_region(name) or country_of(name) is not None or any(word in _PLACES for word in words)
    return is_place or any(word in _TIMES or re.fullmatch(r"(?:q|h|fy|v)?\d+", word) for word in words)


def terms_in(sheets: Sequence[Mapping[str, Any]], sheet: str, shape: Shape, columns: Columns) -> Terms:
    """What the surveyed sheets say for one of them. A column of vendors says it better than any line."""
    vendor = vendor_of(sheets, sheet, shape.name) if _asks_vendor(shape, columns) else None
    return Terms(vendor, day_of(sheets, sheet, shape.name))


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
