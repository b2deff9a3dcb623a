"""What a person decides about single rows: same or new, keep or take, leave out, and a cell put right.

Each verb keeps who said what and when, then decides those rows anew, and with them the rows of the same
records. Nothing reaches the catalog before the import is applied.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from riskassess.accounts.models import User
from riskassess.accounts.roles import Can
from riskassess.catalog.identity import normalised
from riskassess.catalog.models import Vendor
from riskassess.imports.bulk import among, update_each
from riskassess.imports.decisions import NEW, SAME, SKIP, with_fixes
from riskassess.imports.manners import manners_in
from riskassess.imports.models import Batch, Row
from riskassess.imports.running import CHANGES, RESULT, count_rows, forget_plan, plan_batch, result_of
from riskassess.imports.stored import StoredRow
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from riskassess.kernel.places import index_of
from riskassess.sheets.reading import Manner
from riskassess.sheets.table import RowRole

OPEN = (Batch.State.PREVIEWED, *Batch.DONE)  # states in which rows that are not applied can be decided
LONGEST_CELL = 2000


def waiting(batch: Batch) -> int:
    """How many rows the next step would apply. A query only where some are applied already."""
    if batch.state == Batch.State.PREVIEWED:
        return sum(batch.counts.get(name, 0) for name in ("new", "updated", "conflicts"))
    if batch.state not in Batch.DONE:
        return 0
    return batch.rows.filter(applied_at__isnull=True, outcome__in=[*CHANGES, "unchanged"]).count()


@transaction.atomic
def decide(batch: Batch, number: int, verdict: str, *, by: User) -> None:
    """Whether a row is the record it is close to (`same`), a `new` one, left out (`skip`) or open again ("").

    For a vendor the word holds for all rows with that spelling, and is remembered once it is applied.
    """
    _lock(batch, by)
    row = _open_row(batch, number)
    if verdict not in {SAME, NEW, SKIP, ""}:
        raise InvalidInput("A row can be the same, new, or left out.", where="as")
    near = _near(row)
    if verdict == SAME and not near:
        raise InvalidInput("The row is close to no known record.", where="as")
    if near.get("kind") == "vendor" and verdict in {SAME, NEW}:
        _explain(batch, near, verdict, by)
        replan(batch, _spelt(batch, near["said"]))
        return
    kept = {**(row.decision or {}), "as": verdict, "record": None, **_signed(by)}
    if verdict == SAME:
        kept["record"] = near["record"]
    Row.objects.filter(pk=row.pk).update(decision=kept if verdict or kept.get("take") else None)
    replan(batch, [number])


@transaction.atomic
def decide_all(
    batch: Batch,
    number: int,
    *,
    by: User,
    verdict: str | None = None,
    take: Iterable[str] = (),
    keep: Iterable[str] = (),
    cells: dict[str, str] | None = None,
) -> None:
    """Several decisions about one row, all or none: its cells first, for they may change what is asked."""
    _lock(batch, by)
    if cells:
        fix(batch, number, cells, by=by)
    if verdict is not None:
        decide(batch, number, verdict, by=by)
    for attribute in take:
        choose(batch, number, attribute, take=True, by=by)
    for attribute in keep:
        choose(batch, number, attribute, take=False, by=by)


@transaction.atomic
def accept_proposals(batch: Batch, *, by: User) -> int:
    """Says *same* to every row that differs from a known record only in blanks, marks, capitals or order."""
    _lock(batch, by)
    asked: Any = batch.rows.filter(outcome=Row.Outcome.ASK, near__proposal=SAME)
    met: set[int] = set()
    for pk, number, near in list(asked.values_list("pk", "number", "near")):
        if near["kind"] == "vendor":
            _explain(batch, near, SAME, by)
        else:
            told = {"as": SAME, "record": near["record"], **_signed(by)}
            Row.objects.filter(pk=pk).update(decision=told)
        met.add(number)
    replan(batch, met)
    return len(met)


@transaction.atomic
def choose(batch: Batch, number: int, attribute: str, *, take: bool, by: User) -> None:
    """On a conflict: makes the sheet's value current when applied, or keeps it beside the current one."""
    _lock(batch, by)
    row = _open_row(batch, number)
    told = dict(row.decision or {})
    chosen = set(told.get("take", ()))
    if take and attribute not in (row.conflicts or {}):
        raise InvalidInput("The row says nothing against the record there.", where=attribute)
    chosen = chosen | {attribute} if take else chosen - {attribute}
    told |= {"take": sorted(chosen), **_signed(by)}
    Row.objects.filter(pk=row.pk).update(decision=told if chosen or told.get("as") else None)
    replan(batch, [number])


