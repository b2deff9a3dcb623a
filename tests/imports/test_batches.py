"""The life of a batch: who may, in which order, twice, half-way, and with files that mean harm."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import Offering, Price, Source, Vendor
from riskassess.imports import deciding, running, services, writing
from riskassess.imports.bulk import insert_columns
from riskassess.imports.models import Batch, Mapping, Row
from riskassess.imports.stamp import catalog_stamp
from riskassess.imports.stored import stored_rows
from riskassess.jobs.handlers import LeaseLost
from riskassess.jobs.models import Job
from riskassess.jobs.services import drain
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed, TryAgain
from riskassess.sheets.table import understand
from riskassess.sheets.workbook import Grid
from riskassess.trail.verifying import verify
from tests.builders import TODAY, make_vendor
from tests.imports.sheets import ONE, as_csv, imported, outcomes, previewed, uploaded


@pytest.fixture
def terms(ana: User, procurement: BusinessUnit) -> dict[str, Any]:
    return {"by": ana, "unit": procurement}


def files(settings: LazySettings) -> list[str]:
    return [path.name for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def applied(batch: Batch) -> int:
    running.apply(batch.pk)
    return Offering.objects.count()


def test_ben_approves_and_may_not_import(ben: User, procurement: BusinessUnit) -> None:
    with pytest.raises(NotAllowed):
        uploaded(as_csv(ONE), ben, procurement)


def test_cleo_may_not_import_into_another_unit(cleo: User, procurement: BusinessUnit) -> None:
    with pytest.raises(NotAllowed):
        uploaded(as_csv(ONE), cleo, procurement)


def test_from_upload_to_catalog_by_the_worker(terms: dict[str, Any]) -> None:
    batch = uploaded(as_csv(ONE), **terms)
    services.confirm_columns(batch, {}, by=terms["by"])
    drain()
    batch.refresh_from_db()
    assert (batch.state, batch.counts["new"], Offering.objects.count()) == ("previewed", 1, 0)
    job = services.request_apply(batch, by=terms["by"])
    drain()
    batch.refresh_from_db()
    job.refresh_from_db()
    assert (batch.state, job.state, Offering.objects.count()) == ("applied", "done", 1)
    assert job.arguments == {"batch": batch.pk}


def test_a_job_that_runs_twice_or_late_changes_nothing(terms: dict[str, Any]) -> None:
    batch = imported(as_csv(ONE), **terms)
    before = batch.counts
    assert running.apply(batch.pk) == before
    assert running.preview(batch.pk) == before
    batch.refresh_from_db()
    assert (batch.state, Offering.objects.count()) == ("applied", 1)


def test_asking_twice_is_one_import(terms: dict[str, Any]) -> None:
    batch = previewed(as_csv(ONE), **terms)
    assert (
        services.request_apply(batch, by=terms["by"]).pk == services.request_apply(batch, by=terms["by"]).pk
    )
    assert Job.objects.count() == 1


def test_killed_half_way_nothing_is_there_and_the_next_try_does_it_all(
    terms: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = previewed(as_csv(ONE, ("Acme", "Swift-2", "", "1", "")), **terms)
    services.begin_applying(batch)

    def dies(kind: Any, *args: Any) -> None:
        if kind is Price:
            raise KeyboardInterrupt
        insert_columns(kind, *args)

    with monkeypatch.context() as patch:
        patch.setattr(writing, "insert_columns", dies)
        with pytest.raises(KeyboardInterrupt):
            running.apply(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, Offering.objects.count(), Vendor.objects.count()) == ("applying", 0, 0)
    assert applied(batch) == 2


def test_a_worker_that_lost_its_lease_commits_nothing(terms: dict[str, Any]) -> None:
    batch = previewed(as_csv(ONE), **terms)
    services.begin_applying(batch)

    def lost() -> None:
        raise LeaseLost

    with pytest.raises(LeaseLost):
        running.apply(batch.pk, still_mine=lost)
    batch.refresh_from_db()
    assert (batch.state, Offering.objects.count()) == ("applying", 0)


def test_two_imports_of_one_moment_are_tried_again(
    terms: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = previewed(as_csv(ONE), **terms)
    services.begin_applying(batch)

    def clashes(*args: Any, **kwargs: Any) -> None:
        raise IntegrityError("vendor_name_once")

    with monkeypatch.context() as patch:
        patch.setattr(running, "write_pages", clashes)
        with pytest.raises(TryAgain):
            running.apply(batch.pk)
    batch.refresh_from_db()
    assert (batch.stamp, batch.plan.exists()) == ("", False)  # the next try decides anew
    assert applied(batch) == 1


def test_two_batches_previewed_alike_make_one_vendor_and_one_model(terms: dict[str, Any]) -> None:
    first = previewed(as_csv(ONE), **terms)
    second = previewed(as_csv(ONE), name="copy.csv", **terms)
    for batch in (first, second):
        services.begin_applying(batch)
        running.apply(batch.pk)
    assert (Vendor.objects.count(), Offering.objects.count()) == (1, 1)
    assert outcomes(second) == ["unchanged"]  # decided when applied, not when previewed


def test_nothing_new_makes_no_source(terms: dict[str, Any]) -> None:
    imported(as_csv(ONE), **terms)
    copy = imported(as_csv(ONE, ("Acme", "", "", "", "")), name="copy.csv", **terms)
    assert Source.objects.count() == 1
    assert (copy.state, copy.source) == ("applied", None)


def test_a_confirmed_layout_is_recognised_next_time(terms: dict[str, Any]) -> None:
    data = as_csv(("Swift", "Acme"), header=("Thing", "Who"))
    with pytest.raises(InvalidInput, match="No column names the models"):
        previewed(data, **terms)
    previewed(data, choices={"A": "model_name", "B": "vendor"}, **terms)
    again = uploaded(as_csv(("Fast", "Zeta"), header=("Thing", "Who")), name="b.csv", **terms)
    assert [column["field"] for column in again.mapping.values()] == ["model_name", "vendor", ""]
    assert "as confirmed on" in again.mapping["A"]["why"]
    assert Mapping.objects.count() == 1


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"Z": "vendor"}, "no column Z"),
        ({"A": "colour"}, "no field “colour”"),
        ({"C": "vendor"}, "both read as Vendor"),
        ({"D": {"field": "input_price", "unit": "bushel"}}, "not a unit"),
        ({"D": {"field": "input_price", "currency": "dollars"}}, "not a currency"),
        ({"A": ""}, "Nothing says who sells"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(choices: Any, message: str, terms: dict[str, Any]) -> None:
    batch = uploaded(as_csv(ONE), **terms)
    with pytest.raises(InvalidInput, match=message):
        services.settle_columns(batch, choices, by=terms["by"])
    batch.refresh_from_db()
    assert batch.state == "uploaded"
    assert not Mapping.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [({"E": ""}, {}), ({}, {"default_vendor": "Zeta"}), ({}, {"stated_on": TODAY - timedelta(days=400)})],
    ids=["columns", "vendor", "day"],
)
def test_what_is_changed_while_the_old_preview_runs_wins(
    changed: tuple[dict[str, Any], dict[str, Any]], terms: dict[str, Any], monkeypatch: Any
) -> None:
    columns, others = changed
    batch = uploaded(as_csv(ONE), **terms)
    services.settle_columns(batch, {}, by=terms["by"])
    plan = running.plan_batch

    def changed_meanwhile(found: Batch, *told: Any) -> Any:
        planned = plan(found, *told)
        services.settle_columns(batch, columns, by=terms["by"], **others)
        return planned

    with monkeypatch.context() as patch:
        patch.setattr(running, "plan_batch", changed_meanwhile)
        running.preview(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == ("reading", 0)
    running.preview(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, batch.rows.count()) == ("previewed", 1)


def test_discarding_forgets_rows_and_file(
    terms: dict[str, Any], settings: LazySettings, django_capture_on_commit_callbacks: Any
) -> None:
    batch = previewed(as_csv(ONE), **terms)
    with django_capture_on_commit_callbacks(execute=True):
        services.discard(batch, by=terms["by"])
        assert files(settings), "the file stays until the row is gone for good"
    assert (Batch.objects.count(), Row.objects.count(), files(settings)) == (0, 0, [])


def test_an_applied_import_is_not_discarded(terms: dict[str, Any]) -> None:
    batch = imported(as_csv(ONE), **terms)
    with pytest.raises(Conflict):
        services.discard(batch, by=terms["by"])


def test_an_import_that_was_undone_and_is_read_again_is_not_discarded(
    as_ana: Client, terms: dict[str, Any]
) -> None:
    """The audit trail holds the digest of its journal."""
    batch = imported(as_csv(ONE), **terms)
    services.undo(batch, by=terms["by"])
    for page in ("columns", "rows"):
        assert "Discard" not in as_ana.get(reverse(f"imports:{page}", args=[batch.pk])).content.decode()
        services.settle_columns(batch, {}, by=terms["by"])
        running.preview(batch.pk)
    with pytest.raises(Conflict, match="audit trail rests on what it did"):
        services.discard(batch, by=terms["by"])
    with pytest.raises(ProtectedError):
        Batch.objects.get(pk=batch.pk).delete()
    assert verify().holds


def test_what_was_decided_of_a_sheet_s_rows_is_not_said_of_another_s(terms: dict[str, Any]) -> None:
    book = Workbook()
    for title in ("One", "Two"):
        sheet = book.create_sheet(title)
        sheet.append(("Provider", "Model", "Status"))
        sheet.append(("Acme", f"Swift {title}", "GA"))
    del book["Sheet"]
    file = io.BytesIO()
    book.save(file)
    batch = previewed(file.getvalue(), name="two.xlsx", **terms)
    deciding.fix(batch, 2, {"C": "beta"}, by=terms["by"])
    deciding.decide(batch, 2, "skip", by=terms["by"])
    services.choose_sheet(batch, "One", 1, by=terms["by"])  # the same again, and nothing is lost
    assert [(row.fixes is None, row.decision is None) for row in batch.rows.all()] == [(False, False)]
    services.choose_sheet(batch, "Two", None, by=terms["by"])
    services.settle_columns(batch, {}, by=terms["by"])
    running.preview(batch.pk)
    row = batch.rows.get()
    assert (row.raw[1], row.fixes, row.decision, row.outcome) == ("Swift Two", None, None, "new")


def test_a_record_removed_since_the_preview_is_seen(terms: dict[str, Any]) -> None:
    make_vendor("Zeta")
    gone = make_vendor("Acme")
    make_vendor("Bolt")
    before = catalog_stamp()
    Vendor.objects.filter(pk=gone.pk).delete()
    assert catalog_stamp() != before


def test_the_name_on_disk_is_ours(terms: dict[str, Any], settings: LazySettings) -> None:
    batch = uploaded(as_csv(ONE), name="../../etc/ev\x00il\n.csv", **terms)
    assert batch.file_name == "evil.csv"
    (name,) = files(settings)
    assert "evil" not in name
    assert name.endswith(".csv")


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"", "a.csv"), (b"%PDF-1.7", "a.csv"), (b"PK\x03\x04rubbish", "a.xlsx"), (as_csv(ONE), "a.exe")],
)
def test_what_is_no_spreadsheet_leaves_nothing(
    data: bytes, name: str, terms: dict[str, Any], settings: LazySettings
) -> None:
    with pytest.raises(InvalidInput):
        uploaded(data, name=name, **terms)
    assert (Batch.objects.count(), files(settings)) == (0, [])


def test_a_lost_file_refuses_the_import(terms: dict[str, Any]) -> None:
    batch = uploaded(as_csv(ONE), **terms)
    services.confirm_columns(batch, {}, by=terms["by"])
    batch.file.delete(save=False)
    drain()
    batch.refresh_from_db()
    assert batch.state == "refused"
    assert batch.job is not None
    assert "no longer there" in batch.job.error_message


def test_text_that_no_database_stores_is_cleaned() -> None:
    """A NUL in a cell would break the whole import on PostgreSQL."""
    grid = Grid("s", [["A"], ["x\x00y\ud800"], ["  "], [float("nan")]])
    rows = [(row.number, row.raw) for row in stored_rows(understand(grid, 1))]
    assert rows == [(2, ["xy"]), (4, ["nan"])]
