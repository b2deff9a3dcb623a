"""LibreOffice in tests: many workbooks recalculated in one call, since starting it costs more than computing."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook


class Recalculated:
    """A workbook as LibreOffice computed it; cells by address, empty ones as None."""

    def __init__(self, path: Path) -> None:
        self._book = CalamineWorkbook.from_path(path)
        self._sheets: dict[str, list[list[Any]]] = {}

    def cell(self, sheet: str, column: str, row: int) -> Any:
        if sheet not in self._sheets:
            found = self._book.get_sheet_by_name(sheet)
            self._sheets[sheet] = found.to_python(skip_empty_area=False)
        rows = self._sheets[sheet]
        at = ord(column) - ord("A")
        value = rows[row - 1][at] if row <= len(rows) and at < len(rows[row - 1]) else None
        return None if value == "" else value


def converted(books: Mapping[str, bytes], folder: Path, ending: str = "xlsx") -> dict[str, Path]:
    """Each workbook of `books`, recalculated by LibreOffice and written as `ending`. One call for all."""
    if shutil.which("soffice") is None:
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing("LibreOffice is not installed")
    for name, data in books.items():
        (folder / f"{name}.xlsx").write_bytes(data)
    out = folder / "converted"
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", ending,
         "--outdir", str(out), *(str(folder / f"{name}.xlsx") for name in books)],
        check=True, capture_output=True, timeout=900,
    )  # fmt: skip
    return {name: out / f"{name}.{ending}" for name in books}


def recalculated(books: Mapping[str, bytes], folder: Path) -> dict[str, Recalculated]:
    return {name: Recalculated(path) for name, path in converted(books, folder).items()}
