"""Models down, regions across, a mark in each cell: what is offered where, under which deployment type."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from riskassess.catalog.identity import normalised
from riskassess.catalog.models import Availability, Region, Source
from riskassess.imports.journal import Journal
from riskassess.imports.known import KnownOffering, pk_of
from riskassess.imports.layout import Columns, Layout, source_columns
from riskassess.imports.loading import in_portions
from riskassess.imports.shapes.across import JOINT, NAMED, models_across
from riskassess.imports.shapes.deployments import DeploymentType, deployment_in, scope_of
from riskassess.imports.shapes.lines import Line, RowResult, repeated, result_of
from riskassess.imports.shapes.names import ShapeName
from riskassess.imports.shapes.records import Writer
from riskassess.imports.shapes.shape import Need, Shape, ShapePlan, Sheet
from riskassess.imports.shapes.subjects import Subjects, subjects_of
from riskassess.imports.shapes.vocabulary import MATRIX_FIELDS
from riskassess.imports.writing import write_catalog
from riskassess.kernel.places import cell_at, index_of
from riskassess.kernel.stated import Known as KnownValue
from riskassess.kernel.stated import NotApplicable
from riskassess.sheets.marks import LOST, Mark, parse_mark
from riskassess.sheets.results import Problem, Result, quoted, text_of, tidy
from riskassess.sheets.table import SHEET_LETTERS, TITLE_LETTERS, is_virtual

_CHECKED = 200  # rows looked at to see whether a column holds marks
_SHARE = 0.9
_NAMING = frozenset(
    {"vendor", "model_name", "model_id", "version", "developer", "channel", "deployment_type"}
)


@dataclass(frozen=True, slots=True)
class Place:
    """A column of marks: the region over it, and the deployment type over the region."""

    letters: str
    code: str
    deployment: str


@dataclass(frozen=True, slots=True)
class Noted:
    """What is on record of an offering, a deployment type and a region."""

    pk: int
    mark: str
    source: int


@dataclass(slots=True)
class NewMark:
    """A mark to write; with `pk` it corrects the reading of the same cell."""

    offering: KnownOffering
    place: Place
    deployment: str
    mark: str
    raw: str
    row: int
    pk: int | None = None


Key = tuple[int, str, str]
"""An offering's id, a deployment type and a region code, the latter two normalised."""


@dataclass(slots=True)
class Work:
    """What the plan meets and what it makes."""

    subjects: Subjects
    noted: dict[Key, list[Noted]]
    regions: dict[str, list[tuple[int, int]]]  # code or name -> (region, provider)
    source: int | None
    marks: list[NewMark] = field(default_factory=list)
    seen: dict[tuple[int, str, str], str] = field(default_factory=dict)  # what rows above have said


class Matrix(Shape):
    name = ShapeName.MATRIX
    lands = (
        "Each mark says whether an offering can be deployed in a region under one deployment type. A tick is "
        "yes, a dash is no, a blank cell says nothing. Where a model is offered is not where it infers."
    )
    fields = MATRIX_FIELDS
    stored = _NAMING | {"mark", "region"}
    many = frozenset({"mark"})
    needs = (
        Need(
            ("model_name", "model_id", "region"),
            "No column names the models, or the regions.",
            "Choose Model for one column; or Region, where the models stand over the columns.",
        ),
        Need(("mark",), "No column holds marks.", "Choose Mark for the columns under the regions."),
        Need(
            ("vendor",),
            "Nothing says who sells the models.",
            "Choose Vendor for one column, or name the one vendor of the whole sheet.",
            vendor_will_do=True,
        ),
    )
    called_by = ("model_name", "model_id", "region")
    owned_by = ("vendor",)
    labels = {"offered": "offered in", "not_offered": "not offered in", "other": "does not apply in"}

    def adjusted(self, layout: Layout) -> Columns:
        """Columns of nothing but marks are read as such, each with the deployment type over it or the sheet's."""
        table = layout.table
        titles = [table.title.text] if table.title else []
        over = next(filter(None, map(deployment_in, [*titles, layout.grid.name])), None)
        first = table.body_header.row_index + 1
        rows = table.body.rows[first : first + _CHECKED]
        columns = {}
        for letters, column in layout.columns.items():
            columns[letters] = column
            if column["field"] or not column["header"]:
                continue
            if is_virtual(letters):
                if letters not in (TITLE_LETTERS, SHEET_LETTERS) and any(
                    map(deployment_in, column["samples"])
                ):
                    why = "headings that name deployment types"
                    columns[letters] = column | {"field": "deployment_type", "confidence": 0.9, "why": why}
            elif _is_marked([row[index_of(letters) - layout.grid.first_column] for row in rows]):
                columns[letters] = column | _as_mark(column["header"], over)
        return columns

    def source_columns(self, columns: Columns) -> dict[str, dict[str, Any]]:
        return source_columns(columns)

    def plan(self, sheet: Sheet) -> ShapePlan:
        lines = self.lines(sheet)
        places = places_of(sheet.columns)
        if _is_across(sheet.columns):
            return self._plan_across(lines, places, sheet)
        subjects = subjects_of(
            sheet.rows,
            sheet.columns,
            default_vendor=sheet.default_vendor,
            sha256=sheet.sha256,
            sheet=sheet.name,
            stated_on=sheet.stated_on,
            preferring={line.number: _deployment(line, places) for line in lines},
        )
        return plan_marks(lines, places, _load(subjects, sheet))

    def _plan_across(self, lines: Sequence[Line], places: Sequence[Place], sheet: Sheet) -> ShapePlan:
        """Regions down: the models are the columns' headings, and so is where they are named."""
        subjects = subjects_of(
            models_across([place.letters for place in places], sheet.columns),
            NAMED,
            default_vendor=sheet.default_vendor,
            sha256=sheet.sha256,
            sheet=sheet.name,
            stated_on=sheet.stated_on,
            preferring={at: place.deployment for at, place in enumerate(places, 1)},
        )
        work = _load(subjects, sheet)
        for plan in subjects.plans.values():
            if plan.offering is not None and plan.offering.row:
                plan.offering.row = plan.offering.model.row = sheet.header_row
        return ShapePlan([_row_across(line, places, work) for line in lines], work)

    def write(self, planned: ShapePlan, source: Source, on: date, journal: Journal) -> None:
        work: Work = planned.work
        write_catalog(work.subjects.catalog, source, on=on, journal=journal)
        writer = Writer(source, on, journal)
        writer.make([_record(mark, work, source, on) for mark in work.marks if mark.pk is None])
        corrected = [
            (mark.pk, {"mark": mark.mark, "raw": mark.raw, "stated_on": on})
            for mark in work.marks
            if mark.pk is not None
        ]
        writer.change(Availability, corrected)


