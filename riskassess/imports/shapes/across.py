"""A matrix the other way round: regions down, models across, each heading a model with its version. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from riskassess.imports.layout import Columns
from riskassess.imports.stored import StoredRow
from riskassess.sheets.cleaning import without_markup
from riskassess.sheets.results import tidy

JOINT = "›"
_VERSION = re.compile(
    r"(?P<name>.+?)(?:\s*[,\n(]\s*(?P<apart>[\w.-]*\d[\w.-]*)\)?|\s+(?P<day>\d{4}-\d{2}-\d{2}|\d{4}))\s*$"
)
NAMED: Columns = {
    "A": {"field": "model_name", "header": "Model", "unit": "", "currency": ""},
    "B": {"field": "version", "header": "Version", "unit": "", "currency": ""},
}


def model_in(heading: str) -> tuple[str, str]:
    """Name and version of the model that stands over a column: `gpt-4o, 2024-05-13`, `Swift (2)`, `Swift`."""
    text = tidy(without_markup(heading.replace("<br>", ", "))).strip(" *`")
    match = _VERSION.fullmatch(text)
    if match is None:
        return text, ""
    return match["name"].strip(" ,*`"), match["apart"] or match["day"] or ""


def models_across(letters: Sequence[str], columns: Columns) -> list[StoredRow]:
    """A row for each column of marks, numbered from 1, as a list of models would have it."""
    headings = [columns[at]["header"].rpartition(JOINT)[2] for at in letters]
    return [StoredRow(number, list(model_in(heading))) for number, heading in enumerate(headings, 1)]
