"""Ana stops what takes too long; two people import at once and neither hurts the other."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import AIModel, Offering, Vendor
from riskassess.imports import running, services
from riskassess.imports.models import Batch
from riskassess.jobs.handlers import LeaseLost
from riskassess.jobs.models import Job
from riskassess.jobs.services import drain
from riskassess.kernel.errors import Conflict, NotAllowed
from tests.imports.sheets import ONE, as_csv, imported, outcomes, previewed, uploaded
from tests.imports.test_pages import text
from tests.imports.test_undo import everything


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


def test_reading_is_stopped_and_started_again(terms: dict[str, Any]) -> None:
    batch = uploaded(as_csv(ONE), **terms)
    job = services.confirm_columns(batch, {}, by=terms["by"])
    services.stop(batch, by=terms["by"])
    job.refresh_from_db()
    assert (batch.state, job.state) == ("uploaded", "cancelled")
    drain()
    assert not batch.rows.exists()
    services.confirm_columns(batch, {}, by=terms["by"])
    drain()
    assert outcomes(batch) == ["new"]


def test_applying_is_stopped_and_asked_for_again(terms: dict[str, Any]) -> None:
    batch = previewed(as_csv(ONE), **terms)
    services.request_apply(batch, by=terms["by"])
    batch.refresh_from_db()
    services.stop(batch, by=terms["by"])
    drain()
    assert (batch.state, Offering.objects.count()) == ("previewed", 0)
    services.request_apply(batch, by=terms["by"])
    drain()
    batch.refresh_from_db()
    assert (batch.state, Offering.objects.count()) == ("applied", 1)


def test_a_worker_that_is_comparing_stops_at_its_next_step(
    terms: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = previewed(as_csv(ONE), **terms)
    job = services.request_apply(batch, by=terms["by"])
    compare = running.catalog_stamp

    def meanwhile() -> str:
        services.stop(Batch.objects.get(pk=batch.pk), by=terms["by"])
        return compare()

    monkeypatch.setattr(running, "catalog_stamp", meanwhile)
    drain()
    job.refresh_from_db()
    batch.refresh_from_db()
    assert (job.state, batch.state, Offering.objects.count()) == ("cancelled", "previewed", 0)


def test_stopping_the_second_step_keeps_the_first(terms: dict[str, Any]) -> None:
    imported(as_csv(ONE), **terms)
    batch = imported(
        as_csv(("Acme", "swift 1", "", "", ""), ("Acme", "Fast", "", "", "")), name="b.csv", **terms
    )
    before = everything()
    services.request_apply(batch, by=terms["by"])
    batch.refresh_from_db()
    services.stop(batch, by=terms["by"])
    assert (batch.state, everything()) == ("partly", before)


def test_who_may_stop_and_when(terms: dict[str, Any], ben: User) -> None:
    batch = uploaded(as_csv(ONE), **terms)
    services.confirm_columns(batch, {}, by=terms["by"])
    batch.refresh_from_db()
    with pytest.raises(NotAllowed):
        services.stop(batch, by=ben)
    drain()
    with pytest.raises(Conflict, match="ready to apply"):
        services.stop(batch, by=terms["by"])


def test_on_the_page(as_ana: Client, as_ben: Client, terms: dict[str, Any]) -> None:
    batch = previewed(as_csv(ONE), **terms)
    services.request_apply(batch, by=terms["by"])
    assert "Stop" in text(as_ana.get(batch.get_absolute_url()))
    assert "Stop" not in text(as_ben.get(batch.get_absolute_url())).split("Refresh")[0].split("Apply")[-1]
    address = reverse("imports:stop", args=[batch.pk])
    assert as_ben.post(address).status_code == 403
    page = text(as_ana.post(address, follow=True))
    assert "The catalog is as it was before this step." in page
    assert "Preview: nothing is saved yet" in page


def test_progress_is_seen_while_rows_are_compared(terms: dict[str, Any]) -> None:
    batch = previewed(as_csv(ONE), **terms)
    services.begin_applying(batch)
    seen: list[tuple[int, int, str, str]] = []

    def progress(done: int, total: int, note: str) -> None:
        seen.append((done, total, note, Batch.objects.get(pk=batch.pk).state))

    running.apply(batch.pk, progress=progress)
    assert seen == [
        (0, 4, "Reading 1 rows", "applying"),
        (1, 4, "Comparing 1 rows with the catalog", "applying"),
        (2, 4, "Writing 1 rows in one transaction", "applying"),
        (4, 4, "Applied", "applied"),
    ]


@pytest.mark.parametrize("rival", ["import", "person", "undo"])
def test_what_another_did_meanwhile_is_seen(
    rival: str, terms: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the comparison and the transaction the catalog moves: the rows are compared again."""
    first = imported(as_csv(("Zeta", "Z", "", "", "")), name="first.csv", **terms)
    batch = previewed(as_csv(ONE, ("Zeta", "Z", "", "", "")), name="mine.csv", **terms)
    theirs = previewed(as_csv(ONE), name="theirs.csv", **terms)
    services.begin_applying(batch)
    rivals = {
        "import": lambda: (services.begin_applying(theirs), running.apply(theirs.pk)),
        "person": lambda: Vendor.objects.create(name="Acme", slug="acme"),
        "undo": lambda: services.undo(first, by=terms["by"]),
    }
    stamp, looks = running.catalog_stamp, []

    def then_the_rival() -> str:
        found = stamp()
        looks.append(found)
        if len(looks) == 1:
            rivals[rival]()
        return found

    monkeypatch.setattr(running, "catalog_stamp", then_the_rival)
    again = decided_again(monkeypatch)
    running.apply(batch.pk)
    assert again.count(batch.pk) == 1
    expected = {"import": ["unchanged", "unchanged"], "person": ["new", "unchanged"], "undo": ["new", "new"]}
    assert outcomes(batch) == expected[rival]
    assert (Vendor.objects.count(), Offering.objects.count(), AIModel.objects.count()) == (2, 2, 2)


def test_what_another_did_after_the_preview_is_seen(
    terms: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = previewed(as_csv(ONE), name="mine.csv", **terms)
    imported(as_csv(ONE), name="theirs.csv", **terms)
    services.begin_applying(batch)
    again = decided_again(monkeypatch)
    running.apply(batch.pk)
    assert again == [batch.pk]
    assert outcomes(batch) == ["unchanged"]


def test_while_the_catalog_stands_still_what_the_preview_decided_is_written(
    terms: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = previewed(as_csv(ONE), **terms)
    services.begin_applying(batch)
    again = decided_again(monkeypatch)
    running.apply(batch.pk)
    assert again == []
    row = batch.rows.get()
    assert row.offering == Offering.objects.get()
    assert not batch.plan.exists()  # it is done


def decided_again(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The batches whose rows are decided once more when they are applied, from now on."""
    decide, times = running._decide_again, []

    def counted(found: Batch) -> Any:
        times.append(found.pk)
        return decide(found)

    monkeypatch.setattr(running, "_decide_again", counted)
    return times


def test_a_job_that_was_stopped_commits_nothing(terms: dict[str, Any]) -> None:
    batch = previewed(as_csv(ONE), **terms)
    services.begin_applying(batch)

    def stopped() -> None:
        raise LeaseLost

    with pytest.raises(LeaseLost):
        running.apply(batch.pk, still_mine=stopped)
    assert (Offering.objects.count(), Job.objects.count()) == (0, 0)