def _as_mark(header: str, over: DeploymentType | None) -> dict[str, Any]:
    upper, _, code = header.rpartition(JOINT)
    found = deployment_in(upper) or over
    said = f"; deployment type {quoted(found.name)}" if found else "; no deployment type is named"
    return {
        "field": "mark",
        "confidence": 0.95,
        "deployment": found.name if found else "",
        "why": f"its cells are marks, under the region {quoted(tidy(code))}{said}",
    }


def _is_marked(cells: Sequence[Any]) -> bool:
    read = [parse_mark(cell) for cell in cells if cell is not None and tidy(text_of(cell))]
    lost = sum(cell == LOST for cell in cells)
    return bool(read) and sum(_is_mark(one) for one in read) + lost >= _SHARE * len(read)


def _is_mark(read: Result[Mark]) -> bool:
    return not isinstance(read, Problem) and isinstance(read.stated, KnownValue | NotApplicable)


def places_of(columns: Columns) -> list[Place]:
    """The columns of marks, each with its region and deployment type."""
    return [
        Place(letters, tidy(column["header"].rpartition(JOINT)[2])[:80], column.get("deployment", ""))
        for letters, column in columns.items()
        if column["field"] == "mark"
    ]


def _deployment(line: Line, places: Sequence[Place]) -> str:
    """The deployment type of a row: its own, else the one that all its columns share."""
    shared = {place.deployment for place in places}
    return line.text("deployment_type") or (shared.pop() if len(shared) == 1 else "")


def _load(subjects: Subjects, sheet: Sheet) -> Work:
    """What is on record of these offerings, the regions, this sheet: a query for 900 offerings, and two."""
    offerings = [plan.offering.pk for plan in subjects.plans.values() if plan.offering and plan.offering.pk]
    noted: dict[Key, list[Noted]] = defaultdict(list)
    for portion in in_portions(set(offerings)):
        rows = Availability.objects.filter(offering_id__in=portion).order_by("stated_on", "pk")
        for pk, offering, deployment, code, mark, source in rows.values_list(
            "pk", "offering_id", "deployment", "code", "mark", "source_id"
        ):
            key = (offering, normalised(deployment), normalised(code))
            noted[key].append(Noted(pk, mark, source))
    regions: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for pk, provider, code, shown in Region.objects.values_list("pk", "provider_id", "code", "display_name"):
        for name in {normalised(code), normalised(shown)}:
            regions[name].append((pk, provider))
    found = Source.objects.filter(file_sha256=sheet.sha256, sheet=sheet.name)
    return Work(subjects, noted, regions, found.values_list("pk", flat=True).first())


def plan_marks(lines: Sequence[Line], places: Sequence[Place], work: Work) -> ShapePlan:
    """What each row's marks make or change. Pure. `work` collects them."""
    return ShapePlan([_row(line, places, work) for line in lines], work)


def _is_across(columns: Columns) -> bool:
    named = {column["field"] for column in columns.values()}
    return "region" in named and not named & {"model_name", "model_id"}


