"""The folder of files: a file is in it whole, or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage

from riskassess.kernel.errors import NoRoom
from riskassess.kernel.files import is_full


class WholeFiles(FileSystemStorage):
    """Django's folder, which would leave the first half of a file where the disk ran full in its middle."""

    def _save(self, name: str, content: File[Any] | IO[Any]) -> str:
        """Raises NoRoom where the disk, or what this process may write, is full."""
        taken = Path(self.path(name))
        was_there = taken.exists()
        try:
            return super()._save(name, content)  # type: ignore[misc,no-any-return]
        except OSError as error:
            if not was_there:
                taken.unlink(missing_ok=True)
            if is_full(error):
                raise NoRoom() from error
            raise
