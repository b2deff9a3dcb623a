"""The facts the rules know by name: kind, choices, the question a buyer is asked and why.

The forms are made from this; the words stand in parameters/facts/*.yaml, one file a section.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from riskassess.rules.dated import PARAMETER_FOLDER, read_yaml


class Kind(StrEnum):
    """What a fact's value looks like."""

    BOOL = "bool"
    ENUM = "enum"
    LIST = "list"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    COUNTRY = "country"
    COUNTRY_LIST = "country_list"
    CLAIMS = "claims"
    PARTNERSHIPS = "partnerships"
    SUBPROCESSORS = "subprocessors"

    @property
    def is_list(self) -> bool:
        return self in (Kind.LIST, Kind.COUNTRY_LIST) or self.is_records

    @property
    def is_records(self) -> bool:
        """A list whose members have named attributes of their own."""
        return self in (Kind.CLAIMS, Kind.PARTNERSHIPS, Kind.SUBPROCESSORS)


class Section(StrEnum):
    """Where in the assessment form a fact is asked, in this order."""

    USE = "use"
    PEOPLE = "people"
    DATA = "data"
    WHERE = "where"
    CONTRACT = "contract"
    VENDOR = "vendor"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One word of the vocabulary. `subject` is who can answer: V the vendor, C the customer, B both."""

    name: str
    kind: Kind
    question: str
    help: str
    section: Section
    subject: str
    regimes: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    whole: bool = False
    members: tuple[FactSpec, ...] = ()

    def member(self, name: str) -> FactSpec:
        return next(spec for spec in self.members if spec.name == name)

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(value for value, _ in self.choices)

    def label(self, value: str) -> str:
        """The words for one choice; the value itself where there are none."""
        return dict(self.choices).get(value, value)


def read_vocabulary() -> Mapping[str, FactSpec]:
    """All facts, section by section, in the order of the files."""
    facts: dict[str, FactSpec] = {}
    for section in Section:
        for name, raw in read_yaml(PARAMETER_FOLDER / "facts" / f"{section}.yaml").items():
            if name in facts:
                raise ValueError(f"The fact {name} is described twice.")
            facts[name] = _spec(name, raw, section, raw["subject"])
    return MappingProxyType(facts)


def _spec(name: str, raw: Mapping[str, Any], section: Section, subject: str) -> FactSpec:
    return FactSpec(
        name=name,
        kind=Kind(raw["kind"]),
        question=raw["question"],
        help=raw["help"],
        section=section,
        subject=subject,
        regimes=tuple(raw.get("regimes", ())),
        choices=tuple((value, label) for value, label in raw.get("choices", {}).items()),
        minimum=raw.get("minimum"),
        maximum=raw.get("maximum"),
        whole=raw.get("whole", False),
        members=tuple(_spec(key, one, section, subject) for key, one in raw.get("members", {}).items()),
    )


FACTS = read_vocabulary()
