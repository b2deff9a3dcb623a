"""One line a request and a job, which can be followed from one to the other, and none that opens a door."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from logging.config import DictConfigurator  # type: ignore[attr-defined]
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings, settings
from django.test import Client

from config import logs, masking
from riskassess.accounts import tokens
from riskassess.accounts.models import BusinessUnit, User
from riskassess.correlation import correlation, noting
from riskassess.jobs import services
from riskassess.jobs.handlers import HANDLERS, RunningJob, handles
from riskassess.jobs.models import Job
from tests.code_health.test_house import manage, production

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture, settings: LazySettings) -> Iterator[list[dict[str, Any]]]:
    """What a machine would read: each line of ours, as it is written in production."""
    settings.LOG_WORK = True
    caplog.set_level(logging.INFO, "riskassess")
    written: list[dict[str, Any]] = []

    class Keeps(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(json.loads(masking.MaskedJson().format(record)))

    keeps = Keeps()
    logging.getLogger("riskassess").addHandler(keeps)
    yield written
    logging.getLogger("riskassess").removeHandler(keeps)


def of(lines: list[dict[str, Any]], logger: str) -> list[dict[str, Any]]:
    return [line for line in lines if line["logger"] == logger]


def test_a_request_is_one_line_with_its_route_cost_and_person(
    as_ana: Client, ana: User, lines: list[dict[str, Any]]
) -> None:
    answer = as_ana.get("/assessments/?q=heron")
    (line,) = of(lines, "riskassess.requests")
    assert (line["route"], line["method"], line["status"]) == ("assessments:list", "GET", 200)
    assert line["user"] == ana.pk
    assert line["queries"] > 2
    assert 0 < line["cpu_ms"] <= line["wall_ms"] * 1.5
    assert line["correlation"] == answer["X-Request-ID"]
    assert "heron" not in json.dumps(line)
    assert ana.email not in json.dumps(line)


def test_a_program_with_a_token_is_the_person_it_acts_as(
    client: Client, ana: User, lines: list[dict[str, Any]]
) -> None:
    key = tokens.make(ana, "nightly", []).key
    client.get("/api/v1/assessments/", headers={"Authorization": f"Bearer {key}"})
    (line,) = of(lines, "riskassess.requests")
    assert (line["status"], line["user"]) == (200, ana.pk)


def test_who_is_not_known_and_what_is_not_there_is_a_line_too(
    client: Client, db: None, lines: list[dict[str, Any]]
) -> None:
    client.get("/no/such/page/")
    client.get("/health/live/")  # a machine asks for it every few seconds
    (line,) = of(lines, "riskassess.requests")
    assert (line["route"], line["user"]) == ("", None)


def test_an_id_is_taken_from_a_proxy_of_ours_and_from_nobody_else(
    client: Client, db: None, settings: LazySettings
) -> None:
    sent = {"X-Request-ID": "0af7651916cd43dd8448eb211c80319c"}
    assert client.get("/health/live/", headers=sent)["X-Request-ID"] != sent["X-Request-ID"]
    settings.TRUSTED_PROXIES = 1
    assert client.get("/health/live/", headers=sent)["X-Request-ID"] == sent["X-Request-ID"]
    forged = {"X-Request-ID": 'a"} {"level": "CRITICAL'}
    assert client.get("/health/live/", headers=forged)["X-Request-ID"] != forged["X-Request-ID"]


@pytest.fixture
def wishes() -> Iterator[list[str]]:
    """A kind of job that asks for another one, and what each was followed by."""
    seen: list[str] = []

    @handles("wish")
    def wish(job: RunningJob) -> dict[str, Any]:
        seen.append(correlation())
        if job.arguments["more"]:
            services.enqueue("wish", {"more": False}, key=f"{job.id} again")
        return {}

    yield seen
    del HANDLERS["wish"]


def test_a_request_is_followed_into_its_jobs_and_theirs(
    db: None, ana: User, procurement: BusinessUnit, wishes: list[str], lines: list[dict[str, Any]]
) -> None:
    with noting(correlation="of-ana"):
        services.enqueue("wish", {"more": True}, key="a", unit=procurement, by=ana)
    services.drain()
    assert wishes == ["of-ana", "of-ana"]
    first, second = of(lines, "riskassess.jobs.services")
    assert {first["correlation"], second["correlation"]} == {"of-ana"}
    assert (first["kind"], first["outcome"], first["attempt"], first["user"]) == ("wish", "done", 1, ana.pk)
    assert first["job"] != second["job"]


def test_a_job_that_no_request_asked_for_is_followed_by_itself(db: None, wishes: list[str]) -> None:
    job = services.enqueue("wish", {"more": False}, key="a")
    services.drain()
    assert wishes == [job.pk.hex]
    assert Job.objects.get().correlation == ""


LINK = "aB3_" * 10 + "xyz"
SECRET = 'a key of "this" installation'


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        (f"Not Found: /ask/{LINK}/", LINK),
        (f"/account/login/?next=%2Fask%2F{LINK}%2F", LINK),
        ("/account/password/reset/key/3k-cqx1ab-5f0e1d2c3b4a59687/", "cqx1ab-5f0e1d2c3b4a59687"),
        ("used ra_Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3JhdWx0", "Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3JhdWx0"),
        ("Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJz.c2ln", "eyJhbGciOiJIUzI1NiJ9"),
        ("signs with whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        ("cannot reach amqp://risk:hunter2hunter@mq.example.com:5672//", "hunter2hunter"),
        ("/account/oidc/company/login/callback/?code=4/P7q7W91&state=xyz", "4/P7q7W91"),
        ("Cookie: sessionid=9f8e7d6c5b4a", "9f8e7d6c5b4a"),
        (f"it was {SECRET}", SECRET),
        (f"it was {SECRET}", "this"),
    ],
)
def test_no_line_holds_what_opens_a_door(said: str, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masking, "_HIDDEN", set())
    masking.hide([SECRET, "short"])
    try:
        raise ValueError(said)
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "x", 1, "short: %s", (said,), sys.exc_info())
    for as_json in (True, False):
        configured = logs.configuration(as_json=as_json)
        for handler in configured["handlers"].values():
            formatter = DictConfigurator(configured).configure_formatter(
                dict(configured["formatters"][handler["formatter"]])
            )
            line = formatter.format(record)
            assert "short: " in line
            assert "…" in line
            assert secret not in line
            assert "\n" not in line if as_json else "Traceback" in line


def test_what_is_no_secret_stays_readable() -> None:
    for said in (
        "postgres://db.example.com:5432/risk",
        "state=queued",
        "mail of ana@example.com",
        "/ask/short/",
    ):
        assert masking.masked(said) == said


def test_the_secrets_of_this_installation_are_known() -> None:
    assert settings.SECRET_KEY not in masking.masked(f"key {settings.SECRET_KEY}.")


def test_a_line_of_text_that_cannot_be_encoded_is_written_all_the_same() -> None:
    record = logging.LogRecord("x", logging.ERROR, "x", 1, "half a character: \ud83d", (), None)
    assert json.loads(masking.MaskedJson().format(record))["message"].startswith("half")


def test_production_writes_json_and_development_lines(tmp_path: Path) -> None:
    """What is said in passing, from the first line on."""
    ask = "import logging; logging.getLogger('riskassess').info('hello /ask/%s/', 'a' * 43)"
    environment = production(RISKASSESS_VAR=str(tmp_path), SECRET_KEY="k" * 50, ALLOWED_HOSTS="x")
    said = manage("shell", "--no-imports", "-c", ask, environment=environment).stderr
    assert json.loads(said)["message"] == "hello /ask/…/"
    said = manage(
        "shell", "--no-imports", "-c", ask, environment=environment | {"RISKASSESS_MODE": "local"}
    ).stderr
    assert said.endswith("INFO riskassess hello /ask/…/\n")


def test_gunicorns_own_log_is_masked_too(tmp_path: Path) -> None:
    """Its loggers end in our formatter, in the master from the first line on and in each process."""
    ask = (
        "from gunicorn.app.wsgiapp import WSGIApplication as A; import sys, logging;"
        "sys.argv = ['gunicorn', '-c', 'python:config.gunicorn', 'config.wsgi'];"
        "log = A('', prog='gunicorn').cfg; from gunicorn.glogging import Logger;"
        "logger = Logger(log); logger.error('Error handling request %s', '/ask/' + 'a' * 43 + '/')"
    )
    environment = production(RISKASSESS_VAR=str(tmp_path), SECRET_KEY="k" * 50, ALLOWED_HOSTS="x")
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    line = json.loads(done.stderr)
    assert (line["logger"], line["message"]) == ("gunicorn.error", "Error handling request /ask/…/")
