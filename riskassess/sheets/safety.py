"""Reading what strangers send. A small file can claim billions of cells, and the parser would allocate them
all and take the process with it. So a workbook is read here only when a quick look proves it harmless, and
otherwise in a child process whose memory and time are fenced."""

from __future__ import annotations

import errno
import os
import pickle
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO

from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.files import is_full
from riskassess.sheets.engine import Piece, RawSheet, put_together, read_sheets, sheets_in_pieces
from riskassess.sheets.kinds import (
    UNREADABLE,
    Kind,
    check_inflated_size,
    damaged,
    declares,
    open_zip,
    too_costly,
)
from riskassess.sheets.limits import Limits

# Rows and cells say where they are, first of all, as every spreadsheet program writes them …
_UNPLACED = re.compile(rb"""<(?:[\w.-]+:)?(?:row(?! r="\d)|c(?! r="[A-Z]))[\s/>]""")
# … so these find every place worth a worry: at a glance, rows from 200,000 or columns from AA …
_FAR = re.compile(rb' r="(?:[A-Z]{2}|[A-Z]?(?:[2-9]\d{5}|\d{7}))')
# … and where there are any, columns from AAA or rows from 10,000.
_TOO_FAR = re.compile(rb' r="(?:[A-Z]{3}|[A-Z]*\d{5})')
_STRING_ENDS = re.compile(rb"</(?:[\w.-]+:)?si\s*>")
_SHARED = re.compile(rb"""\bt\s*=\s*["']s["']""")
_PIECE = 1_000_000  # bytes
_LONGEST_REST = 20_000_000  # bytes without the end of a tag
_BUSY = 4  # on a busy machine work takes as many times as long by the clock
_NO_ROOM = os.EX_CANTCREAT  # how the child ends when the disk is full
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_REPEATED_TEXT = 200_000_000  # bytes that shared strings may grow to when each cell gets its own copy


class _Endless(Exception):
    """A part goes on and on without the end of a tag: no spreadsheet program writes such."""


def read_workbook(data: bytes, kind: Kind, name: str, limits: Limits) -> list[RawSheet]:
    """The sheets of a workbook that may be hostile. InvalidInput when it cannot be read within `limits`."""
    if kind not in (Kind.XLS, Kind.HTML, Kind.XML):
        size = check_inflated_size(open_zip(data, name), name, limits)
        if kind is Kind.XLSX and size <= limits.trusted_bytes and is_harmless(open_zip(data, name), name):
            return read_sheets(data, kind, name, limits)
    return _read_fenced(data, kind, name, limits)


def is_harmless(archive: zipfile.ZipFile, name: str) -> bool:
    """Whether an .xlsx cannot grow much beyond its unpacked size. No is not an accusation."""
    try:
        return _stays_small(archive, name)
    except _Endless:
        return False


def _stays_small(archive: zipfile.ZipFile, name: str) -> bool:
    """The look that proves it.

    A sheet takes as many cells as its farthest cell claims (rows below 200,000 with columns up to Z, or rows
    below 10,000 with columns up to ZZ), and as much text as its longest shared string times its uses of any.
    Every part is unpacked and its checksum compared, so that the sizes in the directory are true as well.
    """
    longest, cells, far = 0, 0, False
    for entry in archive.infolist():
        # Told by content: a workbook may keep its sheets and strings under any name.
        strings = is_sheet = False
        since = 0  # bytes of the shared string that has begun
        for piece in _pieces(archive, entry, name):
            if b"<!" in piece and _DECLARES.search(piece):
                raise declares(name)
            strings = strings or b"<sst" in piece or b":sst" in piece
            if strings:
                first, *others = map(len, _STRING_ENDS.split(piece))
                longest = max(longest, since + first, *others)
                since = others[-1] if others else since + first
            is_sheet = is_sheet or b"sheetData" in piece
            if is_sheet:
                cells += piece.count(b' r="')
                far = far or bool(b"\0" in piece[:100] or _UNPLACED.search(piece) or _FAR.search(piece))
    if far:
        far = any(_goes_too_far(archive, entry, name) for entry in archive.infolist())
    if far or longest * cells <= _REPEATED_TEXT:
        return not far
    uses = 0
    for entry in archive.infolist():
        is_sheet = False
        for piece in _pieces(archive, entry, name):
            is_sheet = is_sheet or b"sheetData" in piece
            uses += len(_SHARED.findall(piece)) if is_sheet else 0
    return longest * uses <= _REPEATED_TEXT


