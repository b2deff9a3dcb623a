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
    if not replace and not databases.is_empty():
        raise Conflict(
            "There is an installation here already, and restoring would replace it.",
            hint="Back it up, stop web and workers, then say --replace.",
        )
    media = Path(settings.MEDIA_ROOT)
    media.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=media.parent) as folder:
        unpacked = Path(folder)
        archive.unpack(source, unpacked, manifest)
        files = unpacked / str(archive.FILES)
        files.mkdir(exist_ok=True)
        if media.exists():
            media.rename(unpacked / "replaced")
        try:
            shutil.move(files, media)
            databases.load(unpacked / archive.DATABASE)
        except BaseException:
            if (unpacked / "replaced").exists():  # the installation stays what it was
                shutil.rmtree(media, ignore_errors=True)
                (unpacked / "replaced").rename(media)
            raise
    return manifest
