"""What makes the PDF engine quicker changes no byte of what it draws."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pytest
import weasyprint
from celery.signals import worker_ready
from django.conf import settings

from riskassess.reports import engine, quicker
from riskassess.reports.content import content_of
from riskassess.reports.pdf import report_pdf
from tests.reports import records

# A process of its own: one that has drawn keeps the quicker ways.
AS_IT_COMES = """
import django, hashlib
django.setup()
from riskassess.reports import quicker
quicker.WRITTEN_FOR = "another release"
from tests.reports.test_quicker import drawn
print(hashlib.sha256(drawn()).hexdigest())
"""


class Stored:
    assessment_id = 1
    pk = 1


def drawn() -> bytes:
    return report_pdf(content_of(records.rejected(), Stored(), None, ()))  # type: ignore[arg-type]


def test_it_is_written_for_the_engine_that_is_installed() -> None:
    assert weasyprint.__version__ == quicker.WRITTEN_FOR, (
        "read riskassess/reports/quicker.py beside the new engine"
    )


def test_the_same_bytes_come_from_the_engine_as_it_comes() -> None:
    plain = subprocess.run(
        [sys.executable, "-c", AS_IT_COMES], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert hashlib.sha256(drawn()).hexdigest() == plain.stdout.strip()


def test_a_worker_that_starts_loads_the_engine_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    class AtOnce:
        def __init__(self, target: object, **_: object) -> None:
            self.start = target

    monkeypatch.setattr("riskassess.reports.apps.threading.Thread", AtOnce)
    engine.style_for.cache_clear()
    worker_ready.send(sender=None)
    assert engine.style_for.cache_info().currsize == 1
