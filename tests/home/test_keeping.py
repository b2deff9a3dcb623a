"""An installation is backed up while people work, lost, and put back: to the last row and the last byte."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection

from riskassess.home.keeping import archive, databases
from riskassess.home.keeping.services import restore
from riskassess.kernel.errors import Conflict, InvalidInput
from tests.jobs.machines import Machine, machine

# A person, a catalog's beginning, an uploaded file. The file's name is what people call files.
SEED = """
import json
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from tests.builders import make_person, make_unit, make_offering
from riskassess.accounts.roles import Role
make_person("Ana Ferreira", (make_unit("Procurement"), Role.ASSESSOR))
make_offering()
default_storage.save("documents/2026/Prüfbericht (final).pdf", ContentFile(b"%PDF- what was uploaded"))
print(json.dumps(True))
"""
# Every row of every table, in one number that any change changes.
EVERYTHING = """
import hashlib, json
from django.apps import apps
digest = hashlib.sha256()
for model in sorted(apps.get_models(), key=lambda model: model._meta.label):
    for row in model._base_manager.order_by("pk").values_list():
        digest.update(repr((model._meta.label, row)).encode())
print(json.dumps(digest.hexdigest()))
"""


# A table that the release of the backup does not have, which leans on one that it has.
LATER = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE later (id integer PRIMARY KEY, person_id bigint REFERENCES accounts_user (id))")
"""
TABLES = """
import json
from django.db import connection
tables = connection.introspection.table_names()
"""


def uploads(of: Machine) -> dict[str, bytes]:
    folder = of.folder / "files"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.services)])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    (tmp_path / "here").mkdir()
    with machine(tmp_path / "here", request.param, "memory") as made:
        made.python(SEED)
        yield made


@pytest.fixture
def elsewhere(installation: Machine, tmp_path: Path) -> Iterator[Machine]:
    """A fresh machine on the same kind of database."""
    kind = "sqlite" if "sqlite" in installation.environment["DATABASE_URL"] else "postgres"
    (tmp_path / "there").mkdir()
    with machine(tmp_path / "there", kind, "memory") as made:
        yield made


def test_what_was_backed_up_comes_back(installation: Machine, elsewhere: Machine, tmp_path: Path) -> None:
    file = tmp_path / "backup.tar"
    assert "database and 1 files" in installation.manage("backup", str(file))

    elsewhere.manage("restore", str(file))

    before = installation.python(EVERYTHING)
    assert elsewhere.python(EVERYTHING) == before
    assert uploads(elsewhere) == uploads(installation)
    assert len(uploads(elsewhere)) == 1

    # What happened since goes only if one says so, a later release's tables with it.
    since = elsewhere.python(
        f'from tests.builders import make_unit; make_unit("Research")\n{LATER}{EVERYTHING}'
    )
    with pytest.raises(AssertionError, match="would replace it"):
        elsewhere.manage("restore", str(file))
    assert elsewhere.python(EVERYTHING) == since
    broken = tmp_path / "broken.tar"
    (tmp_path / "rubbish").write_bytes(b"PGDMP and then no more")
    whole = archive.manifest_of(file)
    archive.write(broken, tmp_path / "rubbish", tmp_path / "none", whole)
    with pytest.raises(AssertionError):
        elsewhere.manage("restore", str(broken), "--replace")
    assert elsewhere.python(EVERYTHING) == since
    assert uploads(elsewhere) == uploads(installation)
    elsewhere.manage("restore", str(file), "--replace")
    assert elsewhere.python(EVERYTHING) == before
    assert elsewhere.python(f"{TABLES}print(json.dumps('later' in tables))") is False


