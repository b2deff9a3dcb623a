"""The same facts make the same bytes: on SQLite and on PostgreSQL, in one process and in another.

The founding briefing is loaded, judged, decided and reported by two fresh installations, each in a process with an
order of hashes of its own. No id and no time of the one is copied to the other: reports show none that could differ.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.jobs.machines import Machine, machine

pytestmark = pytest.mark.services

MAKE = """
import hashlib, json
from datetime import UTC, date, datetime
from pathlib import Path
from riskassess.accounts.models import User
from riskassess.assessments.models import Assessment, Decision
from riskassess.assessments.scoring import method_on, score
from riskassess.home.demo.loading import load_all
from riskassess.reports.content import report_content
from riskassess.reports.formats import FORMATS, combined_made, made
from riskassess.reports.portfolio import portfolio
from riskassess.reports.side_by_side import side_by_side
from tests.builders import make_decision

load_all("unused here")
chosen = list(Assessment.objects.order_by("pk"))[:MANY]
runs = [score(one) for one in chosen]
make_decision(runs[0], User.objects.get(email="ben@example.com"), "ESCALATE", valid_until=date(2027, 6, 30))
Decision.objects.update(decided_at=datetime(2026, 11, 25, 9, tzinfo=UTC))
files = {f"{at}.record": run.record.encode() for at, run in enumerate(runs)}
for at, run in enumerate(runs[:1]):
    content = report_content(run)
    files |= {f"{at}.{wanted}": made(wanted, content, run.record) for wanted in FORMATS}
on = date(2026, 11, 24)
all_of_them = portfolio(Assessment.objects.all(), on, "Portfolio", method_on(on).thresholds)
for name, shown in (("comparison", side_by_side(runs)), ("portfolio", all_of_them)):
    files |= {f"{name}.{wanted}": combined_made(wanted, shown) for wanted in ("pdf", "xlsx")}
for name, data in files.items():
    (Path(FOLDER) / name).write_bytes(data)
print(json.dumps({name: hashlib.sha256(data).hexdigest() for name, data in files.items()}))
"""


def made_on(one: Machine, seed: str, folder: Path) -> Any:
    one.environment["PYTHONHASHSEED"] = seed
    one.environment["PGOPTIONS"] = "-c synchronous_commit=off"
    return one.python(f"MANY, FOLDER = 3, {json.dumps(str(folder))}\n{MAKE}")


def test_both_databases_make_the_same_bytes(tmp_path: Path) -> None:
    """Records, PDFs, workbooks, archives, a comparison and a portfolio: seldom is only one of them unlike."""
    digests = []
    for database, seed in (("sqlite", "1"), ("postgres", "2")):
        folder = tmp_path / database
        folder.mkdir()
        with machine(folder, database, "memory") as one:
            digests.append(made_on(one, seed, folder))
    first, second = digests
    assert len(first) == 3 + 3 + 2 * 2
    assert first == second, [name for name in first if first[name] != second[name]]
