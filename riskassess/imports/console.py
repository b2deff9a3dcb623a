"""Imports from the server's console: whose they are, and the same steps without a worker."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Can
from riskassess.catalog.models.source import Kind
from riskassess.imports import running, services
from riskassess.imports.decisions import NEW, Decisions
from riskassess.imports.layout import Columns, with_choices, with_currency
from riskassess.imports.models import Batch, Row
from riskassess.imports.reading import Progress, open_upload
from riskassess.imports.shapes.registry import shape_named
from riskassess.imports.shapes.shape import Sheet, plan_whole
from riskassess.imports.spool import Spool
from riskassess.imports.stored import StoredRow, stored_rows
from riskassess.imports.survey import survey
from riskassess.imports.terms import Terms, terms_in, terms_of
from riskassess.imports.understanding import VOCABULARIES, understood
from riskassess.imports.undo import take_back
from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.files import shown_name
from riskassess.recording import acting
from riskassess.sheets.table import is_virtual

SYSTEM_EMAIL = "system@riskassess.invalid"
FIRST_UNIT = "Company"


@dataclass(frozen=True, slots=True)
class Instructions:
    """How the sheet is to be read: what --mapping and the options say."""

    stated_on: date
    sheet: str = ""
    header_row: int | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)
    default_vendor: str = ""
    source_kind: str = "analyst"
    currency: str = ""
    shape: str = ""
    sideways: bool | None = None  # whether its columns are the entries; None where nobody has said
    day_is_said: bool = (
        True  # whether somebody has said `stated_on`; else an earlier day that the sheet states counts
    )
    leave_near: bool = False  # rows close to a known record wait for a decision in the browser


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the import did, or would do."""

    counts: dict[str, int]
    problems: list[dict[str, str]]
    shape: str = ""
    others: tuple[tuple[str, str], ...] = ()  # other sheets that could be imported, and what each seems to be
    taken: tuple[dict[str, str], ...] = ()  # what the file says for every row, and nobody has said

    @property
    def is_refused(self) -> bool:
        """Whether there were rows and none of them could be used."""
        usable = self.counts["new"] + self.counts["updated"] + self.counts["unchanged"]
        return not usable and self.counts["invalid"] > 0


def read_mapping(path: Path) -> dict[str, Any]:
    """The mapping file as keyword arguments of Instructions. InvalidInput names what is wrong in it."""
    try:
        said = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InvalidInput(
            f"The mapping cannot be read: {error}", hint="It is a JSON file; see --help.", where=str(path)
        ) from error
    known = {"header_row": int, "columns": dict, "default_vendor": str, "stated_on": str, "source_kind": str,
             "sheet": str, "currency": str, "shape": str, "sideways": bool}  # fmt: skip
    if not isinstance(said, dict):
        raise InvalidInput("The mapping is not a JSON object.", hint="See --help.", where=str(path))
    for name, value in said.items():
        if name not in known:
            raise InvalidInput(
                f"The mapping has an unknown entry “{name}”.",
                hint=f"Known: {', '.join(known)}.",
                where=str(path),
            )
        if not isinstance(value, known[name]) or isinstance(value, bool) is not (known[name] is bool):
            wanted = {int: "a whole number", dict: "an object", str: "text", bool: "true or false"}[
                known[name]
            ]
            raise InvalidInput(f"“{name}” is not {wanted}.", where=str(path))
    if "stated_on" in said:
        said["stated_on"] = as_day(said["stated_on"])
    return said


