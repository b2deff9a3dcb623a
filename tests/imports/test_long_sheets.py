"""Long sheets: what waits on disk comes back as it was, and what is recalled in portions decides as all at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import Offering
from riskassess.imports import loading, reading, running, spool
from riskassess.imports.finding import Wanted, found_rows
from riskassess.imports.models import Batch, Row
from riskassess.imports.spool import Spool
from tests.builders import TODAY
from tests.imports.sheets import as_csv, counted, imported, previewed

HEADER = ("Provider", "Model", "Developer", "Context", "Status", "Input price per 1M tokens")
ROWS = [
    ("Acme", f"Swift {number}", "Acme" if number % 2 else "", f"{number},000", "GA", f"{number}.50")
    for number in range(1, 12)
]


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


@pytest.fixture
def tiny_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages so small that a sheet of a few rows is a long one."""
    monkeypatch.setattr(spool, "PAGE", 3)
    monkeypatch.setattr(spool, "_HELD", 1)
    monkeypatch.setattr(running, "PAGE", 3)
    monkeypatch.setattr(reading, "_AT_ONCE", 2)
    monkeypatch.setattr(loading, "_RECORDS", 2)


@pytest.mark.usefixtures("tiny_pages")
def test_what_waits_comes_back_in_its_order_to_several_readers_at_once() -> None:
    waiting = Spool([number, {"said": f"row {number}"}] for number in range(10))
    assert len(waiting) == 10
    assert [number for number, _ in waiting] == list(range(10))
    beside = [(one[0], other[0]) for one, other in zip(waiting, waiting, strict=True)]
    assert beside == [(number, number) for number in range(10)]
    waiting.append([10, {}])
    assert [number for number, _ in waiting] == list(range(11))
    assert [len(page) for page in waiting.pages()] == [3, 3, 3, 2]
    assert list(Spool()) == []


@pytest.mark.parametrize("pages", ["usual", "tiny"])
def test_a_long_sheet_does_what_a_short_one_does(
    pages: str, request: pytest.FixtureRequest, terms: dict[str, Any]
) -> None:
    """New, the same again, a day later with changes, and the first one once more, whose word is the older one now."""
    if pages == "tiny":
        request.getfixturevalue("tiny_pages")
    changed = [
        (*row[:2], "Acme", "64,000", "Deprecated", "9") if at % 3 == 0 else row for at, row in enumerate(ROWS)
    ]
    assert counted(imported(as_csv(*ROWS, header=HEADER), **terms)) == {"read": 11, "new": 11}
    assert counted(previewed(as_csv(*ROWS, header=HEADER), **terms)) == {"read": 11, "unchanged": 11}
    later = imported(as_csv(*changed, header=HEADER), **terms | {"on": TODAY + timedelta(days=1)})
    assert counted(later) == {"read": 11, "updated": 4, "unchanged": 7}
    assert counted(previewed(as_csv(*ROWS, header=HEADER), **terms)) == {"read": 11, "unchanged": 11}
    known = Offering.objects.order_by("pk").values_list("model__context_tokens", "stage")
    assert list(known) == [
        (64_000, "deprecated") if at % 3 == 0 else ((at + 1) * 1_000, "ga") for at in range(11)
    ]
    made_by = Offering.objects.filter(model__developer__name="Acme").count()
    assert made_by == 6 + 2  # two of the four changed rows were the first to name who made the model


@pytest.mark.usefixtures("tiny_pages")
def test_a_long_sheet_is_decided_again_when_the_catalog_has_moved(terms: dict[str, Any]) -> None:
    waiting = previewed(as_csv(*ROWS, header=HEADER), **terms)
    imported(as_csv(*ROWS[:5], header=HEADER), **terms)
    Batch.objects.filter(pk=waiting.pk).update(state=Batch.State.APPLYING)
    counts = running.apply(waiting.pk)
    assert (counts["new"], counts["unchanged"]) == (6, 5)
    assert Offering.objects.count() == 11


def test_words_and_fields_are_found_however_their_row_was_written(terms: dict[str, Any]) -> None:
    """Imports write their JSON in another hand than single changes do, and earlier imports did."""
    said = [("Über GmbH", "Straße 1", "", "8,000", "GA", "1"), ("Acme", "Gnat", "", "large", "GA", "1")]
    batch = previewed(as_csv(*said, *ROWS, header=HEADER), **terms)
    for _ in ("as imported", "as saved by itself"):
        assert [row.number for row in found_rows(batch, Wanted(words="Über"))] == [2]
        assert [row.number for row in found_rows(batch, Wanted(field="context_window"))][:2] == [2, 3]
        for row in Row.objects.filter(batch=batch):
            row.save()
