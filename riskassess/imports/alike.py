"""Sheets of one file with the same column names: read, and applied, together; each stays an import of its own.

People keep a sheet for each vendor, cloud or chapter. What was confirmed for one of them holds for the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from riskassess.accounts.models import User
from riskassess.catalog.identity import normalised
from riskassess.imports import services
from riskassess.imports.layout import fingerprint, is_turned
from riskassess.imports.models import Batch
from riskassess.imports.outcomes import COUNTED
from riskassess.imports.reading import open_upload
from riskassess.imports.running import file_of
from riskassess.imports.survey import alike_in
from riskassess.imports.terms import terms_of
from riskassess.imports.understanding import understood
from riskassess.kernel.collector import collecting_later
from riskassess.kernel.errors import Conflict, InvalidInput

State = Batch.State
CONFIRMED = (State.READING, State.PREVIEWED, State.APPLYING, *Batch.DONE)
_PATIENCE = 10.0  # judgement: seconds that a person waits for the page


@dataclass(frozen=True, slots=True)
class SheetOf:
    """One sheet of a batch's file, as it was surveyed, and the newest import of it that one may see."""

    facts: Mapping[str, Any]
    batch: Batch | None
    is_alike: bool  # the batch's own columns, and not imported yet

    @property
    def name(self) -> str:
        return str(self.facts["name"])

    @property
    def told(self) -> str:
        """What its rows do, or did, to the catalog: `3 new, 1 invalid`. Titles and notes are no rows of it."""
        if self.batch is None or not self.batch.counts:
            return ""
        counts = self.batch.counts | {"skipped": self.batch.counts["skipped"] - self.batch.notes}
        return ", ".join(f"{counts[name]:,} {name}" for name in COUNTED.values() if counts.get(name))


def sheets_of(batch: Batch, user: User) -> list[SheetOf]:
    """Every sheet of the batch's file, in the order of the file. One query."""
    imports = {found.sheet: found for found in _imports(batch, user)} | {batch.sheet: batch}
    open_ = set(alike_in(batch.sheets, batch.sheet)) - imports.keys()
    return [
        SheetOf(sheet, imports.get(sheet["name"]), is_alike=sheet["name"] in open_) for sheet in batch.sheets
    ]


def ready(sheets: Sequence[SheetOf]) -> list[Batch]:
    """The imports among them that only have to be applied."""
    return [one.batch for one in sheets if one.batch is not None and one.batch.state == State.PREVIEWED]


def _imports(batch: Batch, user: User) -> list[Batch]:
    """The other imports of the file for the same unit, the newest last; what was undone or refused is none."""
    same = Batch.objects.visible_to(user).filter(sha256=batch.sha256, unit=batch.unit).exclude(pk=batch.pk)
    gone = (State.UNDONE, State.REFUSED)
    return list(same.exclude(state__in=gone).defer("mapping", "sheets").order_by("pk"))


@collecting_later()
def read_alike(batch: Batch, *, by: User) -> dict[str, str]:
    """Reads the sheets with the batch's columns as it is read, and asks for their previews.

    What was not: the name of each sheet that stays, with the reason. Sheets that would take too long wait to be asked
    for once more. Conflict while the batch's own columns are not confirmed; NotAllowed without the right to import.
    """
    services.require_import(by, batch.unit)
    if batch.state not in CONFIRMED:
        raise Conflict("The columns of this sheet are not confirmed.", hint="Confirm them first.")
    waiting = [sheet.name for sheet in sheets_of(batch, by) if sheet.is_alike]
    until = monotonic() + _PATIENCE
    data, stayed = file_of(batch), dict[str, str]()
    book = open_upload(data, batch.file_name)
    said = terms_of(batch)
    # What each sheet says for itself is proposed for each anew.
    own_vendor = said.vendor is not None and said.vendor.value == batch.default_vendor
    own_day = said.day is not None and said.day.value == batch.stated_on.isoformat()
    for name in waiting:
        if monotonic() > until:
            break
        try:
            found = understood(book, name, None, batch.shape, is_turned(batch.mapping))
            if any(one.sheet == name for one in _imports(batch, by)):
                continue  # somebody has asked for the same meanwhile
            made = services.upload(
                data,
                batch.file_name,
                unit=batch.unit,
                by=by,
                stated_on=batch.stated_on,
                source_kind=batch.source_kind,
                default_vendor="" if own_vendor else _vendor(batch, name),
                read=services.Read(batch.file_name, batch.sheets, found),
                day_is_said=not own_day,
            )
            if fingerprint(made.mapping) != fingerprint(batch.mapping):
                stayed[name] = "Its columns are not quite the same. Confirm them first."
                continue  # nobody has seen how they are read
            services.confirm_columns(made, {}, by=by)
        except InvalidInput as error:
            stayed[name] = f"{error.message} {error.hint}".strip()
    return stayed


def _vendor(batch: Batch, sheet: str) -> str:
    """Whose the rows of another sheet are: where the vendor is named as the sheet is, that one's is as well."""
    named_alike = normalised(batch.default_vendor) == normalised(batch.sheet)
    return sheet if named_alike else batch.default_vendor


def apply_ready(batch: Batch, *, by: User) -> int:
    """Asks for all imports of the file that are previewed to be applied; how many they are."""
    services.require_import(by, batch.unit)
    waiting = ready(sheets_of(batch, by))
    for one in waiting:
        services.request_apply(one, by=by)
    return len(waiting)
