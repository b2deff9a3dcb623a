"""A mistake in the briefing's files is told with file and entry, and never guessed around."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from riskassess.home.demo.entries import AnswerEntry, VendorEntry
from riskassess.home.demo.reading import build, entries, read_yaml
from riskassess.kernel.errors import InvalidInput


def written(folder: Path, text: str) -> Path:
    (folder / "vendors.yaml").write_text(text, encoding="utf-8")
    return folder


def test_entries_come_by_their_key(tmp_path: Path):
    folder = written(tmp_path, "acme: {name: Acme, aliases: [ACME Inc.], country: DE}")
    assert entries("vendors", VendorEntry, folder)["acme"].aliases == ("ACME Inc.",)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("acme: {name: Acme, colour: red}", "vendors.yaml, acme: Unknown: colour"),
        ("acme: {country: DE}", "vendors.yaml, acme: Missing: name"),
        ("acme: {name: 7}", "vendors.yaml, acme, name: 7 is no str"),
        ("acme: {name: Acme, aliases: ACME}", "vendors.yaml, acme, aliases: 'ACME' is no list"),
        ("acme: {name: Acme, values: [{attribute: sms}]}", "vendors.yaml, acme, values 1: Missing: source"),
        ("acme: {name: A}\nacme: {name: B}", "vendors.yaml: It cannot be read: acme is written twice"),
        ("- acme", "vendors.yaml: It holds no entries"),
        ("acme: {name", "vendors.yaml: It cannot be read"),
    ],
)
def test_a_mistake_is_told_with_file_and_entry(tmp_path: Path, text: str, complaint: str):
    with pytest.raises(InvalidInput) as caught:
        entries("vendors", VendorEntry, written(tmp_path, text))
    assert complaint in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(InvalidInput, match=r"nothing\.yaml"):
        read_yaml(tmp_path / "nothing.yaml")


def test_yes_is_no_whole_number():
    with pytest.raises(InvalidInput, match="verification"):
        build(AnswerEntry, {"verification": True}, "answer")


def test_a_day_stays_a_day():
    @dataclass(frozen=True)
    class Entry:
        on: date | None = None

    assert build(Entry, {"on": date(2026, 6, 2)}, "entry").on == date(2026, 6, 2)
