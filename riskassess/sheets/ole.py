"""The container of old .xls files: a small file system, of which one stream is wanted."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_HEADER = 512
_ENTRY = 128
_END = 0xFFFFFFFA  # and above: no sector


class Broken(ValueError):
    """The container cannot be followed."""


def stream(data: bytes, names: tuple[str, ...]) -> bytes:
    """The content of the first stream with one of these names. Broken where there is none."""
    try:
        return _Container(data).stream(names)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise Broken("the container ends early") from error


class _Container:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = 1 << _unpack("<H", data, 30)
        self.small = 1 << _unpack("<H", data, 32)
        if self.size not in (512, 4096) or self.small != 64:
            raise Broken("no sector size we know")
        self.smallest = _unpack("<I", data, 56)  # shorter streams are in small sectors
        sectors = [s for s in struct.unpack_from("<109I", data, 76) if s < _END]
        following, left = _unpack("<I", data, 68), len(data) // self.size
        while following < _END and left > 0:
            more = struct.unpack(f"<{self.size // 4}I", self.sector(following))
            sectors += [s for s in more[:-1] if s < _END]
            following, left = more[-1], left - 1
        self.next: list[int] = []
        for sector in sectors:
            self.next += struct.unpack(f"<{self.size // 4}I", self.sector(sector))
        self.directory = self.chain(_unpack("<I", data, 48))

    def sector(self, number: int) -> bytes:
        start = _HEADER + number * self.size if self.size == _HEADER else (number + 1) * self.size
        return self.data[start : start + self.size]

    def chain(self, first: int) -> bytes:
        return b"".join(self.sector(number) for number in _followed(first, self.next))

    def stream(self, names: tuple[str, ...]) -> bytes:
        for name, first, length in self.entries():
            if name in names:
                if length >= self.smallest:
                    return self.chain(first)[:length]
                return self.small_chain(first)[:length]
        raise Broken("the container has no such stream")

    def entries(self) -> Iterator[tuple[str, int, int]]:
        """Name, first sector and length of every stream."""
        for at in range(0, len(self.directory) - _ENTRY + 1, _ENTRY):
            length = min(_unpack("<H", self.directory, at + 64), 64)
            name = self.directory[at : at + max(0, length - 2)].decode("utf-16-le")
            if self.directory[at + 66] == 2:
                yield name, _unpack("<I", self.directory, at + 116), _unpack("<I", self.directory, at + 120)

    def small_chain(self, first: int) -> bytes:
        table = self.chain(_unpack("<I", self.data, 60))
        following = list(struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4]))
        pool = self.chain(_unpack("<I", self.directory, 116))
        return b"".join(
            pool[number * self.small : (number + 1) * self.small] for number in _followed(first, following)
        )


def _followed(first: int, following: list[int]) -> Iterator[int]:
    """The sectors of a chain. One that runs in a circle, or out of the table, is broken."""
    at = first
    for _ in range(len(following) + 1):
        if at >= _END:
            return
        yield at
        at = following[at]
    raise Broken("a chain of sectors runs in a circle")


def _unpack(form: str, data: bytes, at: int) -> int:
    return int(struct.unpack_from(form, data, at)[0])
