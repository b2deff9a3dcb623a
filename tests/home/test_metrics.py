"""What Prometheus reads: to nobody unless somebody is named, cheap, and counted over all processes of a server."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from config import env
from riskassess.accounts.models import BusinessUnit
from riskassess.jobs import services
from riskassess.jobs.exposing import tell_of_this_worker
from riskassess.jobs.handlers import HANDLERS, NotYet, RunningJob, handles
from riskassess.jobs.models import Job
from riskassess.kernel.errors import InvalidInput, TryAgain
from riskassess.measuring import IMPORTED_ROWS, report_drawn, saw_import
from tests.builders import leases_run_out, make_job

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "a-token-of-the-monitoring"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def watched(settings: LazySettings) -> None:
    settings.METRICS_TOKEN, settings.METRICS_NETWORKS, settings.METRICS_ON = TOKEN, [], True


def read(text: str) -> dict[str, float]:
    """Each sample by its name and labels, as one writes them in a query."""
    found = {}
    for family in text_string_to_metric_families(text):
        for one in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(one.labels.items()))
            found[one.name + (f"{{{labels}}}" if labels else "")] = one.value
    return found


def told(client: Client) -> dict[str, float]:
    answer = client.get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    return read(answer.content.decode())


def test_nobody_reads_it_unless_somebody_is_named(as_dora: Client, settings: LazySettings) -> None:
    assert not settings.METRICS_ON
    assert as_dora.get("/metrics").status_code == 404
    assert as_dora.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.usefixtures("watched")
def test_a_token_opens_it_and_nothing_like_it(client: Client, db: None) -> None:
    assert client.get("/metrics", headers=BEARER).status_code == 200
    for wrong in ("", TOKEN, f"Bearer {TOKEN}x", "Bearer ", f"bearer\u00e9 {TOKEN}"):
        assert client.get("/metrics", headers={"Authorization": wrong}).status_code == 403
    assert client.post("/metrics", headers=BEARER).status_code == 405


def test_a_network_opens_it_and_no_proxy_of_that_network_does_for_the_world(
    client: Client, db: None, settings: LazySettings
) -> None:
    settings.METRICS_NETWORKS, settings.METRICS_ON = [ip_network("10.20.0.0/16")], True

    def asked(address: str, passed: str = "") -> int:
        more = {"HTTP_X_FORWARDED_FOR": passed} if passed else {}
        return client.get("/metrics", REMOTE_ADDR=address, **more).status_code

    assert asked("10.20.3.4") == 200
    assert asked("::ffff:10.20.3.4") == 200
    assert asked("10.21.3.4") == 403
    assert asked("") == 403
    assert asked("10.20.3.4", passed="203.0.113.9") == 403  # through a proxy that stands in that network
    settings.TRUSTED_PROXIES = 1
    assert asked("10.20.3.4", passed="203.0.113.9") == 403
    assert asked("10.20.3.4", passed="10.20.7.7, 203.0.113.9") == 403  # the first is what the caller says
    assert asked("192.0.2.1", passed="10.20.7.7") == 200


@pytest.mark.usefixtures("watched")
def test_requests_are_counted_by_route_and_no_label_is_what_somebody_sent(as_ana: Client) -> None:
    before = told(as_ana).get("riskassess_requests_total{method=GET,route=assessments:list,status=200}", 0)
    as_ana.get("/assessments/?q=heron")
    as_ana.get("/no/such/heron/")
    as_ana.generic("HERON", "/assessments/")
    now = told(as_ana)
    assert now["riskassess_requests_total{method=GET,route=assessments:list,status=200}"] == before + 1
    assert now["riskassess_requests_total{method=GET,route=,status=404}"] >= 1
    assert now["riskassess_request_seconds_count{route=assessments:list}"] >= 1
    assert not [name for name in now if "heron" in name.lower()]


@pytest.fixture
def ends() -> Iterator[dict[str, Exception]]:
    """A kind of job that ends as its arguments say."""
    ways: dict[str, Exception] = {
        "failed": InvalidInput("No."), "again": TryAgain("Later."), "waits": NotYet(timedelta(seconds=60)),
    }  # fmt: skip

    @handles("ends")
    def handler(job: RunningJob) -> dict[str, Any]:
        if way := ways.get(job.arguments["as"]):
            raise way
        if job.arguments["as"] == "lost":
            Job.objects.filter(pk=job.id).update(claim=None, lease_until=None, state=Job.State.QUEUED)
            job.still_mine()
        return {}

    yield ways
    del HANDLERS["ends"]


@pytest.mark.usefixtures("watched", "ends")
def test_jobs_are_counted_by_what_came_of_them(client: Client, db: None) -> None:
    names = {
        way: f"riskassess_jobs_total{{kind=ends,outcome={way}}}"
        for way in ("done", "failed", "again", "waits", "lost")
    }
    before = told(client)
    for way in names:
        services.enqueue("ends", {"as": way}, key=way)
        services.run(Job.objects.claim_next(timezone.now()))  # type: ignore[arg-type]
        Job.objects.exclude(state=Job.State.FAILED).delete()
    now = told(client)
    assert {way: now[name] - before.get(name, 0) for way, name in names.items()} == dict.fromkeys(names, 1)
    assert (
        now["riskassess_job_seconds_count{kind=ends}"]
        - before.get("riskassess_job_seconds_count{kind=ends}", 0)
        == 5
    )


@pytest.mark.usefixtures("watched")
def test_what_waits_is_read_off_the_table(client: Client, db: None) -> None:
    now = timezone.now()
    make_job(None, kind="score", run_after=now - timedelta(minutes=3))
    make_job(None, kind="score", run_after=now + timedelta(minutes=3), attempts=2)
    make_job(None, kind="webhook", run_after=now + timedelta(hours=3))
    make_job(None, kind="score", state=Job.State.FAILED, finished_at=now)
    held = make_job(None, kind="report", run_after=now - timedelta(minutes=9))
    Job.objects.filter(pk=held.pk).update(
        state=Job.State.RUNNING, claim=held.pk, lease_until=now - timedelta(seconds=1)
    )
    found = told(client)
    assert found["riskassess_job_queue{kind=score,state=queued}"] == 2
    assert found["riskassess_job_queue_tried{kind=score}"] == 1
    assert found["riskassess_job_queue{kind=report,state=running}"] == 1
    assert 179 < found["riskassess_job_oldest_waiting_seconds{kind=score}"] < 240
    assert (
        found["riskassess_job_oldest_waiting_seconds{kind=any}"]
        == found["riskassess_job_oldest_waiting_seconds{kind=score}"]
    )
    assert "riskassess_job_oldest_waiting_seconds{kind=webhook}" not in found
    assert found["riskassess_job_leases_expired"] == 1
    before = found.get("riskassess_job_leases_ran_out_total", 0)
    assert leases_run_out() == 1
    assert told(client)["riskassess_job_leases_ran_out_total"] == before + 1


@pytest.mark.usefixtures("watched")
def test_it_costs_three_queries_at_most_however_much_there_is(
    client: Client, procurement: BusinessUnit
) -> None:
    for _ in range(30):
        make_job(procurement, kind="score")
    reasons = ["what is queued and running", "the webhooks"]
    if connection.vendor == "postgresql":
        reasons.append("the connections")
    with CaptureQueriesContext(connection) as captured:
        found = told(client)
    assert len(captured.captured_queries) == len(reasons)
    assert found["riskassess_database_up"] == 1
    assert any(name.startswith("riskassess_build_info{") and "rules=" in name for name in found)
    assert ("riskassess_database_connections_most" in found) is (connection.vendor == "postgresql")


@pytest.mark.usefixtures("watched")
def test_a_database_that_is_away_is_told(client: Client) -> None:
    """No database is allowed in this story: the answer says so and holds what was counted."""
    with pytest.MonkeyPatch.context() as patch:
        from django.db import OperationalError

        from config import metrics

        def gone() -> list[Any]:
            raise OperationalError("no")

        patch.setattr(metrics, "_jobs", gone)
        found = told(client)
    assert found["riskassess_database_up"] == 0
    assert "riskassess_job_leases_ran_out_total" in found


def test_imports_and_reports_are_counted() -> None:
    before = IMPORTED_ROWS.labels("new")._value.get()
    saw_import({"read": 5, "new": 3, "updated": 2})
    assert IMPORTED_ROWS.labels("new")._value.get() == before + 3
    with pytest.raises(ValueError, match="no"), report_drawn("pdf"):
        raise ValueError("no")


@pytest.mark.usefixtures("watched")
def test_a_worker_tells_of_itself_to_whom_may_read_it() -> None:
    server = tell_of_this_worker("127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.server_port}"

    def status(path: str, headers: dict[str, str]) -> int:
        try:
            with urllib.request.urlopen(urllib.request.Request(address + path, headers=headers)) as answer:
                assert "riskassess_jobs_total" in answer.read().decode()
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    try:
        assert [status("/metrics", BEARER), status("/metrics", {}), status("/", BEARER)] == [200, 403, 404]
    finally:
        server.shutdown()
        server.server_close()


def test_processes_of_one_server_count_together(tmp_path: Path) -> None:
    """Two processes count into one folder, as Gunicorn's do; either tells the sum."""
    count = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'\n"
        "from riskassess.measuring import saw_request; saw_request('GET', 'home:dashboard', 200, 0.1)"
    )
    ask = (
        "import django; django.setup(); from config.metrics import counted;"
        "from prometheus_client import generate_latest; print(generate_latest(counted()).decode())"
    )
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for code in (count, count):
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)
    done = subprocess.run(
        [sys.executable, "-c", f"{count}; {ask}"],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    assert read(done.stdout)["riskassess_requests_total{method=GET,route=home:dashboard,status=200}"] == 3


@pytest.mark.parametrize("wrong", ["9101", "127.0.0.1:", "127.0.0.1:port", "127.0.0.1:0", "127.0.0.1:70000"])
def test_where_a_worker_listens_is_said_rightly(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_WORKER_LISTEN", wrong)
    with pytest.raises(ImproperlyConfigured, match="such as"):
        env.address("METRICS_WORKER_LISTEN")
    monkeypatch.setenv("METRICS_WORKER_LISTEN", "[::1]:9101")
    assert env.address("METRICS_WORKER_LISTEN") == ("::1", 9101)
