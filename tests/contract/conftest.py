from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from tests.access.conftest import _files_stay as _files_stay
from tests.access.conftest import filled as filled
from tests.access.conftest import people as people
from tests.access.conftest import theirs as theirs
from tests.api.conftest import _own_files as _own_files


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """The site is called by WSGI, as a server calls it; the story's connection outlasts each call all the same."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)
