"""One fact a row: what a source states of one attribute of one subject, with its own day and source."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from riskassess.catalog.models import Price, Source, SourcedValue
from riskassess.catalog.showing import label_of as shown_name
from riskassess.imports.fields import label_of
from riskassess.imports.journal import Journal
from riskassess.imports.known import Record, pk_of
from riskassess.imports.layout import source_columns
from riskassess.imports.loading import in_portions
from riskassess.imports.said import price_in_words
from riskassess.imports.shapes.attributes import Meaning, meaning_of
from riskassess.imports.shapes.cited import SHEET, Cited, cited_in, make_sources
from riskassess.imports.shapes.current import keep_imported, refresh_columns
from riskassess.imports.shapes.lines import Line, RowResult, repeated, result_of
from riskassess.imports.shapes.names import ShapeName
from riskassess.imports.shapes.records import Writer
from riskassess.imports.shapes.shape import Need, Shape, ShapePlan, Sheet
from riskassess.imports.shapes.subjects import Subjects, subjects_of
from riskassess.imports.shapes.vocabulary import FACT_FIELDS
from riskassess.imports.writing import write_catalog
from riskassess.sheets.dates import Precision, StatedDate
from riskassess.sheets.prices import Price as ReadPrice

Key = tuple[str, int, str, str, str, date | None, Cited]
"""Kind and id of a record, attribute, state, value as text, day, source: two facts of one key say the same."""


@dataclass(slots=True)
class NewFact:
    """A value or a price to write, of a record that may be new itself."""

    meaning: Meaning
    record: Record
    cited: Cited
    on: date
    raw: str
    cell: str
    row: int
    note: str


@dataclass(slots=True)
class Work:
    """What the plan meets and what it makes."""

    subjects: Subjects
    on_record: set[Key]
    values: dict[tuple[str, int, str], set[str]]  # what is known of an attribute already
    prices: dict[tuple[int, str, date, Cited], str]  # offering, kind, day, source -> price
    facts: list[NewFact] = field(default_factory=list)
    seen: dict[Any, str] = field(default_factory=dict)
    said: dict[tuple[int, str], set[str]] = field(
        default_factory=dict
    )  # id(record), attribute -> values here


class Facts(Shape):
    name = ShapeName.FACTS
    lands = (
        "Each row becomes a value of its subject with its own day and source. Sources that disagree are all "
        "kept; what nobody knows stays unknown; attributes we do not know are kept as written."
    )
    fields = FACT_FIELDS
    stored = frozenset(f.name for f in FACT_FIELDS)
    needs = (
        Need(("subject",), "No column names the subjects.", "Choose Subject for one column."),
        Need(("attribute",), "No column names the attributes.", "Choose Attribute for one column."),
        Need(("value",), "No column has the values.", "Choose Value for one column."),
        Need(
            ("vendor",),
            "Nothing says whose offerings these are.",
            "Choose Vendor for one column, or name the one vendor of the whole list.",
            vendor_will_do=True,
        ),
    )
    called_by = ("subject",)
    owned_by = ("vendor",)
    vendor_term = "Who sells what the facts are about"

    def label_of(self, attribute: str) -> str:
        known = label_of(attribute)
        return shown_name(attribute) if known == attribute else known

    def plan(self, sheet: Sheet) -> ShapePlan:
        lines = self.lines(sheet)
        subjects = subjects_of(
            sheet.rows,
            _as_models(sheet.columns),
            default_vendor=sheet.default_vendor,
            sha256=sheet.sha256,
            sheet=sheet.name,
            stated_on=sheet.stated_on,
        )
        work = _load(subjects, sheet)
        return ShapePlan([_row(line, work, sheet.stated_on) for line in lines], work)

    def write(self, planned: ShapePlan, source: Source, on: date, journal: Journal) -> None:
        work: Work = planned.work
        before = {id(fact.record) for fact in work.facts if fact.record.pk is not None}
        write_catalog(work.subjects.catalog, source, on=on, journal=journal)
        writer = Writer(source, on, journal)
        sources = make_sources(writer, [fact.cited for fact in work.facts])
        values = [fact for fact in work.facts if fact.meaning.price is None]
        keep_imported(writer, [(f.record, f.meaning.attribute) for f in values if id(f.record) in before])
        writer.make([_value(fact, sources, source) for fact in values])
        writer.make([p for f in work.facts if f.meaning.price is not None for p in _prices(f, sources)])
        refresh_columns(writer, [(f.record, f.meaning.attribute) for f in values], before)

    def source_columns(self, columns: Any) -> dict[str, dict[str, Any]]:
        return source_columns(_as_models(columns))


def _as_models(columns: Any) -> Any:
    """The columns as a catalog's: the subject is the model that a row lists."""
    return {
        at: column | {"field": "model_name" if column["field"] == "subject" else column["field"]}
        for at, column in columns.items()
    }


def _load(subjects: Subjects, sheet: Sheet) -> Work:
    """What is on record of the subjects, each with its source: a query for 900 models or offerings, one for prices."""
    known = [plan.offering for plan in subjects.plans.values() if plan.offering and plan.offering.pk]
    pks: dict[str, set[int]] = {
        "offering": {offering.pk for offering in known if offering.pk},
        "model": {offering.model.pk for offering in known if offering.model.pk},
    }
    work = Work(subjects, set(), {}, {})
    columns = (
        "attribute",
        "state",
        "value",
        "as_of",
        "source__title",
        "source__publisher",
        "source__file_sha256",
    )
    for kind, ids in pks.items():
        for portion in in_portions(ids):
            rows = SourcedValue.objects.filter(**{f"{kind}_id__in": portion})
            for pk, name, state, value, day, *source in rows.values_list(f"{kind}_id", *columns):
                cited = _cited(source, sheet)
                work.on_record.add((kind, pk, name, state, _text(value), day, cited))
                if state == "known":
                    work.values.setdefault((kind, pk, name), set()).add(_text(value))
    for portion in in_portions(pks["offering"]):
        prices = Price.objects.filter(offering_id__in=portion).select_related("source")
        for price in prices:
            cited = _cited([price.source.title, price.source.publisher, price.source.file_sha256], sheet)
            kind = f"{price.kind}:{price.condition}" if price.condition else price.kind
            work.prices[price.offering_id, kind, price.as_of, cited] = price.shown
    return work


