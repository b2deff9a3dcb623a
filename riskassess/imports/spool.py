"""Rows that wait: a few in memory, the rest in a temporary file, so that many take no more memory than few."""

from __future__ import annotations

import pickle
from collections.abc import Collection, Iterable, Iterator
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import IO, TypeVar

PAGE = 2_000  # rows
_HELD = 2  # pages in memory: a sheet of ordinary length needs no file

T = TypeVar("T")


def portions(rows: Iterable[T], size: int = PAGE) -> Iterator[list[T]]:
    """The rows in their order, so many at a time."""
    every = iter(rows)
    while page := list(islice(every, size)):
        yield page


class Spool(Collection[T]):
    """Rows in the order in which they came, read as often as needed, also by several readers at once.

    The file is this process's own and gone with it: nobody else reads or writes it.
    """

    def __init__(self, rows: Iterable[T] = ()) -> None:
        self._pages: list[list[T] | int] = []  # full ones, or where in the file they begin
        self._page: list[T] = []
        self._file: IO[bytes] | None = None
        for row in rows:
            self.append(row)

    def append(self, row: T) -> None:
        self._page.append(row)
        if len(self._page) == PAGE:
            self._pages.append(self._page if len(self._pages) < _HELD else self._laid_down(self._page))
            self._page = []

    def _laid_down(self, page: list[T]) -> int:
        self._file = self._file or TemporaryFile()  # noqa: SIM115 - closed with the spool
        at = self._file.seek(0, 2)
        pickle.dump(page, self._file, pickle.HIGHEST_PROTOCOL)
        return at

    def pages(self) -> Iterator[list[T]]:
        """The rows in their order, a page at a time. Append none meanwhile, and change no page."""
        for page in self._pages:
            yield self._taken_up(page) if isinstance(page, int) else page
        if self._page:
            yield self._page

    def _taken_up(self, at: int) -> list[T]:
        if self._file is None:
            raise RuntimeError("A page is said to be in a file, and there is none.")
        self._file.seek(at)
        page: list[T] = pickle.load(self._file)  # noqa: S301 - written by this very process
        return page

    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable(self.pages())

    def __len__(self) -> int:
        return len(self._pages) * PAGE + len(self._page)

    def __contains__(self, row: object) -> bool:
        return any(one == row for one in self)
