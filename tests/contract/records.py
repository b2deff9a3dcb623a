"""Procurement's own records in the place of made-up ids, so that most of what is sent reaches something."""

from __future__ import annotations

from typing import Any

from schemathesis.core.parameters import ParameterLocation

MADE_UP = 4
"""Of so many cases one keeps the ids that were made up."""
# By its name, the record that a field of a body or a filter means.
FIELDS = {
    "unit": "units.pk", "offering": "offerings.slug", "run": "runs.pk", "assessment": "assessments.pk",
    "document": "documents.pk", "claim": "claims.key", "source": "sources.pk", "vendor": "vendors.pk",
}  # fmt: skip
QUESTION, FACTOR = "DAT-TRN", "DAT-TRN"


def with_records(case: Any, filled: dict[str, Any], at: int) -> None:
    """Puts records into a case where what was made up is right in kind; what is wrong on purpose stays so."""
    if at % MADE_UP == MADE_UP - 1:
        return
    if case.path_parameters and not _wrong(case, ParameterLocation.PATH):
        for name in case.path_parameters:
            case.path_parameters[name] = str(_of_path(case.path, name, filled))
    if isinstance(case.body, dict) and not _wrong(case, ParameterLocation.BODY):
        for name, record in FIELDS.items():
            if case.body.get(name) is not None:
                case.body[name] = filled[record]
        _more(case.body, case.path, filled)
    if not _wrong(case, ParameterLocation.HEADER) and at % MADE_UP:
        # Made up, they match nothing, and nothing behind them is reached.
        for name in ("If-Match", "If-None-Match"):
            case.headers.pop(name, None)


def _of_path(path: str, name: str, filled: dict[str, Any]) -> Any:
    resource = path.split("/")[3]
    inner = "pk" if name == "id" else name
    return filled[f"{resource}.{inner}"] if f"{resource}.{inner}" in filled else filled[inner]


def _more(body: dict[str, Any], path: str, filled: dict[str, Any]) -> None:
    if "question" in body and isinstance(body["question"], str):
        body["question"] = QUESTION
    if "runs" in body:
        body["runs"] = [filled["runs.pk"]]
    if "factors" in body:
        body["factors"] = [FACTOR]
    if path.endswith("/documents/") and "vendor" in body:
        body["vendor"] = filled["vendors.slug"]


def _wrong(case: Any, at: ParameterLocation) -> bool:
    meta = case.meta
    return at in meta.components and meta.components[at].mode.is_negative