class TestGettingItBack:
    @pytest.fixture
    def media(self, settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A disk of its own, with a file and what disks bring along."""
        settings.MEDIA_ROOT = tmp_path / "disk"
        (tmp_path / "disk" / "lost+found").mkdir(parents=True)
        (tmp_path / "disk" / "old.pdf").write_bytes(b"old")
        monkeypatch.setattr(databases, "is_empty", lambda: True)
        return tmp_path / "disk"

    @staticmethod
    def backup(folder: Path, *migrations: str) -> Path:
        (folder / "files").mkdir()
        (folder / "files" / "new.pdf").write_bytes(b"new")
        (folder / "database").write_bytes(b"rows")
        written = archive.Manifest(datetime.now(UTC), connection.vendor, migrations, {})
        archive.write(folder / "backup.tar", folder / "database", folder / "files", written)
        return folder / "backup.tar"

    def test_the_folder_of_files_stays_where_it_is_mounted(
        self, db: None, media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(databases, "load", lambda source: None)
        before = media.stat().st_ino
        restore(self.backup(tmp_path))
        assert media.stat().st_ino == before
        assert sorted(path.name for path in media.iterdir()) == ["lost+found", "new.pdf"]

    def test_a_database_that_cannot_be_loaded_leaves_the_files_as_they_were(
        self, db: None, media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(source: Path) -> None:
            raise databases.ToolFailed("no")

        monkeypatch.setattr(databases, "load", fails)
        with pytest.raises(databases.ToolFailed):
            restore(self.backup(tmp_path))
        assert sorted(path.name for path in media.iterdir()) == ["lost+found", "old.pdf"]

    def test_a_backup_of_a_later_release_is_refused(self, db: None, media: Path, tmp_path: Path) -> None:
        with pytest.raises(Conflict, match=r"catalog\.0999_later, which is not known here"):
            restore(self.backup(tmp_path, "catalog.0001_initial", "catalog.0999_later"))
        assert (media / "old.pdf").exists()


class TestTheFile:
    def test_nobody_else_reads_it(self, backup: Path) -> None:
        assert backup.stat().st_mode & 0o777 == 0o600

    def test_one_without_a_database_is_none(self, tmp_path: Path) -> None:
        manifest = archive.Manifest(datetime.now(UTC), "sqlite", (), {"files/a.pdf": "0" * 64})
        with pytest.raises(InvalidInput, match="no whole backup"):
            archive.Manifest.from_json(manifest.to_json(), tmp_path / "a.tar")

    @pytest.fixture
    def backup(self, tmp_path: Path) -> Path:
        (tmp_path / "files").mkdir()
        (tmp_path / "files" / "report.pdf").write_bytes(b"%PDF- what was uploaded")
        (tmp_path / "database").write_bytes(b"rows" * 5000)
        written = archive.Manifest(datetime.now(UTC), "sqlite", (), {})
        archive.write(tmp_path / "backup.tar", tmp_path / "database", tmp_path / "files", written)
        return tmp_path / "backup.tar"

    def test_a_whole_one_is_unpacked_as_it_was(self, backup: Path, tmp_path: Path) -> None:
        archive.unpack(backup, tmp_path / "unpacked", archive.manifest_of(backup))
        for name in ("database", "files/report.pdf"):
            assert (tmp_path / "unpacked" / name).read_bytes() == (tmp_path / name).read_bytes()

    def test_changes_nothing_and_says_what_is_wrong(self, backup: Path, tmp_path: Path) -> None:
        raw = bytearray(backup.read_bytes())
        raw[raw.index(b"what was uploaded")] ^= 1
        backup.write_bytes(raw)
        with pytest.raises(InvalidInput, match="is not what was backed up"):
            archive.unpack(backup, tmp_path / "unpacked", archive.manifest_of(backup))

    def test_one_that_broke_off_is_none(self, backup: Path) -> None:
        backup.write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
        with pytest.raises(InvalidInput, match="no whole backup"):
            archive.manifest_of(backup)

    def test_nothing_is_written_outside(self, backup: Path, tmp_path: Path) -> None:
        manifest = archive.manifest_of(backup)
        with tarfile.open(backup, "a") as tar:
            tar.add(tmp_path / "database", "../outside")
        with pytest.raises(InvalidInput, match="does not name"):
            archive.unpack(backup, tmp_path / "unpacked", manifest)
        assert not (tmp_path / "outside").exists()
