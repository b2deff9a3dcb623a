"""Reading the trail: on a record's page, whole for auditors, as a file; and who sees nothing of it."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from riskassess.accounts.models import BusinessUnit, User
from riskassess.assessments import services
from riskassess.assessments.answers import Given
from riskassess.catalog.models import Vendor
from riskassess.recording import acting
from riskassess.trail.chain import COLUMNS, link, seal
from riskassess.trail.models import Entry
from riskassess.trail.views import histories
from tests.builders import make_assessment, make_claim, make_document, make_source, make_vendor
from tests.imports.sheets import ONE, as_csv, imported
from tests.imports.test_pages import text
from tests.queries import FRAME, assert_queries

pytestmark = pytest.mark.django_db


def history_of(record: object) -> str:
    return reverse("trail:history", args=[record._meta.model_name, record.pk])  # type: ignore[attr-defined]


def test_the_history_of_an_assessment(as_ana: Client, ana: User, procurement: BusinessUnit) -> None:
    """Its own changes and those of its answers, the newest first, each with who and from what to what."""
    with acting(by=ana, through="page"):
        assessment = make_assessment(ana, procurement)
        services.answer(assessment, "ftc_inquiry", Given("known", True, note="Opened in May."), by=ana)
        services.answer(assessment, "ftc_inquiry", Given("unknown"), by=ana)
        services.withdraw(assessment, by=ana)
    said = text(as_ana.get(history_of(assessment)))
    assert "Ana Ferreira changed assessment" in said
    assert "State: Withdrawn , was Draft" in said
    assert "State: Not known , was Answered" in said
    assert said.index("Withdrawn") < said.index("Not known")
    assert "page · Procurement · not sealed yet" in said
    assert "made answer" in said
    assert "State Answered · " in said
    seal()
    said = text(as_ana.get(history_of(assessment)))
    assert f"entry {Entry.objects.latest('pk').position}" in said
    assert "not sealed yet" not in said


def test_an_answer_is_told_by_its_question_and_no_is_an_answer(
    as_ana: Client, ana: User, procurement: BusinessUnit
) -> None:
    assessment = make_assessment(ana, procurement)
    services.answer(assessment, "children_data", Given("known", False), by=ana)
    services.answer(assessment, "data_subject_blocs", Given("known", []), by=ana)
    said = text(as_ana.get(history_of(assessment)))
    assert "made answer “Is any of it about children under 13?”" in said
    assert "Question children_data · State Answered · Value No" in said


def test_lists_and_people_in_one_history(as_ana: Client, ana: User) -> None:
    with acting(by=ana, why="Its register says so"):
        vendor = make_vendor("Zeta")
        Vendor.objects.filter(pk=vendor.pk).update(hq_country="FR")
    said = text(as_ana.get(reverse("imports:history", args=["vendor", vendor.slug])))
    assert "Ana Ferreira changed vendor “Zeta”" in said
    assert "Its register says so" in said
    assert text(as_ana.get(history_of(vendor))).count("Zeta") >= 2


def test_every_kind_with_a_page_has_a_history(as_ana: Client, ana: User, procurement: BusinessUnit) -> None:
    assert set(histories()) >= {
        "aimodel", "assessment", "batch", "claim", "document", "inquiry", "offering", "openquestion", "region",
        "source", "vendor",
    }  # fmt: skip
    for record in (make_claim(), make_source(), make_document(procurement, ana)):
        page = as_ana.get(record.get_absolute_url())
        assert history_of(record) in page.content.decode(), record
        assert as_ana.get(history_of(record)).status_code == 200


def test_nothing_of_another_unit(
    as_ana: Client, as_cleo: Client, as_evan: Client, ana: User, procurement: BusinessUnit
) -> None:
    assessment = make_assessment(ana, procurement, use_case="Secret drafting")
    for client in (as_cleo, as_evan):
        for more in ("", "?export=csv", "?export=json"):
            assert client.get(history_of(assessment) + more).status_code == 404
        assert client.get("/trail/").status_code == 403
        assert client.get("/trail/?export=csv").status_code == 403
    assert as_ana.get("/trail/").status_code == 403
    assert as_ana.get("/history/nothing/1/").status_code == 404
    assert as_ana.get(f"/history/user/{ana.pk}/").status_code == 404


def test_a_claim_backed_by_a_document_of_another_unit(
    as_ana: Client, as_cleo: Client, ana: User, procurement: BusinessUnit
) -> None:
    """Everybody reads the claim's history, but of the document's link only its unit."""
    claim, document = make_claim(), make_document(procurement, ana, name="secret-audit.pdf")
    claim.document_links.create(document=document)
    assert "secret-audit.pdf" in text(as_ana.get(history_of(claim)))
    assert "secret-audit.pdf" not in text(as_cleo.get(history_of(claim)))
    source = make_source("Secret letter", unit=procurement)
    claim.links.create(source=source, relation="states")
    assert "Secret letter" in text(as_ana.get(history_of(claim)))
    assert "Secret letter" not in text(as_cleo.get(history_of(claim)))


def test_an_auditor_filters_the_whole(
    as_dora: Client, ana: User, ben: User, procurement: BusinessUnit
) -> None:
    with acting(by=ana):
        make_vendor("Acme")
    with acting(by=ben):
        make_vendor("Zeta")
        make_assessment(ana, procurement, use_case="Drafting")
    for query, there, not_there in (
        ("?who=ana", "“Acme”", "“Zeta”"),
        ("?q=zeta", "“Zeta”", "“Acme”"),
        ("?kind=assessments.assessment", "Drafting", "“Zeta”"),
        (f"?unit={procurement.pk}", "Drafting", "“Zeta”"),
        ("?until=2020-01-01", "Nothing was changed that matches", "“Acme”"),
        ("?since=2020-01-01", "“Acme”", "Nothing was changed"),
    ):
        said = text(as_dora.get(f"/trail/{query}"))
        assert there in said, query
        assert not_there not in said, query


def test_an_import_reads_as_one_line(as_dora: Client, ana: User, procurement: BusinessUnit) -> None:
    batch = imported(as_csv(ONE), by=ana, unit=procurement)
    for address in ("/trail/?kind=imports.batch", history_of(batch)):
        said = text(as_dora.get(address))
        assert "1 model made, 1 offering made" in said
        assert "State: Applied , was Being applied" in said


def test_pages_by_key(as_dora: Client) -> None:
    for number in range(60):
        make_vendor(f"Vendor {number:02}")
    first = as_dora.get("/trail/?kind=catalog.vendor")
    assert "“Vendor 59”" in text(first)
    assert "“Vendor 09”" not in text(first)
    older = first.context["page"].older
    second = text(as_dora.get(older))
    assert "“Vendor 09”" in second
    assert "“Vendor 10”" not in second
    assert "Newest" in second


def test_what_the_pages_cost(as_dora: Client, as_ana: Client, ana: User, procurement: BusinessUnit) -> None:
    assessment = make_assessment(ana, procurement)
    for _ in range(2):
        reasons = (
            *FRAME,
            "the units to filter by",
            "the entries",
            "the last seal",
        )
        assert_queries(as_dora, "/trail/", reasons)
        services.answer(assessment, "ftc_inquiry", Given("unknown"), by=ana)
        make_vendor()
    assert_queries(
        as_ana,
        history_of(assessment),
        (
            *FRAME,
            "the assessment",
            "the entries",
            "its offering, for its name",
        ),
    )
    assert_queries(as_ana, history_of(make_vendor()), (*FRAME, "the vendor", "the entries"))


def test_exports_carry_the_chain(as_dora: Client) -> None:
    make_vendor("=cmd()")
    seal()
    told = json.loads(as_dora.get("/trail/?export=json").content)
    before = "0" * 64
    for entry in told["entries"]:
        before = link(before, entry["position"], [entry[name] for name in COLUMNS])
        assert entry["digest"] == before
    assert told["head"] == f"{len(told['entries'])}:{before}"
    rows = list(csv.DictReader(io.StringIO(as_dora.get("/trail/?export=csv").content.decode("utf-8-sig"))))
    assert len(rows) == Entry.objects.count()
    assert rows[-1]["object_repr"] == "'=cmd()"
    book = openpyxl.load_workbook(io.BytesIO(as_dora.get("/trail/?export=xlsx").content))
    assert book.active is not None
    assert book.active.max_row == len(rows) + 1
    assert as_dora.get("/trail/?export=pdf").status_code == 400