def _row_across(line: Line, places: Sequence[Place], work: Work) -> RowResult:
    """A region and what each model's column says of it."""
    code = line.text("region")[:80]
    if not line.skip:
        line.needs("region", "Region")
        line.problems += [p for plan in work.subjects.plans.values() for p in plan.problems][:1]
    result = result_of(line, code)
    if result.outcome != "unchanged":
        return result
    said: dict[str, list[str]] = defaultdict(list)
    again = news = 0
    for at, place in enumerate(places, 1):
        offering = work.subjects.plans[at].offering
        read = _mark_at(line, place)
        if read is None or offering is None or not read[0]:
            continue
        mark, raw, where = read
        own = Place(place.letters, code, place.deployment)
        added = _note_mark(line, own, mark, raw, work, offering, where)
        if added is None:
            again += 1
            continue
        news += 1
        if added:
            said[_SIDES.get(mark, "offered")].append(offering.name)
    if again and not news:
        return repeated(line, code, f"“{code}”", "a row above", "region")
    result.changes = {side: (None, _some(names)) for side, names in said.items()}
    result.outcome = "new" if said else "unchanged"
    return result


def _mark_at(line: Line, place: Place) -> tuple[str, str, str] | None:
    """The mark in a column ('' where its cell is no mark, which is noted), as written, its cell; None for a blank."""
    at = index_of(place.letters)
    cell = line.cells[at] if at < len(line.cells) else None
    read = parse_mark(cell)
    where = cell_at(place.letters, line.number)
    if isinstance(read, Problem):
        line.notes.append({"cell": where, "field": "mark", "note": f"{read.what} Kept with the row."})
        return "", "", where
    if isinstance(read.stated, KnownValue | NotApplicable):
        mark = str(read.stated.value) if isinstance(read.stated, KnownValue) else "n/a"
        return mark, text_of(cell), where
    return None


def _row(line: Line, places: Sequence[Place], work: Work) -> RowResult:
    subject = work.subjects.plans[line.number]
    if not line.skip:
        line.problems += [p for p in subject.problems if p not in line.problems]
        line.notes += [n for n in subject.notes if n not in line.notes]
    result = result_of(line, subject.identity)
    if result.outcome != "unchanged" or subject.offering is None:
        return result
    result.offering = subject.offering
    result.outcome, result.changes = subject.outcome, dict(subject.changes)
    said: dict[str, list[str]] = defaultdict(list)
    blank, again = [], []
    for place in places:
        read = _mark_at(line, place)
        if read is None:
            blank.append(place.code)
            continue
        mark, raw, where = read
        if not mark:
            continue
        added = _note_mark(line, place, mark, raw, work, subject.offering, where)
        if added is None:
            again.append(place.code)
        elif added:
            said[_SIDES.get(mark, "offered")].append(place.code)
    if again and not said:
        return repeated(line, result.identity, "This offering", _first(work, subject.offering), "model_name")
    if blank:
        note = f"blank under {_some(blank)}: not listed, so nothing is known"
        line.notes.append({"cell": line.cell("model_name", "model_id"), "field": "mark", "note": note})
    for side, codes in said.items():
        result.changes[side] = (None, _some(codes))
    result.settle()
    return result


_SIDES = {"no": "not_offered", "planned": "not_offered", "n/a": "other"}


def _note_mark(
    line: Line, place: Place, mark: str, raw: str, work: Work, offering: KnownOffering, where: str
) -> bool | None:
    """Whether the mark is news; None where a row above has spoken of the same offering, type and region."""
    deployment = (line.text("deployment_type") or place.deployment)[:80]
    own = (id(offering), normalised(deployment), normalised(place.code))
    if own in work.seen:
        return None
    work.seen[own] = line.cell("model_name", "model_id", "region")
    known = work.noted.get((offering.pk, own[1], own[2]), []) if offering.pk else []
    mine = next((noted for noted in known if noted.source == work.source), None)
    if mine is not None and mine.mark == mark:
        return False
    rival = next((noted for noted in reversed(known) if noted is not mine and noted.mark != mark), None)
    if rival is not None:
        note = f"{place.code}: {mark} here, {rival.mark} in another list; both are kept"
        line.notes.append({"cell": where, "field": "mark", "note": note})
    pk = mine.pk if mine else None
    work.marks.append(NewMark(offering, place, deployment, mark, tidy(raw)[:80], line.number, pk))
    return True


def _first(work: Work, offering: KnownOffering) -> str:
    return next(cell for (owner, _, _), cell in work.seen.items() if owner == id(offering))


def _some(codes: Sequence[str]) -> str:
    shown = ", ".join(codes[:_NAMED])
    return f"{shown} and {len(codes) - _NAMED} more" if len(codes) > _NAMED else shown


_NAMED = 12


def _record(mark: NewMark, work: Work, source: Source, on: date) -> Availability:
    return Availability(
        offering_id=pk_of(mark.offering),
        deployment=mark.deployment,
        scope=scope_of(mark.deployment) or None,
        code=mark.place.code,
        region_id=_region(mark, work),
        mark=mark.mark,
        raw=mark.raw,
        source=source,
        row=mark.row,
        cell=f"{mark.place.letters}{mark.row}",
        stated_on=on,
    )


def _region(mark: NewMark, work: Work) -> int | None:
    """The region on record: the seller's own, or the only one of that code. Else the code stays text."""
    found = work.regions.get(normalised(mark.place.code), [])
    own = [pk for pk, provider in found if provider == mark.offering.seller.pk]
    if own:
        return own[0]
    return found[0][0] if len({pk for pk, _ in found}) == 1 else None
