"""The database as one file, and back: SQLite by its own backup, PostgreSQL by its own tools."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from riskassess.kernel.errors import Conflict, RiskassessError

# What people or other programs may hold for long is not waited for.
_CLEAR = """
SET LOCAL client_min_messages = warning;
SET LOCAL lock_timeout = '60s';
DO $$
DECLARE one name;
BEGIN
    FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('DROP TABLE IF EXISTS public.%I CASCADE', one);
    END LOOP;
END $$;
"""


class ToolFailed(RiskassessError):
    """A tool of the database is not there, or said no."""


def migrations() -> tuple[str, ...]:
    """The names of the migrations that the database has had, in order."""
    applied = MigrationRecorder(connection).applied_migrations()
    return tuple(sorted(f"{app}.{name}" for app, name in applied))


def known_migrations() -> set[str]:
    """Those that this release has, and those that its database has had."""
    here = MigrationLoader(None, ignore_no_migrations=True).disk_migrations or {}
    return {f"{app}.{name}" for app, name in here} | set(migrations())


def is_empty() -> bool:
    """Whether nobody has an account yet: then nothing can be lost."""
    tables = connection.introspection.table_names()
    if "accounts_user" not in tables:
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM accounts_user LIMIT 1")
        return cursor.fetchone() is None


def dump(target: Path) -> None:
    """The database as it stands at one moment, while people work on. Raises ToolFailed."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(_sqlite_file())) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
        return
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}", _database())


def load(source: Path) -> None:
    """Puts `source` in the place of the database, whole or not at all. Raises ToolFailed, Conflict.

    No other process may be at work on it.
    """
    if connection.vendor == "sqlite":
        _load_sqlite(source)
    else:
        connection.close()
        _load_postgres(source)


def _load_postgres(source: Path) -> None:
    """Every table goes and the backup's come, in one transaction: tables of other releases do not stay behind.

    Extensions stay where they are: the backup makes only those that are missing, and only their owner may drop them.
    """
    script, clear = source.with_name("load.sql"), source.with_name("clear.sql")
    _run("pg_restore", "--no-owner", "--no-privileges", "--no-comments", f"--file={script}", str(source))
    clear.write_text(_CLEAR, encoding="utf-8")
    _run(
        "psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null",
        f"--dbname={_database()}", f"--file={clear}", f"--file={script}",
    )  # fmt: skip


def _load_sqlite(source: Path) -> None:
    try:
        with closing(sqlite3.connect(source)) as copy:
            (said,) = copy.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.DatabaseError as error:
        said = str(error)
    if said != "ok":
        raise Conflict(f"The database in the backup is damaged: {said}.", hint="Take another backup.")
    target = Path(_sqlite_file())
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    beside = target.with_name(f"{target.name}.restored")
    shutil.copyfile(source, beside)
    for rest in ("-wal", "-shm"):  # they belong to the database that goes
        target.with_name(target.name + rest).unlink(missing_ok=True)
    beside.replace(target)


def _sqlite_file() -> str:
    return str(connection.settings_dict["NAME"])


def _database() -> str:
    """The database as the tools of PostgreSQL take it; the password goes through the environment."""
    said = connection.settings_dict
    parts = {
        "dbname": said["NAME"],
        "user": said["USER"],
        "host": said["HOST"],
        "port": str(said["PORT"] or ""),
    }
    return " ".join(f"{name}='{_quoted(str(value))}'" for name, value in parts.items() if value)


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")


def _run(tool: str, *arguments: str) -> None:
    found = shutil.which(tool)
    if found is None:
        raise ToolFailed(f"{tool} is not installed here.", hint="Install PostgreSQL's client tools.")
    environment = {**os.environ, "PGPASSWORD": str(connection.settings_dict["PASSWORD"] or "")}
    done = subprocess.run(  # noqa: S603 - a tool found by its name, arguments of our own
        [found, *arguments], capture_output=True, text=True, env=environment, check=False
    )
    if done.returncode:
        raise ToolFailed(f"{tool} failed: {done.stderr.strip()[-500:]}", hint="See the database's own log.")
