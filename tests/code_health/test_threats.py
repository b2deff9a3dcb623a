"""The threat model names the test that shows each thing; it is there, and has tests."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/threats.md").read_text()
ROW = re.compile(r"^\| (?!---|threat |asset |actor )(.+) \|$", flags=re.M)


def test_every_test_that_is_named_is_there() -> None:
    named = set(re.findall(r"tests/[\w/]+\.py", TEXT))
    assert len(named) > 20
    for name in named:
        assert (ROOT / name).is_file(), f"docs/threats.md names {name}"
        assert "def test_" in (ROOT / name).read_text(), name


def test_no_threat_is_stopped_by_words_alone() -> None:
    """Each line of the six tables names a test; what has none belongs under “Left open”."""
    tables = TEXT.split("## Spoofing")[1].split("## Left open")[0]
    rows = ROW.findall(tables)
    assert len(rows) > 30
    assert [row for row in rows if "tests/" not in row.rsplit(" | ", 1)[1]] == []


def test_every_document_that_is_named_is_there() -> None:
    for name in re.findall(r"\]\(([\w.]+\.md)", TEXT):
        assert (ROOT / "docs" / name).is_file(), name
