from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings


@pytest.fixture(autouse=True)
def _own_files(settings: LazySettings, tmp_path: Path) -> None:
    """Uploads of a test end with it."""
    settings.MEDIA_ROOT = tmp_path / "files"
