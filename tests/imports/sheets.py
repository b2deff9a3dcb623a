"""Sheets for the stories: a header and rows as a .csv, and what an import of them makes."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from riskassess.accounts.models import BusinessUnit, User
from riskassess.imports import running, services
from riskassess.imports.models import Batch, Row
from tests.builders import TODAY

FIXTURE = Path(__file__).parents[2] / "fixtures" / "catalog" / "litellm_catalog.xlsx"
EXCERPTS = Path(__file__).parents[1] / "sheets" / "files"

HEADER = ("Provider", "Model", "Context limit", "Input $/1M tokens", "Status")
ONE = ("Acme", "Swift-1", "128000", "0.50", "GA")


def as_csv(*rows: Sequence[Any], header: Sequence[str] = HEADER) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def uploaded(
    data: bytes,
    by: User,
    unit: BusinessUnit,
    *,
    name: str = "list.csv",
    on: date = TODAY,
    sheet: str = "",
    **terms: Any,
) -> Batch:
    if sheet:
        return services.store(data, name, unit=unit, by=by, stated_on=on, sheet=sheet, **terms)
    return services.upload(data, name, unit=unit, by=by, stated_on=on, **terms)


def previewed(data: bytes, by: User, unit: BusinessUnit, **terms: Any) -> Batch:
    """Uploaded, its columns confirmed as proposed, and looked through."""
    choices = terms.pop("choices", {})
    batch = uploaded(data, by, unit, **terms)
    services.settle_columns(batch, choices, by=by)
    running.preview(batch.pk)
    batch.refresh_from_db()
    return batch


def imported(data: bytes, by: User, unit: BusinessUnit, **terms: Any) -> Batch:
    """All of it, as the worker would do it."""
    batch = previewed(data, by, unit, **terms)
    services.begin_applying(batch)
    running.apply(batch.pk)
    batch.refresh_from_db()
    return batch


def outcomes(batch: Batch) -> list[str]:
    return list(Row.objects.filter(batch=batch).order_by("number").values_list("outcome", flat=True))


def counted(batch: Batch) -> dict[str, int]:
    """The counts that are not zero."""
    return {name: count for name, count in batch.counts.items() if count}