def _cited(source: list[Any], sheet: Sheet) -> Cited:
    title, publisher, sha256 = source
    return SHEET if sha256 == sheet.sha256 else Cited(title, publisher)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _row(line: Line, work: Work, on: date) -> RowResult:
    subject = work.subjects.plans[line.number]
    if not line.skip:
        line.needs("attribute", "Attribute")
        line.problems += [p for p in subject.problems if p not in line.problems]
    result = result_of(line, subject.identity)
    if result.outcome != "unchanged" or subject.offering is None:
        return result
    result.offering = subject.offering
    result.outcome = subject.outcome
    meaning = meaning_of(line.text("attribute"), line.raw_cell("value"), line.text("unit"))
    day, told = _day(line, on)
    notes = [note for note in (meaning.note, told) if note]
    cited = cited_in(line.text("source"), line.text("source_kind"))
    record = subject.offering.model if meaning.record == "model" else subject.offering
    fact = NewFact(
        meaning, record, cited, day, line.raw.get("value", ""), line.cell("value"), line.number,
        "; ".join([line.text("note"), *notes]).strip("; ")[:2000],
    )  # fmt: skip
    for note in notes:
        line.note("value", note)
    if meaning.price is not None:
        return _row_of_price(line, result, work, fact, meaning.price)
    return _row_of_value(line, result, work, fact)


def _row_of_value(line: Line, result: RowResult, work: Work, fact: NewFact) -> RowResult:
    meaning, record = fact.meaning, fact.record
    kind, text = meaning.record, _text(meaning.value)
    key = (id(record), meaning.attribute, meaning.state, text, fact.on, fact.cited)
    if key in work.seen:
        return repeated(line, result.identity, "This fact", work.seen[key], "value")
    work.seen[key] = line.cell("value")
    said = work.said.setdefault((id(record), meaning.attribute), set())
    known = said | (work.values.get((kind, record.pk, meaning.attribute), set()) if record.pk else set())
    if meaning.state == "known":
        said.add(text)
        if others := known - {text}:
            line.note(
                "value", f"conflict: {' and '.join(sorted(others))[:200]} stated elsewhere; all are kept"
            )
    elif meaning.state == "unknown" and known:
        line.note("value", "nothing is stated here; what another source states stays")
        return result
    if (
        record.pk
        and (kind, record.pk, meaning.attribute, meaning.state, text, fact.on, fact.cited) in work.on_record
    ):
        return result
    work.facts.append(fact)
    words = {"known": text, "unknown": "unknown", "not_applicable": "not applicable"}[meaning.state]
    result.changes[meaning.attribute] = (", ".join(sorted(known)) or None, f"{words} {meaning.unit}".strip())
    result.settle()
    return result


def _row_of_price(line: Line, result: RowResult, work: Work, fact: NewFact, price: ReadPrice) -> RowResult:
    offering = fact.record
    words = price_in_words(price.amount, str(price.unit), price.currency)
    key = (id(offering), fact.meaning.kind, fact.on, fact.cited)
    if key in work.seen:
        return repeated(
            line, result.identity, "A price of this kind, day and source", work.seen[key], "value"
        )
    work.seen[key] = line.cell("value")
    if offering.pk and (offering.pk, fact.meaning.kind, fact.on, fact.cited) in work.prices:
        return result
    work.facts.append(fact)
    result.changes[fact.meaning.attribute] = (None, words)
    result.settle()
    return result


def _day(line: Line, on: date) -> tuple[date, str]:
    """The day of the fact; of a month or a year its first day, the least that is claimed. Else the sheet's."""
    stated = line.known("as_of")
    if not isinstance(stated, StatedDate):
        return on, ""
    if stated.precision is Precision.DAY:
        return stated.first, ""
    return stated.first, f"stated in {stated}, kept as of its first day"


def _value(fact: NewFact, sources: dict[Cited, Source], sheet: Source) -> SourcedValue:
    meaning = fact.meaning
    source = sources.get(fact.cited, sheet)
    return SourcedValue(
        **{f"{meaning.record}_id": fact.record.pk},
        attribute=meaning.attribute,
        state=meaning.state,
        raw=fact.raw,
        value=meaning.value if meaning.state == "known" else None,
        unit=meaning.unit,
        source=source,
        via=sheet if source is not sheet else None,
        cell=fact.cell[:12],
        as_of=fact.on,
        note=fact.note,
    )


def _prices(fact: NewFact, sources: dict[Cited, Source]) -> list[Price]:
    price = fact.meaning.price
    if price is None:
        return []
    kind, _, condition = fact.meaning.kind.partition(":")
    return [
        Price(
            offering_id=pk_of(fact.record),
            kind=kind,
            condition=(condition or price.condition)[:60],
            amount=price.amount,
            unit=str(price.unit)[:40],
            currency=price.currency,
            as_of=fact.on,
            source=sources[fact.cited],
            row=fact.row,
            raw=fact.raw[:200],
        )
    ]
