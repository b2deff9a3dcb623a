"""Gita administers Procurement, Hugo administers Research; both are asked for their password, and have given it."""

from __future__ import annotations

import pytest
from django.test import Client

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Role
from tests.builders import make_person

PASSWORD = "a long and quiet river"


@pytest.fixture
def gita(procurement: BusinessUnit) -> User:
    return make_person("Gita Rao", (procurement, Role.ADMINISTRATOR), password=PASSWORD)


@pytest.fixture
def hugo(research: BusinessUnit) -> User:
    return make_person("Hugo Blom", (research, Role.ADMINISTRATOR), password=PASSWORD)


@pytest.fixture
def as_gita(gita: User) -> Client:
    return signed_in(gita)


@pytest.fixture
def as_hugo(hugo: User) -> Client:
    return signed_in(hugo)


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client
