"""One offering a row: the catalog as most vendors send it. The plan itself is in `imports.plan`."""

from __future__ import annotations

from datetime import date
from typing import Any

from riskassess.catalog.models import Source
from riskassess.imports.fields import (
    FIELDS,
    IMPORT_FIELDS,
    LABELS,
    REMARKS,
    is_stored,
    label_of,
)
from riskassess.imports.journal import Journal
from riskassess.imports.layout import Columns, check_complete, source_columns
from riskassess.imports.plan import Plan
from riskassess.imports.reading import plan_rows
from riskassess.imports.shapes.names import ShapeName
from riskassess.imports.shapes.shape import Shape, Sheet
from riskassess.imports.writing import write_catalog
from riskassess.sheets.meters import read_meter


class Flat(Shape):
    name = ShapeName.FLAT
    lands = "Each row becomes an offering of its vendor, with its model, prices and lifecycle."
    fields = IMPORT_FIELDS
    by_name = FIELDS
    stored = frozenset(name for name in FIELDS if is_stored(name))
    called_by = ("model_name", "model_id", "meter")
    owned_by = ("vendor",)
    labels = LABELS
    sees_applied = keeps_plan = True

    def label_of(self, attribute: str) -> str:
        return label_of(attribute)

    def name_in(self, field_name: str, text: str) -> str:
        meter = read_meter(text) if field_name == "meter" else None
        return f"{meter.model} {meter.scope}".strip() if meter and meter.model else text

    def remark(self, field_name: str) -> str:
        return REMARKS.get(field_name, "")

    def check(self, columns: Columns, *, default_vendor: str) -> None:
        check_complete(columns, default_vendor=default_vendor)

    def source_columns(self, columns: Columns) -> dict[str, dict[str, Any]]:
        return source_columns(columns)

    def plan(self, sheet: Sheet) -> Plan:
        return plan_rows(
            sheet.rows,
            sheet.columns,
            default_vendor=sheet.default_vendor,
            sha256=sheet.sha256,
            sheet=sheet.name,
            stated_on=sheet.stated_on,
            told=sheet.told,
            manners=sheet.manners,
        )

    def write(self, planned: Plan, source: Source, on: date, journal: Journal) -> None:
        write_catalog(planned.catalog, source, on=on, journal=journal)
