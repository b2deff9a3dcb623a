"""People of the stories: ana assesses, ben approves, cleo is elsewhere, dora audits, evan belongs nowhere.

`as_ana` and the like are clients signed in as them.
"""

from __future__ import annotations

import os

import hypothesis
import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Role
from tests.builders import make_person, make_unit

# In CI the same examples every time: what they find belongs in a test, not in somebody else's change.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None)
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "here")


@pytest.fixture(autouse=True)
def _plain_static_files(settings: LazySettings) -> None:
    """Pages name their static files as they are: no test waits for collectstatic."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """What one test counts in the cache, such as wrong passwords, is not held against the next."""
    cache.clear()


@pytest.fixture(autouse=True)
def _nobody_is_throttled(settings: LazySettings) -> None:
    settings.API_RATE = settings.API_RATE_STRANGERS = ""


@pytest.fixture
def procurement(db: None) -> BusinessUnit:
    return make_unit("Procurement")


@pytest.fixture
def research(db: None) -> BusinessUnit:
    return make_unit("Research")


@pytest.fixture
def ana(procurement: BusinessUnit) -> User:
    """Assesses and imports, in Procurement."""
    return make_person("Ana Ferreira", (procurement, Role.ASSESSOR))


@pytest.fixture
def ben(procurement: BusinessUnit) -> User:
    """Approves, in Procurement."""
    return make_person("Ben Lindqvist", (procurement, Role.APPROVER))


@pytest.fixture
def cleo(research: BusinessUnit) -> User:
    """Assesses, but in Research: Procurement's work is not hers to see."""
    return make_person("Cleo Osei", (research, Role.ASSESSOR))


@pytest.fixture
def dora(procurement: BusinessUnit) -> User:
    """Audits: reads the work of every unit, changes none."""
    return make_person("Dora Novak", (procurement, Role.AUDITOR))


@pytest.fixture
def evan(db: None) -> User:
    """Has an account and no role anywhere."""
    return make_person("Evan Hall")


def _signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def as_ana(ana: User) -> Client:
    return _signed_in(ana)


@pytest.fixture
def as_ben(ben: User) -> Client:
    return _signed_in(ben)


@pytest.fixture
def as_cleo(cleo: User) -> Client:
    return _signed_in(cleo)


@pytest.fixture
def as_dora(dora: User) -> Client:
    return _signed_in(dora)


@pytest.fixture
def as_evan(evan: User) -> Client:
    return _signed_in(evan)
