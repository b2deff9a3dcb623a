"""Rows that wait: a few in memory, the rest in a temporary file, so that many take no more memory than few."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from tempfile import TemporaryFile
from typing import IO, Any, TypeVar

PAGE = 2_000  # rows
_HELD = 2  # pages in memory: a sheet of ordinary length needs no file

T = TypeVar("T")
R = TypeVar("R", bound=tuple[Any, ...])


def portions(rows: Iterable[T], size: int = PAGE) -> Iterator[list[T]]:
    """The rows in their order, so many at a time."""
    every = iter(rows)
    while page := list(islice(every, size)):
        yield page


class Spool(Collection[R]):
    """Rows in the order in which they came, read as often as needed, also by several readers at once.

    Rows are tuples, or of one class of named tuples, `kind`, of texts, numbers and truths, and of lists, tuples and
    dictionaries of these: what `marshal` writes, thrice as fast as anything that knows classes.

    The file is this process's own and gone with it: nobody else reads or writes it.
    """

    def __init__(self, rows: Iterable[R] = (), kind: type[R] | None = None) -> None:
        self._pages: list[list[R] | tuple[int, int]] = []  # full ones, or where in the file they are
        self._page: list[R] = []
        self._file: IO[bytes] | None = None
        self._named: Callable[[tuple[Any, ...]], R] | None = partial(tuple.__new__, kind) if kind else None
        for row in rows:
            self.append(row)

    def append(self, row: R) -> None:
        self._page.append(row)
        if len(self._page) == PAGE:
            self._pages.append(self._page if len(self._pages) < _HELD else self._laid_down(self._page))
            self._page = []

    def _laid_down(self, page: list[R]) -> tuple[int, int]:
        self._file = self._file or TemporaryFile()  # noqa: SIM115 - closed with the spool
        at = self._file.seek(0, 2)
        return at, self._file.write(marshal.dumps(list(map(tuple, page)) if self._named else page))

    def pages(self) -> Iterator[list[R]]:
        """The rows in their order, a page at a time. Append none meanwhile, and change no page."""
        for page in self._pages:
            yield self._taken_up(*page) if isinstance(page, tuple) else page
        if self._page:
            yield self._page

    def _taken_up(self, at: int, length: int) -> list[R]:
        if self._file is None:
            raise RuntimeError("A page is said to be in a file, and there is none.")
        self._file.seek(at)
        page: list[R] = marshal.loads(self._file.read(length))  # noqa: S302 - written by this very process
        return list(map(self._named, page)) if self._named else page

    def __iter__(self) -> Iterator[R]:
        return chain.from_iterable(self.pages())

    def __len__(self) -> int:
        return len(self._pages) * PAGE + len(self._page)

    def __contains__(self, row: object) -> bool:
        return any(one == row for one in self)
