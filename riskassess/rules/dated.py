"""The constants of the rules: every value dated, and either cited or owned as our judgement."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from riskassess.rules.citations import CITATIONS
from riskassess.rules.values import Level

PARAMETER_FOLDER = Path(__file__).parent / "parameters"
TOPICS = ("severities", "steps", "thresholds", "dates")
ALWAYS = "always"


class BadParameter(ValueError):
    """A parameter file that must not be loaded: a gap, an overlap, or a value nobody answers for."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One value and the days it stands for, both included; `until` None means still standing."""

    value: Any
    since: date
    until: date | None
    reference: str
    judgement: str
    fixed: bool


@dataclass(frozen=True, slots=True)
class Parameter:
    """One constant through time."""

    key: str
    description: str
    entries: tuple[Entry, ...]
    checked_on: date

    def on(self, day: date) -> Entry:
        for entry in reversed(self.entries):
            if entry.since <= day and (entry.until is None or day <= entry.until):
                return entry
        raise BadParameter(f"{self.key} has no value on {day}; it starts on {self.entries[0].since}.")


@dataclass(frozen=True, slots=True)
class Parameters:
    """The door to every constant. A what-if is another Parameters, never an edit of this one."""

    by_key: Mapping[str, Parameter]

    def level(self, key: str, on: date) -> Level:
        entry = self._entry(key, on)
        return Level(int(entry.value), entry.fixed)

    def whole(self, key: str, on: date) -> int:
        return int(self._entry(key, on).value)

    def number(self, key: str, on: date) -> Decimal:
        return Decimal(str(self._entry(key, on).value))

    def day(self, key: str, on: date) -> date:
        value = self._entry(key, on).value
        if not isinstance(value, date):
            raise BadParameter(f"{key} is {value!r}, not a day.")
        return value

    def _entry(self, key: str, on: date) -> Entry:
        if key not in self.by_key:
            raise BadParameter(f"No parameter is called {key!r}.")
        return self.by_key[key].on(on)


def read_parameters(paths: Iterable[Path]) -> Parameters:
    """All topics as one set. Raises BadParameter for a gap, an overlap, a repeated key, an uncited value."""
    found: dict[str, Parameter] = {}
    for path in paths:
        document = read_yaml(path)
        for key, raw in document["parameters"].items():
            if key in found:
                raise BadParameter(f"{path.name}: {key} is stated twice.")
            found[key] = parameter(key, raw, checked_on=document.get("checked_on"))
    return Parameters(found)


def parameter(key: str, raw: Mapping[str, Any], *, checked_on: date | None = None) -> Parameter:
    """One parameter from its YAML, checked."""
    checked_on = raw.get("checked_on", checked_on)
    if not isinstance(checked_on, date):
        raise BadParameter(f"{key} does not say when it was checked (checked_on).")
    entries = tuple(
        sorted((_entry(key, start, e) for start, e in raw["values"].items()), key=lambda e: e.since)
    )
    if not entries:
        raise BadParameter(f"{key} has no value.")
    for earlier, later in pairwise(entries):
        if earlier.until is None:
            continue
        if earlier.until + timedelta(days=1) < later.since:
            raise BadParameter(f"{key} has a gap between {earlier.until} and {later.since}.")
        if later.since <= earlier.until:
            raise BadParameter(f"{key} has two values from {later.since} to {earlier.until}.")
    return Parameter(key, raw["description"], entries, checked_on)


def _entry(key: str, start: str | date, raw: Mapping[str, Any]) -> Entry:
    since = date.min if start == ALWAYS else start
    if not isinstance(since, date):
        raise BadParameter(f"{key}: {start!r} is neither a day nor '{ALWAYS}'.")
    reference, judgement = raw.get("reference", ""), raw.get("judgement", "")
    answers_for(f"{key} from {start}", reference, judgement)
    return Entry(raw["value"], since, raw.get("until"), reference, judgement, raw.get("fixed", False))


def answers_for(what: str, reference: str, judgement: str) -> None:
    """Refuse a value that neither a provision nor a person stands behind."""
    if not reference and not judgement:
        raise BadParameter(f"{what} has neither a reference nor a judgement.")
    if reference and reference not in CITATIONS:
        raise BadParameter(f"{what} refers to {reference!r}, which is not in the table of citations.")


def read_yaml(path: Path) -> Any:
    """A YAML file through the fast safe loader where there is one."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506  safe in both cases


PARAMETERS = read_parameters(PARAMETER_FOLDER / f"{topic}.yaml" for topic in TOPICS)