def _goes_too_far(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bool:
    """Whether a sheet claims many cells: places far away in both directions, or none where they could be seen."""
    is_sheet = wide = too_far = False
    for piece in _pieces(archive, entry, name):
        is_sheet = is_sheet or b"sheetData" in piece
        if is_sheet:
            if b"\0" in piece[:100] or _UNPLACED.search(piece):  # another encoding, or another writer
                return True
            wide = wide or _FAR.search(piece) is not None
            too_far = too_far or _TOO_FAR.search(piece) is not None
    return wide and too_far


def _pieces(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """A part's content as it is unpacked, in pieces that end with a tag, so that no tag is in two of them.

    Asked for a part whole, the library would trust no directory's size; a piece is all that memory holds. So where
    no tag ends for long there is no piece to give, for what was cut in two would be found in neither: _Endless.
    """
    rest = b""
    try:
        with archive.open(entry) as part:
            while piece := part.read(_PIECE):
                end = piece.rfind(b">") + 1
                if end:
                    yield rest + piece[:end]
                    rest = piece[end:]
                elif len(rest) > _LONGEST_REST:
                    raise _Endless
                else:
                    rest += piece
    except UNREADABLE as e:
        raise damaged(name) from e
    yield rest


def _read_fenced(data: bytes, kind: Kind, name: str, limits: Limits) -> list[RawSheet]:
    """`read_sheets` in a child process of its own, which may die without harm.

    What it is given and what it answers lie in files: no pipe has to hold them, and while the child holds the sheets,
    this process does not as well.
    """
    search_path = os.pathsep.join(path for path in sys.path if path)
    with TemporaryFile() as asked, TemporaryFile() as answer:
        pickle.dump((kind, name, limits), asked)
        asked.write(data)
        asked.seek(0)
        try:
            done = subprocess.run(
                [sys.executable, "-m", "riskassess.sheets.safety"],
                stdin=asked,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=limits.seconds * _BUSY,
                env={**os.environ, "PYTHONPATH": search_path},
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise too_costly(name) from error
        if done.returncode == _NO_ROOM:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if done.returncode != 0:
            raise too_costly(name)
        answer.seek(0)
        return put_together(_said(answer))


def _said(answer: IO[bytes]) -> Iterator[Piece]:
    """What the child has read, piece by piece; raises the refusal that it ended with."""
    while (piece := pickle.load(answer)) is not None:  # noqa: S301 - written by our own child
        if isinstance(piece, InvalidInput):
            raise piece
        yield piece


def _child() -> None:
    """What the child process does: fence itself, read, answer on standard output."""
    kind, name, limits = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by our own parent
    data = sys.stdin.buffer.read()
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds))
    except (ImportError, ValueError, OSError):
        pass  # a system without such limits: the child may still die alone
    try:
        _answer(data, kind, name, limits, sys.stdout.buffer)
    except OSError as error:
        if is_full(error):
            os._exit(_NO_ROOM)  # at once: what is buffered would fail again
        raise


def _answer(data: bytes, kind: Kind, name: str, limits: Limits, answer: IO[bytes]) -> None:
    ends: InvalidInput | None = None
    try:
        for piece in sheets_in_pieces(data, kind, name, limits):
            pickle.dump(piece, answer)
    except InvalidInput as refusal:
        refusal.__cause__ = None  # the parser's own errors need not be known to the parent
        ends = refusal
    pickle.dump(ends, answer)
    answer.flush()


if __name__ == "__main__":
    _child()
