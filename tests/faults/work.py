"""Work that stories ask for: what is seeded, and how much of it there must be in the end."""

from __future__ import annotations

PEOPLE = """
import uuid
from datetime import date
from itertools import count
from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Role
from riskassess.accounts.tokens import SCOPES, make
from riskassess.assessments import services
from riskassess.assessments.answers import Given
from riskassess.assessments.models import Assessment, ScoreRun
from riskassess.imports import services as imports
from riskassess.jobs.models import Job
from riskassess.jobs.reaping import Reaper
from riskassess.jobs.services import drain
from riskassess.reports.services import request_report
from tests import builders
from tests.builders import leases_run_out, make_offering, make_person, make_unit
builders._numbers = count(uuid.uuid4().int % 10**9)  # each process counts for itself, in one database
unit = BusinessUnit.objects.first() or make_unit("Procurement")
ana = User.objects.filter(email="ana@example.com").first() or make_person("Ana", (unit, Role.ASSESSOR))
DAY = date(2026, 11, 24)

def new_assessment():
    number = Assessment.objects.count()
    offering = make_offering(stage="ga", slug=f"offering-{number}")
    return services.start(offering, unit, f"Use {number}", by=ana, on=DAY)

def new_sheet(rows, name):
    # One number in each name, and never twice: names whose numbers differ in their order alone may mean the same.
    lines = ["Provider,Model,Context limit,Input $/1M tokens"]
    lines += [f"Vendor {n % 7},{name}{n:04d},{1000 + n},0.{n + 1:05d}" for n in range(rows)]
    batch = imports.upload("\\n".join(lines).encode(), f"{name}.csv", unit=unit, by=ana, stated_on=DAY)
    imports.confirm_columns(batch, {}, by=ana)
    return batch
"""

MANY_SCORES = """
for _ in range({count}):
    new_assessment()
"""

ONE_IMPORT = """
batch = new_sheet({rows}, "model")
drain()
batch.refresh_from_db()
imports.request_apply(batch, by=ana)
"""
