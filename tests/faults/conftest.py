"""Moulds of databases, shared by all stories about faults."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.houses import Moulds


@pytest.fixture(scope="session")
def moulds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moulds]:
    made = Moulds(tmp_path_factory.mktemp("moulds"))
    yield made
    made.forget_all()
