"""Which records are recorded, and who is acting: what every app says of itself; `trail` keeps the entries.

    @recorded(Realm.UNIT, about=("assessment",), unit="assessment.unit_id")
    class Answer(models.Model):
        objects = Recorded.as_manager()

From then on each change of an answer becomes an entry of the audit trail, in the change's own transaction:
made, saved and deleted ones by signals, those of `update` and `bulk_create`, which send none, by `Recorded`.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache, wraps
from typing import Any, Protocol, TypeVar

from django.db import models, transaction

M = TypeVar("M", bound=models.Model, covariant=True)
Kind = TypeVar("Kind", bound=type[models.Model])
FEW = 500  # rows that are written and told of at once


class Realm(StrEnum):
    """Who may read the entries of a record that belongs to no unit."""

    UNIT = "unit"  # nobody but those who read all: work without its unit is an error of ours
    COMPANY = "company"  # every member of any unit
    ACCOUNTS = "accounts"  # auditors and administrators


@dataclass(frozen=True, slots=True)
class Kept:
    """How the changes of one kind of record are kept.

    `about` are paths to the record on whose page they are read, the first that leads somewhere counts; none is
    the record itself. `unit` is the path to the id of the unit whose work it is. `called` names a record.
    """

    realm: Realm
    about: tuple[str, ...] = ()
    unit: str = ""
    leave_out: frozenset[str] = frozenset()
    hide: tuple[str, ...] = ()  # that it changed is kept, never what it was or is
    called: Callable[[Any], str] = str

    @property
    def loads(self) -> tuple[str, ...]:
        """What is read along with the record to find those ends, as `select_related` takes it."""
        paths = (*self.about, self.unit)
        return tuple({path.rpartition(".")[0].replace(".", "__") for path in paths if "." in path})


RECORDED: dict[type[models.Model], Kept] = {}


def recorded(
    realm: Realm,
    *,
    about: tuple[str, ...] = (),
    unit: str = "",
    leave_out: Iterable[str] = (),
    hide: tuple[str, ...] = (),
    called: Callable[[Any], str] = str,
) -> Callable[[Kind], Kind]:
    """Declares that each change of a model's records is kept, and that it is written together with its entry."""

    def register(model: Kind) -> Kind:
        RECORDED[model] = Kept(realm, about, unit, frozenset(leave_out), hide, called)
        for name in ("save", "delete"):
            setattr(model, name, _with_its_entry(getattr(model, name)))
        return model

    return register