@transaction.atomic
def fix(batch: Batch, number: int, cells: dict[str, str], *, by: User) -> None:
    """Puts cells right, by their column letters. The sheet stays as it came; each fix says who made it."""
    _lock(batch, by)
    row = _open_row(batch, number)
    fixes = dict(row.fixes or {})
    for letters, text in cells.items():
        if letters not in batch.mapping:
            raise InvalidInput(f"The sheet has no column {letters}.", where=letters)
        if len(text) > LONGEST_CELL:
            raise InvalidInput(
                "The text is too long.", hint=f"Use {LONGEST_CELL:,} characters.", where=letters
            )
        at = index_of(letters)
        came = row.raw[at] if at < len(row.raw) else None
        if text.strip() == ("" if came is None else str(came)):
            fixes.pop(str(at), None)  # as it came
        else:
            fixes[str(at)] = {"value": text.strip() or None, **_signed(by)}
    before = manners_in(batch, cells)
    Row.objects.filter(pk=row.pk).update(fixes=fixes or None)
    if manners_in(batch, cells) == before:
        replan(batch, [number])
    else:  # the cell shows how its whole column is to be read
        replan(batch, batch.rows.data().filter(applied_at__isnull=True).values_list("number", flat=True))


def replan(batch: Batch, numbers: Iterable[int]) -> None:
    """Decides these rows anew, and the rows that mean the same records; applied rows stay as they are."""
    wanted = set(numbers)
    manners = manners_in(batch)
    rows = _load(batch, "number__in", wanted)
    planned = _planned(batch, rows, manners)
    keys = {row.key for row in rows.values()} | {plan.identity for plan in planned}
    others = _load(batch, "key__in", keys - {""})
    if others.keys() - wanted:
        rows |= others
        planned = _planned(batch, rows, manners)
    results = ((rows[plan.number].pk, result_of(plan)) for plan in planned if plan.outcome != "done")
    update_each(Row, [(pk, dict(zip(RESULT, result, strict=True))) for pk, result in results])
    batch.counts = count_rows(batch)
    Batch.objects.filter(pk=batch.pk).update(counts=batch.counts)
    forget_plan(batch)


def _load(batch: Batch, lookup: str, values: set[Any]) -> dict[int, Row]:
    return {row.number: row for row in batch.rows.data().filter(**{lookup: among(sorted(values))})}


def _planned(batch: Batch, rows: dict[int, Row], manners: Mapping[str, Manner]) -> list[Any]:
    ordered = [rows[number] for number in sorted(rows)]
    whole = plan_batch(
        batch,
        [StoredRow(row.number, with_fixes(row.raw, row.fixes), row.role, "", row.over) for row in ordered],
        {row.number: (row.decision, row.fixes) for row in ordered if row.decision or row.fixes},
        done=[row.number for row in ordered if row.applied_at],
        manners=manners,
    )
    return list(whole.rows)


def _spelt(batch: Batch, said: str) -> list[int]:
    """The rows that wait for a word on this spelling."""
    asked = batch.rows.filter(outcome=Row.Outcome.ASK, near__kind="vendor", near__said=said)
    return list(asked.values_list("number", flat=True))


def _explain(batch: Batch, near: dict[str, Any], verdict: str, by: User) -> None:
    vendor = Vendor.objects.filter(pk=near["record"]).first() if verdict == SAME else None
    if verdict == SAME and vendor is None:
        raise Conflict("That vendor is no longer there.", hint="Show the preview again.")
    said = dict(batch.decisions.get("vendors", {}))
    if not any(normalised(spelling) == normalised(near["said"]) for spelling in said):
        said[near["said"]] = {
            "record": vendor.pk if vendor else None, "name": vendor.name if vendor else "", **_signed(by),
        }  # fmt: skip
    batch.decisions = {**batch.decisions, "vendors": said}
    Batch.objects.filter(pk=batch.pk).update(decisions=batch.decisions)


@transaction.atomic
def forget_spelling(batch: Batch, spelling: str, *, by: User) -> None:
    """Opens the question about a vendor's spelling again; rows that are applied stay so."""
    _lock(batch, by)
    said = dict(batch.decisions.get("vendors", {}))
    if said.pop(spelling, None) is None:
        return
    batch.decisions = {**batch.decisions, "vendors": said}
    Batch.objects.filter(pk=batch.pk).update(decisions=batch.decisions)
    open_rows = batch.rows.filter(applied_at__isnull=True).exclude(outcome__in=["skip", "invalid"])
    replan(batch, open_rows.values_list("number", flat=True))


def _near(row: Row) -> dict[str, Any]:
    return row.near or {}


def _signed(by: User) -> dict[str, str]:
    return {"by": str(by), "at": timezone.now().isoformat(timespec="seconds")}


def _lock(batch: Batch, by: User) -> None:
    """Checks the right and the state, and keeps others from deciding at the same moment."""
    if not by.may(Can.IMPORT, batch.unit):
        raise NotAllowed(
            f"Your roles in {batch.unit} do not let you import.",
            hint="Ask an administrator for one that does.",
        )
    found = Batch.objects.select_for_update().filter(pk=batch.pk, state__in=OPEN).first()
    if found is None:
        raise Conflict("The rows of this import cannot be decided now.", hint="Reload the page.")
    batch.decisions, batch.counts, batch.mapping = found.decisions, found.counts, found.mapping


def _open_row(batch: Batch, number: int) -> Row:
    row = batch.rows.filter(number=number).first()
    if row is None:
        raise InvalidInput(f"There is no row {number}.", where="row")
    if row.role != RowRole.DATA.value:
        raise InvalidInput("This row is no entry.", hint="Say what it is on its page.", where="row")
    if row.applied_at is not None:
        raise Conflict("This row is applied already.", hint="Undo the import, or import a corrected sheet.")
    return row
