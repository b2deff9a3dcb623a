"""The shape of what the pages send: an upload, which sheet, what the columns are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import escape

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Can
from riskassess.catalog.models.source import Kind
from riskassess.imports.models import Batch
from riskassess.imports.shapes.names import CHOICES as SHAPE_CHOICES
from riskassess.imports.shapes.registry import shape_named
from riskassess.imports.terms import named_as_sheet, terms_of
from riskassess.sheets.table import NO_ROW

MOST_COLUMNS = 300  # on the page; further ones are read as proposed


class UploadForm(forms.Form):
    """A file, whose it is, and what it is worth."""

    file = forms.FileField(
        label="Spreadsheet",
        help_text="Of Excel (.xlsx, .xls), LibreOffice (.ods) or a text table (.csv, .tsv). Formulas are not run.",
        widget=forms.ClearableFileInput(
            attrs={"accept": ".xlsx,.xlsm,.xls,.xlsb,.ods,.fods,.csv,.tsv,.txt,.html,.htm,.mht,.xml"}
        ),
    )
    unit = forms.ModelChoiceField(
        BusinessUnit.objects.none(),
        label="Business unit",
        empty_label=None,
        help_text="Its people see the file; the catalog is for everybody.",
    )
    stated_on = forms.DateField(
        label="Valid on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="The day the list was valid; prices carry it.",
    )
    source_kind = forms.ChoiceField(
        label="Who says so", choices=Kind.choices, initial="analyst", help_text="How far to trust it."
    )
    default_vendor = forms.CharField(
        label="Vendor of the whole list",
        max_length=200,
        required=False,
        help_text="Only if the sheet does not name vendors itself.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.queryset = BusinessUnit.objects.where(user, Can.IMPORT)

    def clean_file(self) -> Any:
        """Too large a file is refused before it is read."""
        file: Any = self.cleaned_data["file"]
        if file.size and file.size > settings.UPLOAD_MAX_BYTES:
            limit = settings.UPLOAD_MAX_BYTES / 1e6
            raise forms.ValidationError(
                f"The file has {file.size / 1e6:,.1f} MB; the limit is {limit:,.0f} MB. "
                "Send only the sheet and columns that matter."
            )
        return file


_ROWS, _COLUMNS = "rows", "columns"


class SheetForm(forms.Form):
    """Another sheet, another header row, another shape, or the table turned."""

    sheet = forms.ChoiceField(label="Sheet")
    header_row = forms.IntegerField(
        label="Header row",
        min_value=NO_ROW,
        required=False,
        help_text="The row with the column names, 0 where no row has any; leave it empty to have it found.",
    )
    shape = forms.ChoiceField(
        label="Shape", required=False, help_text="How the rows are to be understood. You decide."
    )

    entries = forms.ChoiceField(
        label="Entries are",
        required=False,
        choices=[("", "As it seems"), (_ROWS, "Its rows"), (_COLUMNS, "Its columns: turn it")],
        help_text="Models that stand across the top are columns; the header is a column then.",
    )

    def __init__(self, *args: Any, batch: Batch, **kwargs: Any) -> None:
        entries = _COLUMNS if batch.is_turned else _ROWS
        kwargs.setdefault(
            "initial",
            {
                "sheet": batch.sheet,
                "header_row": batch.header_row,
                "shape": batch.shape,
                "entries": entries,
            },
        )
        super().__init__(*args, **kwargs)
        sheet: Any = self.fields["sheet"]
        sheet.choices = [
            (
                s["name"],
                f"{s['name']} ({s['rows']:,} rows x {s['columns']:,} columns{', hidden' * s['hidden']})",
            )
            for s in batch.sheets
        ]
        shape: Any = self.fields["shape"]
        shape.choices = [("", "As it seems"), *SHAPE_CHOICES]
        self._batch = batch

    def clean(self) -> dict[str, Any]:
        """Of another sheet, or one that is turned, what it seems is found anew, unless it was chosen with it."""
        chosen = super().clean() or {}
        was = _COLUMNS if self._batch.is_turned else _ROWS
        if chosen.get("sheet") != self._batch.sheet and chosen.get("entries") == was:
            chosen["entries"] = ""
        elif (
            chosen.get("entries") not in ("", None, was)
            and chosen.get("header_row") == self._batch.header_row
        ):
            chosen["header_row"] = None
        chosen["sideways"] = {_COLUMNS: True, _ROWS: False}.get(chosen.get("entries", ""))
        if chosen.get("sheet") != self._batch.sheet and chosen.get("shape") == self._batch.shape:
            chosen["shape"] = ""
        return chosen


class TermsForm(forms.Form):
    """What holds for every row."""

    default_vendor = forms.CharField(label="Vendor where the row names none", max_length=200, required=False)
    stated_on = forms.DateField(
        label="Valid on", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    deployment = forms.CharField(
        label="Deployment type of the marks",
        max_length=80,
        required=False,
        help_text="As the list names it. Global, data zone and regional lists say different things.",
    )

    def __init__(self, *args: Any, batch: Batch, **kwargs: Any) -> None:
        types = {c.get("deployment", "") for c in batch.mapping.values() if c["field"] == "mark"}
        guess = "" if batch.default_vendor else named_as_sheet(batch)
        kwargs.setdefault(
            "initial",
            {
                "default_vendor": batch.default_vendor or guess,
                "stated_on": batch.stated_on,
                "deployment": next(iter(types), ""),
            },
        )
        super().__init__(*args, **kwargs)
        self.fields["default_vendor"].label = shape_named(batch.shape).vendor_term
        self.fields["stated_on"].label = shape_named(batch.shape).day_term
        said = terms_of(batch)
        if said.vendor and said.vendor.value == batch.default_vendor:
            self.fields["default_vendor"].help_text = f"{escape(said.vendor.why(batch.sheet))}."
        elif guess:
            why = "Perhaps, as the sheet is named: others of the file have the same columns."
            self.fields["default_vendor"].help_text = why
        if said.day and said.day.value == batch.stated_on.isoformat():
            self.fields["stated_on"].help_text = f"{escape(said.day.why(batch.sheet))}."
        elif said.day:
            why = f"{said.day.value}, as {said.day.why(batch.sheet)}".removesuffix(" says so")
            self.fields["stated_on"].help_text = f"The file says {escape(why)}."
        if len(types) != 1:  # no marks, or headings that tell their types apart
            del self.fields["deployment"]


def column_choices(batch: Batch, data: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """What the page says of each column it showed."""
    return {
        letters: {
            "field": data.get(f"field-{letters}", ""),
            "unit": data.get(f"unit-{letters}", ""),
            "currency": data.get(f"currency-{letters}", ""),
            **({"deployment": data["deployment"]} if "deployment" in data else {}),
        }
        for letters in list(batch.mapping)[:MOST_COLUMNS]
        if f"field-{letters}" in data
    }