def as_day(text: str) -> date:
    """A day written as 2026-11-24."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(f"“{text}” is not a day.", hint="Write it as 2026-11-24.") from error


def check_kind(source_kind: str) -> None:
    """InvalidInput unless the kind is one a source can have."""
    if source_kind not in Kind.values:
        raise InvalidInput(
            f"There is no source kind “{source_kind}”.", hint=f"Choose one of: {', '.join(Kind.values)}."
        )


def owner(email: str, unit_name: str) -> tuple[User, BusinessUnit]:
    """Whose import it is. A named person needs the right; without one it is the system's.

    On an empty database this makes the unit “Company” and an account that nobody can sign in to.
    """
    if email:
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise InvalidInput(f"There is no person {email}.", hint="Leave --user out, or check the address.")
    else:
        user = _system_user()
    units = BusinessUnit.objects.where(user, Can.IMPORT) if email else BusinessUnit.objects.all()
    if unit_name:
        unit = BusinessUnit.objects.filter(name__iexact=unit_name).first()
        if unit is None:
            names = ", ".join(BusinessUnit.objects.values_list("name", flat=True)) or "none yet"
            raise InvalidInput(f"There is no unit {unit_name}.", hint=f"There are: {names}.")
        if email and not user.may(Can.IMPORT, unit):
            raise InvalidInput(f"{user} may not import in {unit}.", hint="Give the person a role that does.")
        return user, unit
    unit = units.order_by("pk").first()
    if unit is None and email:
        raise InvalidInput(f"{user} may not import in any unit.", hint="Give the person a role that does.")
    return user, unit or BusinessUnit.objects.create(name=FIRST_UNIT)


def _system_user() -> User:
    found = User.objects.filter(email=SYSTEM_EMAIL).first()
    return found or User.objects.create_user(SYSTEM_EMAIL, None, name="System", is_active=False)


def rehearse(data: bytes, file_name: str, told: Instructions) -> Outcome:
    """What the import would do; nothing is stored."""
    name = shown_name(file_name)
    book = open_upload(data, name)
    found = understood(book, told.sheet, told.header_row, told.shape, told.sideways)
    shape, layout = found.shape, found.layout
    _check_that_known(found.guesses[0].confidence, layout.columns, told)
    columns = with_currency(layout.columns, told.currency, shape.by_name)
    columns = with_choices(columns, told.columns, fields=shape.by_name)
    sheets = survey(book, VOCABULARIES)
    told, taken = _with_terms(told, terms_in(sheets, layout.grid.name, shape, columns))
    shape.check(columns, default_vendor=told.default_vendor)
    whole = plan_whole(
        shape,
        Sheet(
            Spool(stored_rows(layout.table, columns), StoredRow),
            columns,
            layout.header_row,
            default_vendor=told.default_vendor,
            sha256=services.digest(data),
            name=layout.grid.name,
            stated_on=told.stated_on,
            file_name=name,
            told=Decisions(asks=told.leave_near),
        ),
    )
    problems = _with_sheet(layout.grid.name, (row.problems for row in whole.planned.rows))
    others = _others(sheets, layout.grid.name)
    return Outcome(_five(whole.counts), problems, str(shape.name), others, taken)


def bring_in(
    data: bytes, file_name: str, told: Instructions, *, by: User, unit: BusinessUnit, progress: Progress
) -> tuple[Outcome, Batch]:
    """Imports the file in this process. Refused, it leaves no batch behind."""
    with acting(by=by):
        return _bring_in(data, file_name, told, by=by, unit=unit, progress=progress)


def _bring_in(
    data: bytes, file_name: str, told: Instructions, *, by: User, unit: BusinessUnit, progress: Progress
) -> tuple[Outcome, Batch]:
    batch = services.store(
        data,
        file_name,
        unit=unit,
        by=by,
        stated_on=told.stated_on,
        source_kind=told.source_kind,
        default_vendor=told.default_vendor,
        sheet=told.sheet,
        header_row=told.header_row,
        shape=told.shape,
        sideways=told.sideways,
        day_is_said=told.day_is_said,
    )
    _, taken = _with_terms(told, terms_of(batch))
    if not told.leave_near:
        batch.decisions = {"near": NEW}
        Batch.objects.filter(pk=batch.pk).update(decisions=batch.decisions)
    try:
        _check_that_known(batch.guesses[0]["confidence"], batch.mapping, told)
        fields = shape_named(batch.shape).by_name
        batch.mapping = with_currency(batch.mapping, told.currency, fields)
        services.settle_columns(batch, told.columns, by=by)
    except InvalidInput:
        batch.delete()
        batch.file.delete(save=False)
        raise
    running.preview(batch.pk, progress=progress)
    services.begin_applying(batch)
    counts = _five(running.apply(batch.pk, progress=progress))
    batch.refresh_from_db()
    staying = Row.objects.staying().filter(batch=batch).order_by("number")
    problems = _with_sheet(batch.sheet, staying.values_list("problems", flat=True))
    return Outcome(counts, problems, batch.shape, _others(batch.sheets, batch.sheet), taken), batch


def _with_terms(told: Instructions, said: Terms) -> tuple[Instructions, tuple[dict[str, str], ...]]:
    """The instructions with what the file says and they leave open; and that, for whoever reads the result."""
    vendor = None if told.default_vendor.strip() else said.vendor
    earlier = None if told.day_is_said else said.day_before(told.stated_on)
    open_ = (("default_vendor", vendor), ("stated_on", said.day if earlier else None))
    taken = tuple(
        {"what": name, "value": line.value, "sheet": line.sheet, "cell": line.cell}
        for name, line in open_
        if line is not None
    )
    told = replace(
        told,
        default_vendor=vendor.value if vendor else told.default_vendor,
        stated_on=earlier or told.stated_on,
    )
    return told, taken


def _check_that_known(confidence: float, columns: Columns, told: Instructions) -> None:
    """InvalidInput where nobody looks at the columns first, nothing speaks for any shape and nobody has named one."""
    if confidence or told.shape or told.columns:
        return
    names = ", ".join(f"“{column['header'][:40]}”" for at, column in columns.items() if not is_virtual(at))
    raise InvalidInput(
        f"The list is of no kind that we know by its column names: {names[:300]}.",
        hint="Say what it is (--shape) and what its columns hold (--mapping); if no shape fits, attach it to a record.",
        where="columns",
    )


def _others(sheets: Iterable[Mapping[str, Any]], read: str) -> tuple[tuple[str, str], ...]:
    """The sheets beside the one that was read: each is an import of its own."""
    return tuple((one["name"], one["seems"]) for one in sheets if one["name"] != read and not one["refused"])


def _five(counts: dict[str, int]) -> dict[str, int]:
    """The counts that the command promises: a value kept beside is an update, a question left open a skip."""
    rest = {name: count for name, count in counts.items() if name not in {"asked", "conflicts"}}
    rest["updated"] += counts.get("conflicts", 0)
    rest["skipped"] += counts.get("asked", 0)
    return rest


def undo(batch_id: int, *, email: str) -> Batch:
    """Undoes an import; the console is told the names of all that rests on it."""
    batch = Batch.objects.select_related("unit").filter(pk=batch_id).first()
    if batch is None:
        raise InvalidInput(f"There is no import {batch_id}.", hint="Its address ends in its number.")
    by, _ = owner(email, batch.unit.name)
    take_back(batch, by, sees=None)
    return batch


def _with_sheet(sheet: str, problems: Iterable[list[dict[str, str]]]) -> list[dict[str, str]]:
    return [
        {"sheet": sheet, "cell": p["cell"], "what": p["what"], "hint": p["hint"]}
        for row in problems
        for p in row
    ]
