"""The founding briefing, loaded once for a module of tests that only read it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from riskassess.home.demo.loading import load_all


@pytest.fixture(scope="module")
def briefing(django_db_setup, django_db_blocker) -> Iterator[dict[str, int]]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_all("a password nobody else knows")
        transaction.set_rollback(True)
