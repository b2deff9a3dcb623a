"""A secret that is made once and then kept in a file only its owner reads."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def kept_secret(file: Path, size: int = 50) -> str:
    """The secret in `file`, made now if there is none; of two processes that make it, one wins."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text()
    with os.fdopen(descriptor, "w") as opened:
        opened.write(made := secrets.token_urlsafe(size))
    return made
