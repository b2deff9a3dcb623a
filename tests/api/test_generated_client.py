"""A client generated from the description does a day's work: nothing in it is written by hand."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.handlers.wsgi import WSGIHandler

from config.api_docs import description
from riskassess.accounts import tokens
from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Can
from riskassess.jobs import services as jobs
from tests.builders import make_offering, make_price
from tests.contract.conftest import _one_connection as _one_connection

NAME = "riskassess_client"


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The package as openapi-python-client makes it of the description, importable."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "api.json").write_text(json.dumps(description()))
    (folder / "config.json").write_text(
        json.dumps({"post_hooks": [], "content_type_overrides": kinds_of_files()})
    )
    done = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", "generate", "--path", "api.json", "--config", "config.json",
         "--meta", "none", "--output-path", NAME, "--fail-on-warning"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield folder / NAME
    sys.path.remove(str(folder))


@pytest.fixture
def client(generated: Path, ana: User) -> Any:
    """The generated client with a token of Ana's, and the site itself behind it."""
    key = tokens.make(ana, "client", [Can.REQUEST, Can.ASSESS]).key
    made = importlib.import_module(NAME).AuthenticatedClient(base_url="http://testserver", token=key)
    transport = httpx.WSGITransport(app=WSGIHandler())
    return made.set_httpx_client(
        httpx.Client(
            base_url="http://testserver", transport=transport, headers={"Authorization": f"Bearer {key}"}
        )
    )


def kinds_of_files() -> dict[str, str]:
    """To the generator a file is bytes, and every other type of answer has to be named to it."""
    return {
        kind: "application/octet-stream"
        for operations in description()["paths"].values()
        for operation in operations.values()
        for answer in operation["responses"].values()
        for kind in answer.get("content", {})
        if "json" not in kind
    }


def call(client: Any, operation: str, *args: Any, **more: Any) -> Any:
    """What an operation of the generated client answers, such as `offerings.offerings_list`; it has to succeed."""
    answer = importlib.import_module(f"{NAME}.api.{operation}").sync_detailed(*args, client=client, **more)
    assert answer.status_code < 400, answer.content
    assert answer.parsed is not None, operation
    return answer.parsed


@pytest.mark.django_db
def test_ana_assesses_an_offering_and_takes_its_report(
    client: Any, ana: User, procurement: BusinessUnit
) -> None:
    wanted = make_offering(name="Swift 1")
    make_price(wanted)
    models = importlib.import_module(f"{NAME}.models")

    offering = call(client, "offerings.offerings_list", name_icontains="swift").results[0]
    assert (offering.slug, offering.prices[0].kind) == (wanted.slug, "input")

    begin = models.StartInput(offering=offering.slug, unit=procurement.pk, use_case="Drafting")
    started = call(client, "assessments.assessments_create", body=begin)
    jobs.drain()
    asked = call(client, "assessments.assessments_questions_retrieve", started.id)
    first = next(one for one in asked.questions if one.takes == "bool" and one.ours)
    said = models.AnswerInput(question=first.key, state=models.AnswerState.KNOWN, value=True)
    answers = call(client, "assessments.assessments_answers_update", started.id, body=said)
    assert [(one.question, one.value) for one in answers] == [(first.key, True)]

    call(client, "assessments.assessments_submit_create", started.id)
    jobs.drain()
    scored = call(client, "assessments.assessments_retrieve", started.id)
    run = call(client, "runs.runs_retrieve", scored.current_run)
    assert 0 <= run.risk_low < run.risk_high  # one answer leaves much unknown
    assert call(client, "runs.runs_record_retrieve", run.id)["result_id"] == run.result_id

    wish = models.ReportInput(run=run.id, format_=models.ReportFormat.XLSX)
    report = call(client, "reports.reports_create", body=wish)
    jobs.drain()
    assert call(client, "reports.reports_retrieve", report.id).ready
    assert call(client, "reports.reports_download_retrieve", report.id).payload.read(2) == b"PK"