def _with_its_entry(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def whole(*args: Any, **kwargs: Any) -> Any:
        if transaction.get_connection().in_atomic_block:
            return method(*args, **kwargs)
        with transaction.atomic():
            return method(*args, **kwargs)

    return whole


@lru_cache
def kept_fields(model: type[models.Model]) -> tuple[str, ...]:
    """The columns whose changes are kept: all but the key, times that follow from any change, and what leads away.

    What an entry is about it says beside its changes, unless there is nothing else to say.
    """
    kept = RECORDED[model]
    away = {*kept.leave_out, *kept.about}
    found = tuple(
        one.name
        for one in model._meta.concrete_fields
        if not one.primary_key
        and one.name not in away
        and not getattr(one, "auto_now", False)
        and not getattr(one, "auto_now_add", False)
    )
    return found or tuple(path for path in kept.about if "." not in path)


# --- who is acting --------------------------------------------------------------------------------------


def nobody() -> None:
    """The actor where none is known."""


@dataclass(frozen=True, slots=True)
class Acting:
    """Who changes something now, why, and by which way in. `by` is asked when something is written only."""

    by: Callable[[], Any] = nobody
    why: str = ""
    through: str = ""


_ACTING: ContextVar[Acting] = ContextVar("acting", default=Acting())  # noqa: B039 (frozen)
_PAUSED: ContextVar[bool] = ContextVar("paused", default=False)


@contextmanager
def acting(*, by: Any = None, why: str = "", through: str = "") -> Iterator[None]:
    """Within it, changes are by this person (or what gives the person), for this reason, on this way in.

    What is not said stays as it was outside.
    """
    now = _ACTING.get()
    if by is not None:
        now = replace(now, by=by if callable(by) else lambda: by)
    token = _ACTING.set(replace(now, why=why or now.why, through=through or now.through))
    try:
        yield
    finally:
        _ACTING.reset(token)


def who_acts() -> Acting:
    """What `acting` has said here."""
    return _ACTING.get()


@contextmanager
def told_as_one() -> Iterator[None]:
    """Within it nothing is recorded: whoever calls keeps one entry for all, with where the rest is written."""
    token = _PAUSED.set(True)
    try:
        yield
    finally:
        _PAUSED.reset(token)


def is_told_as_one() -> bool:
    return _PAUSED.get()


# --- what keeps the entries ---------------------------------------------------------------------------------


class Recorder(Protocol):
    """What turns changes into entries; the app `trail` gives it."""

    def made(self, rows: Sequence[models.Model]) -> None: ...

    def changed(self, pairs: Sequence[tuple[models.Model, models.Model]]) -> None: ...

    def told(self, record: models.Model, changes: dict[str, list[Any]]) -> None: ...


@dataclass(slots=True)
class _Given:
    recorder: list[Recorder] = field(default_factory=list)


_GIVEN = _Given()


def record_with(recorder: Recorder) -> None:
    """Entries are kept by this one from now on."""
    _GIVEN.recorder = [recorder]


def tell(record: models.Model, changes: dict[str, list[Any]]) -> None:
    """Keeps one entry about a record in words of the caller: {name: [before, after]}, in JSON's own values."""
    for recorder in _GIVEN.recorder:
        recorder.told(record, changes)


class Recorded(models.QuerySet[M]):
    """Rows whose changes are kept also where Django sends no signal."""

    def update(self, **changes: Any) -> int:
        """`update`, and an entry for each row that it changed. Two queries more, or three for expressions.

        Rows are locked before they are read, so that what an entry calls the old value is the old value. Many are
        all locked first, then read, written and told 500 at a time: by their ids, so that no other row is met.
        """
        if is_told_as_one() or self.model not in RECORDED or not self._touches(changes):
            return super().update(**changes)
        with transaction.atomic(using=self.db):
            mine: Any = self.order_by().select_for_update(of=("self",))
            loads = RECORDED[self.model].loads or (None,)
            first = list(mine.select_related(*loads)[: FEW + 1])
            if len(first) <= FEW:
                return self._update_told(first, changes)
            del first
            ids = [row.pk for row in mine.only("pk").iterator(chunk_size=FEW)]
            every: Any = self.model._base_manager.using(self.db).select_related(*loads)
            portions = (ids[start : start + FEW] for start in range(0, len(ids), FEW))
            return sum(self._update_told(list(every.filter(pk__in=some)), changes) for some in portions)

    def _update_told(self, before: list[Any], changes: dict[str, Any]) -> int:
        """Writes these rows and tells of them; they are locked. How many it was."""
        if not before:
            return 0
        plain: Any = self.model._base_manager.using(self.db)
        ids = [row.pk for row in before]
        count = plain.filter(pk__in=ids).update(**changes)
        if any(hasattr(value, "resolve_expression") for value in changes.values()):
            fresh = plain.in_bulk(ids)
            after = [fresh[pk] for pk in ids]
        else:
            after = [_with(row, changes) for row in before]
        for recorder in _GIVEN.recorder:
            recorder.changed(list(zip(before, after, strict=True)))
        return int(count)

    update.alters_data = True  # type: ignore[attr-defined]

    def _touches(self, changes: dict[str, Any]) -> bool:
        names = {self.model._meta.get_field(name).name for name in changes}
        return not names.isdisjoint(kept_fields(self.model))

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        """`bulk_create`, and an entry for each row. What an upsert changed cannot be known: it is refused."""
        if is_told_as_one() or self.model not in RECORDED:
            return super().bulk_create(objs, *args, **options)
        if options.get("ignore_conflicts") or options.get("update_conflicts"):
            raise TypeError(f"{self.model.__name__} is recorded: say what is new and what changes.")
        with transaction.atomic(using=self.db):
            made = super().bulk_create(objs, *args, **options)
            for recorder in _GIVEN.recorder:
                recorder.made(made)
        return made


def _with(row: models.Model, changes: dict[str, Any]) -> models.Model:
    changed = copy.copy(row)
    changed._state = copy.copy(row._state)
    changed._state.fields_cache = dict(row._state.fields_cache)
    for name, value in changes.items():
        setattr(changed, name, value)
    return changed
