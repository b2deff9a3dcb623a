"""Backup and restore of a whole installation."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from riskassess.home.keeping import archive, databases
from riskassess.kernel.errors import Conflict

_ASIDE = ".restoring-"  # where files are kept until the others are in their place


def back_up(target: Path) -> archive.Manifest:
    """Writes everything into `target`, while people work on: the database first, at one moment, then the files.

    Files are written before the rows that point to them, so every file of that moment is there afterwards.
    Raises Conflict where `target` exists, ToolFailed where the database's tools do.
    """
    if target.exists():
        raise Conflict(f"{target} is there already.", hint="Name another file: a backup replaces none.")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        snapshot = Path(folder) / "database"
        migrations = databases.migrations()
        databases.dump(snapshot)
        what = archive.Manifest(timezone.now(), connection.vendor, migrations, {})
        return archive.write(target, snapshot, Path(settings.MEDIA_ROOT), what)


def restore(source: Path, *, replace: bool = False) -> archive.Manifest:
    """Puts an installation back as it was. All is unpacked and checked before anything is touched.

    Files first, then the database, which changes whole or not at all; files that no row knows do no harm. Web and
    workers have to be stopped. Raises Conflict where there is something to lose and `replace` is not said.
    """
    manifest = archive.manifest_of(source)
    if manifest.vendor != connection.vendor:
        raise Conflict(
            f"This is a backup of {manifest.vendor}; the installation runs on {connection.vendor}.",
            hint="Restore it into an installation on the same kind of database.",
        )
    if unknown := set(manifest.migrations) - databases.known_migrations():
        raise Conflict(
            f"This backup is of another release: its database has had {min(unknown)}, which is not known here.",
            hint="Restore it with the release that made it, then upgrade.",
        )
    if not replace and not databases.is_empty():
        raise Conflict(
            "There is an installation here already, and restoring would replace it.",
            hint="Back it up, stop web and workers, then say --replace.",
        )
    media = Path(settings.MEDIA_ROOT)
    media.mkdir(parents=True, exist_ok=True)
    # Within the folder of files, which may be a disk of its own: there, moving is renaming.
    with tempfile.TemporaryDirectory(dir=media, prefix=_ASIDE) as folder:
        unpacked = Path(folder)
        archive.unpack(source, unpacked, manifest)
        files, replaced = unpacked / str(archive.FILES), unpacked / "replaced"
        files.mkdir(exist_ok=True)
        replaced.mkdir()
        try:
            _move_all(media, replaced)
            try:
                _move_all(files, media)
                databases.load(unpacked / archive.DATABASE)
            except BaseException:
                _move_all(media, files)
                raise
        except BaseException:  # the installation stays what it was
            _move_all(replaced, media)
            raise
    return manifest


def _move_all(origin: Path, target: Path) -> None:
    """Moves what is in a folder, not the folder: it may be where a disk is mounted."""
    for child in list(origin.iterdir()):
        if child.name != "lost+found" and not child.name.startswith(_ASIDE):
            shutil.move(child, target / child.name)
