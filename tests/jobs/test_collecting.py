"""What a drawn report leaves behind is freed after its job, not once the collector comes to it."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from riskassess.accounts.models import BusinessUnit
from riskassess.jobs import services
from riskassess.jobs.handlers import HANDLERS, RunningJob
from riskassess.jobs.models import Job
from riskassess.kernel.collector import collect_what_is_left, leaves_cycles
from riskassess.reports.engine import printed
from tests.builders import make_job


class Box:
    """Part of a page: it knows its parent, which knows it."""

    def __init__(self) -> None:
        self.parent = self


@pytest.fixture
def never_by_itself() -> Iterator[None]:
    collect_what_is_left()  # by reports that earlier tests have drawn
    gc.disable()
    yield
    gc.enable()


@pytest.mark.django_db
@pytest.mark.parametrize("tells", [True, False])
def test_a_job_that_left_cycles_is_cleared_up_after(
    monkeypatch: pytest.MonkeyPatch, procurement: BusinessUnit, never_by_itself: None, tells: bool
) -> None:
    seen: list[weakref.ref[Box]] = []

    def draws(job: RunningJob) -> dict[str, str]:
        seen.append(weakref.ref(Box()))
        if tells:
            leaves_cycles()
        return {}

    monkeypatch.setitem(HANDLERS, "draws", draws)
    make_job(procurement, kind="draws")
    assert services.drain() == 1
    assert Job.objects.get().state == Job.State.DONE
    assert (seen[0]() is None) is tells


def test_a_report_says_that_it_left_some(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[bool] = []
    monkeypatch.setattr("riskassess.reports.engine.leaves_cycles", lambda: said.append(True))
    page = "<html lang='en'><head><title>One</title></head><body><h1>One</h1></body></html>"
    assert printed(page, {}, pdf_variant="pdf/ua-1").startswith(b"%PDF")
    assert said == [True]
