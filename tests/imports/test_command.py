"""`manage.py import_catalog`: right after `migrate`, on an empty database, without a worker."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from riskassess.accounts.models import BusinessUnit, User
from riskassess.catalog.models import Offering, Price
from riskassess.imports.console import SYSTEM_EMAIL
from riskassess.imports.models import Batch
from tests.imports.sheets import FIXTURE, ONE, as_csv

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[dict[str, Any], int]:
    """What `--json` prints, and the exit status."""
    out, status = io.StringIO(), 0
    try:
        call_command("import_catalog", *arguments, "--json", stdout=out)
    except CommandError as error:
        status = error.returncode
    return json.loads(out.getvalue()), status


@pytest.fixture
def sheet(tmp_path: Path) -> str:
    path = tmp_path / "list.csv"
    path.write_bytes(as_csv(ONE, ("Acme", "Swift-2", "", "-3", "")))
    return str(path)


def test_on_an_empty_database_it_makes_what_is_missing(sheet: str) -> None:
    result, status = run(sheet)
    assert status == 0
    assert {name: result[name] for name in ("read", "new", "invalid", "applied")} == {
        "read": 2, "new": 1, "invalid": 1, "applied": True,
    }  # fmt: skip
    (problem,) = result["problems"]
    assert (problem["sheet"], problem["cell"]) == ("list", "D3")
    assert problem["what"]
    assert problem["hint"]
    user, unit = User.objects.get(), BusinessUnit.objects.get()
    assert (user.email, user.is_active, user.has_usable_password()) == (SYSTEM_EMAIL, False, False)
    assert unit.name == "Company"


def test_a_real_catalog_twice(capsys: Any) -> None:
    first, _ = run(str(FIXTURE))
    again, status = run(str(FIXTURE))
    assert first["read"] == sum(first[name] for name in ("new", "updated", "unchanged", "skipped", "invalid"))
    assert (again["new"], again["updated"], again["unchanged"], status) == (0, 0, first["new"], 0)
    assert User.objects.count() == BusinessUnit.objects.count() == 1


def test_a_dry_run_stores_nothing_at_all(sheet: str) -> None:
    result, status = run(sheet, "--dry-run")
    assert (result["new"], result["applied"], status) == (1, False, 0)
    assert not any(kind.objects.exists() for kind in (Batch, Offering, User, BusinessUnit))


def test_a_mapping_file_says_how_to_read(sheet: str, tmp_path: Path) -> None:
    mapping = tmp_path / "m.json"
    price = {"field": "output_price", "unit": "1K tokens", "currency": "EUR"}
    told = {"header_row": 1, "columns": {"A": "vendor", "C": "", "D": price}, "default_vendor": "",
            "stated_on": "2026-01-02", "source_kind": "vendor_document"}  # fmt: skip
    mapping.write_text(json.dumps(told))
    assert run(sheet, "--mapping", str(mapping))[1] == 0
    found = Price.objects.select_related("source", "offering__model").get()
    assert (found.kind, found.amount, found.currency) == ("output", 500, "EUR")
    assert (found.as_of.isoformat(), found.source.kind) == ("2026-01-02", "vendor_document")
    assert found.offering.model.context_tokens is None


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("{", "cannot be read"),
        ("[]", "not a JSON object"),
        ('{"colums": {}}', "unknown entry"),
        ('{"header_row": "1"}', "not a whole number"),
        ('{"stated_on": "24.11."}', "not a day"),
        ('{"source_kind": "gossip"}', "no source kind"),
        ('{"columns": {"A": 7}}', "a field's name or an object"),
        ('{"header_row": 900}', "not in the sheet"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(content: str, what: str, sheet: str, tmp_path: Path) -> None:
    mapping = tmp_path / "m.json"
    mapping.write_text(content)
    result, status = run(sheet, "--mapping", str(mapping))
    assert status == 1
    assert what in result["problems"][0]["what"]
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    "arguments", [["--sheet", "Nope"], ["--user", "nobody@example.com"], ["--unit", "Nope"]]
)
def test_what_does_not_exist_is_named(arguments: list[str], sheet: str) -> None:
    result, status = run(sheet, *arguments)
    assert status == 1
    assert result["problems"][0]["what"].startswith("There is no")
    assert not Batch.objects.exists()


def test_a_missing_file_and_a_hostile_one_are_refused(tmp_path: Path) -> None:
    assert run(str(tmp_path / "none.csv"))[1] == 1
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04 not really")
    result, status = run(str(path))
    assert status == 1
    assert "damaged" in result["problems"][0]["what"]


def test_a_sheet_without_one_usable_row_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(as_csv(("", "Swift", "1", "1", "GA")))
    result, status = run(str(path))
    assert (status, result["invalid"], len(result["problems"])) == (1, 1, 1)


def test_a_list_of_no_kind_that_is_known_is_refused_with_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "law.csv"
    path.write_bytes(
        as_csv(("50(1)", "Say that it is AI", "2026"), header=("Article", "Obligation", "Applies from"))
    )
    for more in ((), ("--dry-run",)):
        result, status = run(str(path), "--default-vendor", "Acme", *more)
        assert status == 1
        assert "“Article”, “Obligation”, “Applies from”" in result["problems"][0]["what"]
    assert not Batch.objects.exists()


def test_ben_may_not_import_from_the_console_either(sheet: str, ben: User, procurement: BusinessUnit) -> None:
    assert run(sheet, "--user", ben.email)[1] == 1
    assert run(sheet, "--user", ben.email, "--unit", "Procurement")[1] == 1


def test_ana_imports_for_her_unit(sheet: str, ana: User, procurement: BusinessUnit) -> None:
    assert run(sheet, "--user", "ANA.ferreira@example.com")[1] == 0
    assert (Batch.objects.get().uploaded_by, Batch.objects.get().unit) == (ana, procurement)


def test_people_read_a_summary(sheet: str) -> None:
    out = io.StringIO()
    call_command("import_catalog", sheet, stdout=out)
    lines = out.getvalue().splitlines()
    assert lines[-1] == "2 rows imported: 1 new, 0 updated, 0 unchanged, 0 skipped, 1 invalid"
    assert any("list D3" in line and "negative" in line for line in lines)


@pytest.mark.parametrize("how", [[], ["--dry-run"]])
def test_other_sheets_of_the_file_are_named(how: list[str], tmp_path: Path) -> None:
    """One is imported at a time; what is no list, here the notes, is not offered."""
    book = openpyxl.Workbook()
    book.active.title = "Models"
    for sheet, rows in {
        "Models": [["Provider", "Model", "Context window"], ["Acme", "Swift", 8000], ["Acme", "Gnat", 4000]],
        "Regions": [
            ["Provider", "Region code", "Region name", "Country"],
            ["Acme", "eu-west-1", "Ireland", "IE"],
        ],
        "Read me": [["Prices are without tax."]],
    }.items():
        page = book[sheet] if sheet in book.sheetnames else book.create_sheet(sheet)
        for row in rows:
            page.append(row)
    path = tmp_path / "all.xlsx"
    book.save(path)
    result, _ = run(str(path), *how)
    (other,) = result["other_sheets"]
    assert other["sheet"] == "Regions"
    out = io.StringIO()
    call_command("import_catalog", str(path), *how, stdout=out)
    assert f"“Regions” ({other['seems']}); --sheet reads it." in out.getvalue()
    assert run(str(path), *how, "--sheet", "Regions")[0]["other_sheets"][0]["sheet"] == "Models"
