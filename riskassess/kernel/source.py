"""Where a value comes from (Source) and what law a rule rests on (Citation)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Source:
    """The origin of one value, down to the spreadsheet cell where there is one.

    `title` is what a reader is shown; `key` identifies the stored record, if any. An answer typed by a
    person names the person in `publisher` and leaves `url`, `sheet` and `cell` empty.
    """

    title: str
    publisher: str = ""
    url: str = ""
    key: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""
    reliability: str = ""
    as_of: date | None = None

    @property
    def address(self) -> str:
        """`file › sheet › cell`, the parts that are known; empty for a source without a file."""
        return " › ".join(part for part in (self.file, self.sheet, self.cell) if part)


class Mark(StrEnum):
    """How well a citation was checked: read by us, from a secondary source, or not at all."""

    VERIFIED = "V"
    SECONDARY = "S"
    UNCHECKED = "K"

    @property
    def label(self) -> str:
        return {"V": "verified", "S": "secondary source", "K": "unchecked"}[self.value]


@dataclass(frozen=True, slots=True)
class Citation:
    """One provision of one instrument, with its official address and the day it was checked."""

    key: str
    instrument: str
    provision: str
    title: str
    url: str
    mark: Mark
    checked_on: date | None = None
    in_force_from: date | None = None
    says: str = ""

    @property
    def short(self) -> str:
        """`instrument, provision`, as printed beside a finding."""
        return f"{self.instrument}, {self.provision}" if self.provision else self.instrument
