"""Where the time of one import goes: its steps, each the first time and when the same file comes again."""

from __future__ import annotations

import importlib
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

# What is timed, by where it is called from; the steps contain none of each other.
STEPS = {
    "open the file, in the request and in the job": (
        "riskassess.imports.services.open_upload",
        "riskassess.imports.running.open_upload",
    ),
    "propose sheet, shape and columns; look over all sheets": (
        "riskassess.imports.services.understood",
        "riskassess.imports.services.survey",
    ),
    "tell rows from headings": (
        "riskassess.imports.running.understand",
        "riskassess.imports.running.stored_rows",
    ),
    "read names": ("riskassess.imports.reading.read_names", "riskassess.imports.reading.manners_of"),
    "load the catalog": ("riskassess.imports.reading.load_catalog",),
    "read all cells": ("riskassess.imports.reading.read_entries",),
    "plan": ("riskassess.imports.plan._Planner.row", "riskassess.imports.reading.plan_later"),
    "keep results aside": ("riskassess.imports.spool.Spool.append", "riskassess.imports.running.result_of"),
    "write rows": ("riskassess.imports.running.insert_rows",),
    "write catalog": ("riskassess.imports.running.write_pages",),
    "  of which in the database": ("riskassess.imports.writing.insert_columns",),
    "count rows and mark them": (
        "riskassess.imports.running.count_rows",
        "django.db.models.query.QuerySet.update",
    ),
}


def main(sheet: Path) -> None:
    """Imports the sheet twice into the database that the environment names."""
    sys.path.insert(0, str(Path(__file__).parent.parent))
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    import django

    django.setup()
    import import_cases

    work = import_cases.prepared("import", sheet)
    spent: dict[str, float] = defaultdict(float)
    for label, places in STEPS.items():
        for place in places:
            _time(place, label, spent)
    columns = []
    for _ in ("import", "again"):
        spent.clear()
        start = time.process_time()
        work()
        whole = time.process_time() - start
        named = sum(seconds for label, seconds in spent.items() if not label.startswith(" "))
        columns.append({**spent, "the rest": whole - named, "all": whole})
    print("CPU seconds".ljust(52), "import".rjust(8), "again".rjust(8))
    for label in (*STEPS, "the rest", "all"):
        print(label.ljust(52), *(f"{column.get(label, 0):8.3f}" for column in columns))


def _time(place: str, label: str, spent: dict[str, float]) -> None:
    """Adds what the function costs, under its label, whenever it is called through this place."""
    names = place.split(".")
    module = next(at for at in range(len(names) - 1, 0, -1) if _module(names[:at]))
    owner: Any = _module(names[:module])
    for name in names[module:-1]:
        owner = getattr(owner, name)
    function: Callable[..., Any] = getattr(owner, names[-1])

    def timed(*args: Any, **terms: Any) -> Any:
        start = time.process_time()
        try:
            return function(*args, **terms)
        finally:
            spent[label] += time.process_time() - start

    setattr(owner, names[-1], timed)


def _module(names: list[str]) -> Any:
    try:
        return importlib.import_module(".".join(names))
    except ModuleNotFoundError:
        return None


if __name__ == "__main__":
    main(Path(sys.argv[1]))
