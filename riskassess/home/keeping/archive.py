"""A backup is one tar file: what it holds with each member's hash, the database, the uploaded files.

The manifest comes last, when all hashes are known: a backup that broke off has none, and is refused.
The secret key is not in it: it belongs in the place that keeps secrets.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from riskassess.kernel.errors import InvalidInput

MANIFEST = "manifest.json"
FORMAT = 1
DATABASE = "database"
FILES = PurePosixPath("files")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: when it was made, for which kind of database, each member's SHA-256."""

    made_at: datetime
    vendor: str
    migrations: tuple[str, ...]
    members: dict[str, str]

    def to_json(self) -> bytes:
        said = {
            "format": FORMAT,
            "made_at": self.made_at.isoformat(),
            "database": self.vendor,
            "migrations": list(self.migrations),
            "members": self.members,
        }
        return json.dumps(said, indent=1, sort_keys=True).encode()

    @classmethod
    def from_json(cls, raw: bytes, where: Path) -> Manifest:
        """Raises InvalidInput for what is no manifest of this format."""
        try:
            said: dict[str, Any] = json.loads(raw)
            known = said["format"] == FORMAT
            found = cls(
                datetime.fromisoformat(said["made_at"]),
                str(said["database"]),
                tuple(said["migrations"]),
                dict(said["members"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise _no_backup(where) from error
        if DATABASE not in found.members:
            raise _no_backup(where)
        if not known:
            raise InvalidInput(
                f"{where.name} is a backup of format {said['format']}; this release reads {FORMAT}.",
                hint="Restore it with the release that made it, then upgrade.",
            )
        return found


def write(target: Path, database: Path, files: Path, manifest: Manifest) -> Manifest:
    """Writes the backup beside `target` and moves it there once it is whole; the manifest with its members."""
    members: dict[str, str] = {}
    unfinished = target.with_name(f"{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    # All that the installation knows is in it: for nobody else's eyes, from its first byte on.
    opened = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(opened, "wb") as out, tarfile.open(fileobj=out, mode="w") as tar:
        members[DATABASE] = _add(tar, database, DATABASE)
        for path in sorted(files.rglob("*")) if files.is_dir() else ():
            if path.is_file():
                name = str(FILES / path.relative_to(files).as_posix())
                members[name] = _add(tar, path, name)
        whole = Manifest(manifest.made_at, manifest.vendor, manifest.migrations, members)
        raw = whole.to_json()
        last = tarfile.TarInfo(MANIFEST)
        last.size = len(raw)
        tar.addfile(last, io.BytesIO(raw))
    unfinished.replace(target)
    return whole


def _add(tar: tarfile.TarFile, path: Path, name: str) -> str:
    """Adds the file as it is now; the SHA-256 of what was added."""
    with path.open("rb") as source:
        info = tar.gettarinfo(arcname=name, fileobj=source)
        info.uid = info.gid = 0
        info.uname = info.gname = ""
        hashed = _Hashing(source)
        tar.addfile(info, hashed)
    return hashed.digest.hexdigest()


class _Hashing:
    """Reads through to `source`, and hashes what was read."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source = source
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.source.read(size)
        self.digest.update(data)
        return data


def manifest_of(path: Path) -> Manifest:
    """The manifest of a backup, read without unpacking. Raises InvalidInput where there is none."""
    try:
        with tarfile.open(path) as tar:
            member = tar.extractfile(MANIFEST)
            raw = member.read() if member else b""
    except (tarfile.TarError, KeyError, OSError) as error:
        raise _no_backup(path) from error
    return Manifest.from_json(raw, path)


def unpack(path: Path, into: Path, manifest: Manifest) -> None:
    """Unpacks every member below `into` and checks it. Raises InvalidInput that names the one that is not as written.

    Nothing outside `into` is ever written: a name that would lead there is refused.
    """
    missing = set(manifest.members)
    with tarfile.open(path) as tar:
        for info in tar:
            if info.name == MANIFEST:
                continue
            if info.name not in missing or not info.isfile() or not _stays_inside(info.name):
                raise InvalidInput(f"{path.name} holds “{info.name}”, which its manifest does not name.")
            source = tar.extractfile(info)
            assert source is not None  # it is a file  # noqa: S101
            target = into / info.name
            target.parent.mkdir(parents=True, exist_ok=True)
            digest = hashlib.sha256()
            with target.open("wb") as out:
                for chunk in _chunks(source):
                    digest.update(chunk)
                    out.write(chunk)
            if digest.hexdigest() != manifest.members[info.name]:
                raise InvalidInput(
                    f"“{info.name}” in {path.name} is not what was backed up.",
                    hint="The file was damaged or changed. Take another backup.",
                )
            missing.discard(info.name)
    if missing:
        raise InvalidInput(f"{path.name} lacks “{min(missing)}”, which its manifest names.")


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    while chunk := source.read(_CHUNK):
        yield chunk


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _no_backup(path: Path) -> InvalidInput:
    return InvalidInput(
        f"{path.name} is no whole backup.", hint="Use a file that `manage.py backup` wrote to its end."
    )
