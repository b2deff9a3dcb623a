"""The founding briefing's assessments as plain data: loaded and gathered once, then nobody needs a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import transaction

from riskassess.assessments.gather import gather
from riskassess.assessments.gathered import Gathered
from riskassess.assessments.models import Assessment
from riskassess.assessments.scoring import current_method
from riskassess.home.demo.loading import load_all


@dataclass(frozen=True)
class Case:
    """One assessment of the briefing: what was gathered for it, and the day it is judged on."""

    name: str
    gathered: Gathered
    on: date


@pytest.fixture(scope="session")
def cases(django_db_setup: None, django_db_blocker: Any) -> list[Case]:
    """All of them, in the order in which they were started."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_all("a password nobody else knows")
        found = [
            Case(str(one), gather(one, one.as_of, current_method()), one.as_of)
            for one in Assessment.objects.order_by("pk")
        ]
        transaction.set_rollback(True)
    return found
