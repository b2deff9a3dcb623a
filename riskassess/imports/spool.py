"""Rows that wait to be written: a few in memory, the rest in a temporary file, so that many take no more than few."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO, Any

PAGE = 2_000  # rows


class Spool:
    """Rows in the order in which they came, read as often as needed.

    The file is this process's own and gone with it: nobody else reads or writes it.
    """

    def __init__(self) -> None:
        self._page: list[Any] = []
        self._file: IO[bytes] | None = None

    def append(self, row: Any) -> None:
        self._page.append(row)
        if len(self._page) == PAGE:
            self._file = self._file or TemporaryFile()  # noqa: SIM115 - closed with the spool
            pickle.dump(self._page, self._file, pickle.HIGHEST_PROTOCOL)
            self._page = []

    def pages(self) -> Iterator[list[Any]]:
        """The rows in their order, a page at a time. Append none meanwhile."""
        if self._file is not None:
            end = self._file.tell()
            self._file.seek(0)
            while self._file.tell() < end:
                yield pickle.load(self._file)  # noqa: S301 - written by this very process
        if self._page:
            yield self._page
