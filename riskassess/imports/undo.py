"""Taking an applied import back: what it made is gone, what it changed is as it was, to the byte.

It is refused as long as anything rests on the import: an assessment or a claim on a record it made, a value
that somebody changed since, another import that met its records. Nothing is deleted in passing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, Q
from django.utils import timezone

from riskassess import recording
from riskassess.accounts.models import User
from riskassess.catalog.showing import label_of
from riskassess.imports.aftermath import tell, touched
from riskassess.imports.bulk import update_each
from riskassess.imports.edited import edited
from riskassess.imports.journal import KINDS, Range, Record, as_json, ranges_of, read_journal
from riskassess.imports.loading import in_portions
from riskassess.imports.models import Batch, JournalPage, Row
from riskassess.imports.running import one_at_a_time
from riskassess.kernel.errors import Conflict

MOST = 20  # things of one kind that are named
_TERMS = 100  # ranges in one query
_LONGEST = 80  # characters of a name or a value in a sentence


@dataclass(frozen=True, slots=True)
class Rests:
    """One thing that rests on the import, and what of the import it rests on."""

    what: str
    name: str
    url: str
    on: str

    def __str__(self) -> str:
        return f"{self.what} “{self.name}”" + (f" ({self.on})" if self.on else "")


@dataclass(frozen=True, slots=True)
class Counted:
    """How many records of a kind the import made or changed."""

    label: str
    made: int
    changed: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """What undoing would take back, and what stands in its way. `hidden` rests on it, out of the person's sight."""

    counted: list[Counted]
    rests: list[Rests]
    hidden: int = 0
    unwritten: bool = False  # it changed the catalog before imports kept a journal

    @property
    def is_possible(self) -> bool:
        return not (self.rests or self.hidden or self.unwritten)

    @property
    def reason(self) -> str:
        """Why it cannot be undone, in a sentence; '' when it can."""
        if self.unwritten:
            return "What this import changed was not written down at that time."
        named = [str(one) for one in self.rests[:3]]
        further = len(self.rests) - len(named) + self.hidden
        if further:
            named.append(f"{further:,} more")
        return f"Something rests on this import: {', '.join(named)}." if named else ""


def outlook(batch: Batch, by: User | None) -> Outlook:
    """What undoing the batch means. `by` is told the names of what they may see; None is told all."""
    record = read_journal(batch.pk)
    rests, hidden = _resting(batch, record, by)
    counted = [
        Counted(
            str(kind._meta.verbose_name_plural), record.count_made(name), len(record.changed.get(name, ()))
        )
        for name, kind in reversed(KINDS.items())
        if name in record.made or name in record.changed
    ]
    did = sum(batch.counts.get(name, 0) for name in ("new", "updated", "conflicts"))
    return Outlook(counted, rests, hidden, unwritten=bool(did and record.is_empty))


def take_back(batch: Batch, by: User, *, sees: User | None) -> None:
    """Undoes the batch in one transaction. Conflict when something rests on it, or it is not applied."""
    try:
        with transaction.atomic():
            one_at_a_time()
            before = batch.state
            with recording.told_as_one():
                moved = Batch.objects.filter(pk=batch.pk, state__in=Batch.DONE).update(
                    state=Batch.State.UNDONE, undone_at=timezone.now(), undone_by=by, source=None
                )
            if not moved:
                raise Conflict("Only an import that is applied can be undone.", hint="Reload the page.")
            batch.refresh_from_db()
            found = outlook(batch, sees)
            if not found.is_possible:
                raise Conflict(found.reason, hint="Undo or remove that first.")
            offerings = touched(batch)
            pages = JournalPage.objects.filter(batch=batch, taken_back=False).order_by("pk")
            taken_back = ranges_of(pages.values_list("pk", flat=True))
            with recording.told_as_one():
                _restore(batch, read_journal(batch.pk))
            changes: dict[str, list[Any]] = {
                "state": [before, batch.state],
                "taken_back": [None, {"pages": taken_back}],
            }
            with recording.acting(by=by):
                recording.tell(batch, changes)
            tell(batch, offerings, by)
    except IntegrityError as error:
        raise Conflict(
            "At this moment somebody used what this import made.", hint="Reload the page."
        ) from error


