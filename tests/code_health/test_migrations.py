"""A migration runs while the release before still serves: it takes nothing of that away and locks nothing for long.

What was there before anybody ran this is left out; each later migration is held to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from riskassess.accounts.indexes_beside import AddIndexBeside

BEFORE = {
    "accounts": 4, "jobs": 3, "trail": 1, "catalog": 12, "evidence": 6, "assessments": 13, "imports": 13, "reports": 3,
    "questionnaires": 4, "webhooks": 1, "home": 1,
}  # fmt: skip
TAKEN_AWAY: frozenset[str] = frozenset()
"""`app.0012_name` of migrations that take away what neither this release nor the one before uses any more."""


def complaints(migration: migrations.Migration) -> Iterator[str]:
    """What is wrong with each step, and what to do instead."""
    made = {step.name.lower() for step in migration.operations if isinstance(step, migrations.CreateModel)}
    if f"{migration.app_label}.{migration.name}" in TAKEN_AWAY:
        return
    for step in _flat(migration.operations):
        if getattr(step, "model_name", "").lower() in made:
            continue  # a table that is made here is empty and in nobody's use
        if said := _complaint(step, migration):
            yield f"{migration.app_label}.{migration.name}: {said}"


def _flat(steps: Any) -> Iterator[Operation]:
    for step in steps:
        if isinstance(step, migrations.SeparateDatabaseAndState):
            yield from _flat(step.database_operations)
        else:
            yield step


def _complaint(step: Operation, migration: migrations.Migration) -> str:
    if isinstance(
        step,
        migrations.RemoveField | migrations.DeleteModel | migrations.RenameField | migrations.RenameModel,
    ):
        return (
            f"{step.describe()}: the release before still uses it. Stop using it in one release, take it away in the "
            "next, and name the migration in TAKEN_AWAY then."
        )
    if isinstance(step, migrations.AddField):
        field = step.field
        if not field.null and not field.many_to_many and field.db_default is models.NOT_PROVIDED:
            return f"{step.describe()}: the release before makes rows without it. Give it db_default, or null=True."
        if field.unique or (field.db_index and not field.null):
            return f"{step.describe()}: its index locks the table. Add it without, then AddIndexBeside."
    if isinstance(step, AddIndexBeside):
        if migration.atomic or len(migration.operations) > 1:
            return f"{step.describe()}: it needs a migration of its own with atomic = False."
    elif isinstance(step, migrations.AddIndex):
        return f"{step.describe()}: writers wait meanwhile. Use accounts.indexes_beside.AddIndexBeside."
    if isinstance(step, migrations.RunPython | migrations.RunSQL) and len(migration.operations) > 1:
        return "Moving rows keeps the locks of the steps beside it: give it a migration of its own."
    return ""


def test_no_migration_breaks_or_stops_the_release_before() -> None:
    found = [
        said
        for (app, name), migration in MigrationLoader(None).disk_migrations.items()
        if app in BEFORE and int(name[:4]) > BEFORE[app]
        for said in complaints(migration)
    ]
    assert found == []


def migration_of(*steps: Operation, atomic: bool = True) -> migrations.Migration:
    made = migrations.Migration("9999_later", "jobs")
    made.operations, made.atomic = list(steps), atomic
    return made


INDEX = models.Index(fields=["kind"], name="job_kind_beside")


@pytest.mark.parametrize(
    ("step", "says"),
    [
        (migrations.RemoveField("job", "kind"), "the release before still uses it"),
        (migrations.RenameField("job", "kind", "sort"), "the release before still uses it"),
        (migrations.DeleteModel("Job"), "the release before still uses it"),
        (migrations.AddField("job", "more", models.TextField(default="")), "db_default"),
        (migrations.AddField("job", "more", models.TextField(null=True, unique=True)), "index locks"),
        (migrations.AddIndex("job", INDEX), "writers wait"),
        (AddIndexBeside("job", INDEX), "atomic = False"),
    ],
)
def test_a_step_that_stops_people_is_refused_with_what_to_do(step: Operation, says: str) -> None:
    (said,) = complaints(migration_of(step))
    assert says in said


def test_steps_that_stop_nobody_pass() -> None:
    plain = migrations.AddField("job", "more", models.TextField(default="", db_default=""))
    unknown = migrations.AddField("job", "more", models.TextField(null=True))
    new = migrations.CreateModel("New", [("id", models.BigAutoField(primary_key=True))])
    on_new = migrations.AddIndex("new", INDEX)
    assert [*complaints(migration_of(plain, unknown, new, on_new))] == []
    assert [*complaints(migration_of(AddIndexBeside("job", INDEX), atomic=False))] == []


@pytest.mark.django_db(transaction=True)
def test_an_index_is_made_beside_the_work_and_taken_back() -> None:
    field = models.BigAutoField(primary_key=True)
    before = ProjectState()
    before.add_model(ModelState("jobs", "Beside", [("id", field), ("kind", models.CharField(max_length=9))]))
    after = before.clone()
    step = AddIndexBeside("beside", models.Index(fields=["kind"], name="beside_kind"))
    step.state_forwards("jobs", after)
    table = before.apps.get_model("jobs", "Beside")
    with connection.schema_editor() as editor:
        editor.create_model(table)
    try:
        with connection.schema_editor(atomic=False) as editor:
            step.database_forwards("jobs", editor, before, after)
        assert "beside_kind" in _indexes(table)
        with connection.schema_editor(atomic=False) as editor:
            step.database_backwards("jobs", editor, after, before)
        assert "beside_kind" not in _indexes(table)
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(table)


def _indexes(table: type[models.Model]) -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, table._meta.db_table))