def _restore(batch: Batch, record: Record) -> None:
    for portion in _portions(record.made.get("offering", [])):
        Row.objects.filter(_within("offering_id", portion)).update(offering=None)
    batch.rows.filter(applied_at__isnull=False).update(applied_at=None)
    for name, kind in KINDS.items():
        _delete(kind, record.made.get(name, []))
    for name, kind in KINDS.items():
        update_each(kind, list(_before(kind, record.changed.get(name, {}))))
    JournalPage.objects.filter(batch=batch).update(taken_back=True)


def _delete(kind: type[models.Model], ranges: Sequence[Range]) -> None:
    """Nothing cascades: what still pointed here would stop the transaction."""
    quote = connection.ops.quote_name
    sql = f"DELETE FROM {quote(kind._meta.db_table)} WHERE id BETWEEN %s AND %s"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(sql, ranges)


def _before(
    kind: type[models.Model], changed: dict[int, tuple[dict[str, Any], dict[str, Any]]]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The columns as they were. A record that changed in other ways since says so by its time."""
    touched = dict(_now(kind, changed, ["updated_at"])) if _has_time(kind) else {}
    for pk, (was, became) in changed.items():
        columns = {name: _from_json(kind, name, value) for name, value in was.items()}
        if "updated_at" in columns and touched[pk]["updated_at"] != became["updated_at"]:
            columns["updated_at"] = timezone.now()
        yield pk, columns


def _has_time(kind: type[models.Model]) -> bool:
    return any(field.name == "updated_at" for field in kind._meta.concrete_fields)


def _from_json(kind: type[models.Model], name: str, value: Any) -> Any:
    field = next(f for f in kind._meta.concrete_fields if name in (f.attname, f.name))
    if isinstance(field, models.DateField | models.DecimalField):
        return field.to_python(value)
    return value


def _now(
    kind: type[models.Model], pks: Iterable[int], names: Sequence[str]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """The records' present columns as the journal writes them."""
    for portion in in_portions(pks):
        for pk, *values in kind._default_manager.filter(pk__in=portion).values_list("pk", *names):
            yield pk, {name: as_json(value) for name, value in zip(names, values, strict=True)}


# --- what rests on it -----------------------------------------------------------------------------------


def _resting(batch: Batch, record: Record, by: User | None) -> tuple[list[Rests], int]:
    rests: list[Rests] = []
    hidden = 0
    for name in record.made:
        found, unseen = _pointing(batch, record, name, by)
        rests += found
        hidden += unseen
    later, unseen = _later_imports(batch, record, by)
    rests += later
    rests += _changed_since(record)
    corrected, unread = _corrected_since(record, by)
    return rests + corrected, hidden + unseen + unread


def _pointing(batch: Batch, record: Record, name: str, by: User | None) -> tuple[list[Rests], int]:
    """Records of others that point to what was made. A query for each relation, unless ids lie scattered."""
    rests: list[Rests] = []
    hidden = 0
    for field in _relations(KINDS[name]):
        related: type[models.Model] = field.model
        own = _portions(record.made.get(_kind_of(related), []))
        turned = _turned(record, _kind_of(related), field.attname)
        for portion in _portions(record.made[name]):
            pointing = related._default_manager.filter(_within(field.attname, portion))
            for ours in own:
                pointing = pointing.exclude(_within("pk", ours))
            if related is Batch:
                pointing = pointing.exclude(pk=batch.pk)
            others = set(pointing.values_list("pk", flat=True)) - turned
            found, unseen = _named(related, sorted(others), field, by)
            rests += found
            hidden += unseen
    return rests, hidden


def _relations(kind: type[models.Model]) -> Iterator[models.ForeignKey[Any, Any]]:
    """Every foreign key to records of this kind, those of many-to-many tables included."""
    for relation in kind._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and relation.related_model is not Row:
            yield relation.field


def _turned(record: Record, name: str, column: str) -> set[int]:
    """Records that the import itself has made to point where they do; they will point back."""
    return {pk for pk, (_, became) in record.changed.get(name, {}).items() if column in became}


def _kind_of(related: type[models.Model]) -> str:
    return next((name for name, kind in KINDS.items() if kind is related), "")


def _named(
    related: type[models.Model], others: list[int], field: models.ForeignKey[Any, Any], by: User | None
) -> tuple[list[Rests], int]:
    """Those that `by` may see by name, and how many others there are."""
    if not others:
        return [], 0
    visible: Any = related._default_manager.filter(pk__in=others[:MOST])
    if by is not None and hasattr(visible, "visible_to"):
        visible = visible.visible_to(by)
    elif by is not None and related._meta.app_label != "catalog":
        visible = visible.none()
    owner: Any = related._meta.auto_created  # of the rows behind a many-to-many field
    what = str((owner or related)._meta.verbose_name)
    rests = [
        _rests(what, getattr(one, owner._meta.model_name) if owner else one, getattr(one, field.name))
        for one in visible.order_by("pk")
    ]
    return rests, len(others) - len(rests)


def _rests(what: str, one: Any, on: object) -> Rests:
    address = getattr(one, "get_absolute_url", None)
    return Rests(what, _short(one), address() if address else "", _short(on))


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _later_imports(batch: Batch, record: Record, by: User | None) -> tuple[list[Rests], int]:
    """Imports applied since that met the same records, also those that found nothing to change."""
    met = batch.rows.filter(
        outcome__in=[Row.Outcome.NEW, Row.Outcome.UPDATE, Row.Outcome.CONFLICT],
        offering__import_rows__applied_at__gt=F("applied_at"),
    )
    found = set(met.values_list("offering__import_rows__batch", flat=True).distinct())
    changed = {"offering": "offering_id", "model": "offering__model_id"}
    for name, column in changed.items():
        for portion in in_portions(record.changed.get(name, ())):
            rows = Row.objects.filter(**{f"{column}__in": portion}, applied_at__gt=batch.applied_at)
            found |= set(rows.values_list("batch", flat=True).distinct())
    later = Batch.objects.filter(pk__in=found - {batch.pk}, state__in=Batch.DONE)
    seen = later if by is None else later.visible_to(by)
    rests = [_rests("import", one, "later, of the same records") for one in seen.order_by("applied_at")]
    return rests, later.count() - len(rests)


def _changed_since(record: Record) -> list[Rests]:
    """Values that are no longer as the import left them."""
    rests = []
    for name, changed in record.changed.items():
        kind = KINDS[name]
        columns = sorted({column for _, became in changed.values() for column in became})
        present = dict(_now(kind, changed, columns))
        moved = [
            (pk, column, value)
            for pk, (_, became) in changed.items()
            for column, value in became.items()
            if column != "updated_at"
            and (pk not in present or _differs(kind, column, present[pk][column], value))
        ]
        records = kind._default_manager.in_bulk({pk for pk, _, _ in moved[:MOST]})
        for pk, column, value in moved[:MOST]:
            if pk in records:
                rests.append(_rests("the newer value of", records[pk], _difference(column, value)))
            else:
                rests.append(Rests(f"the removal of {kind._meta.verbose_name}", str(pk), "", ""))
    return rests


def _corrected_since(record: Record, by: User | None) -> tuple[list[Rests], int]:
    """Records that the import made and people have corrected since: undoing it would take their work along."""
    rests: list[Rests] = []
    hidden = 0
    for name, ranges in record.made.items():
        kind = KINDS[name]
        found = edited(kind, _portions(ranges))
        visible: Any = kind._default_manager.filter(pk__in=sorted(found)[:MOST])
        if by is not None and hasattr(visible, "visible_to"):
            visible = visible.visible_to(by)
        seen = list(visible.order_by("pk"))
        hidden += kind._default_manager.filter(pk__in=sorted(found)).count() - len(seen) if found else 0
        columns = {one.pk: ", ".join(map(label_of, found[one.pk])) for one in seen}
        rests += [_rests("the correction of", one, columns[one.pk]) for one in seen]
    return rests, hidden


def _differs(kind: type[models.Model], name: str, left: Any, right: Any) -> bool:
    """Whether two values of a column are not the same; 0.5 and 0.5000000000 are, and so are days and moments."""
    return bool(left != right and _from_json(kind, name, left) != _from_json(kind, name, right))


def _difference(column: str, left: Any) -> str:
    return f"{label_of(column)}, which this import had left at {_short(left)}"


def _within(column: str, ranges: Sequence[Range]) -> Q:
    """Ids in any of the ranges."""
    found = Q(pk__in=[])
    for first, last in ranges:
        found |= Q(**{f"{column}__gte": first, f"{column}__lte": last})
    return found


def _portions(ranges: Sequence[Range]) -> list[Sequence[Range]]:
    return [ranges[start : start + _TERMS] for start in range(0, len(ranges), _TERMS)]
