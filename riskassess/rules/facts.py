"""The facts of one purchase as the rules see them: each Known, Unknown or NotApplicable, none missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from riskassess.kernel.errors import InvalidInput
from riskassess.kernel.source import Source
from riskassess.kernel.stated import UNKNOWN, Known, NotApplicable, Stated, Unknown
from riskassess.rules.parsing import ANY, Member, parse
from riskassess.rules.vocabulary import FACTS, FactSpec, Kind, Section

__all__ = ["ANY", "FACTS", "FactSpec", "Facts", "Kind", "Member", "Section", "plain"]


@dataclass(frozen=True, slots=True)
class Facts:
    """A full set of facts in the order of the vocabulary. Build one with `from_mapping`."""

    by_name: Mapping[str, Stated[Any]]

    @classmethod
    def from_mapping(cls, values: Mapping[str, object], sources: Mapping[str, Source] | None = None) -> Facts:
        """Facts from plain values; what is absent is Unknown.

        Raises InvalidInput for a name outside the vocabulary or a value its kind does not allow.
        """
        sources = sources or {}
        for name in (*values, *sources):
            if name not in FACTS:
                raise InvalidInput(
                    f"{name!r} is not a fact the rules know.",
                    hint=_meant(str(name)),
                    where=str(name),
                )
        stated = {
            name: parse(spec, values.get(name), source=sources.get(name)) for name, spec in FACTS.items()
        }
        return cls(MappingProxyType(stated))

    def stated(self, name: str) -> Stated[Any]:
        return self.by_name[name]

    def replacing(self, **changes: object) -> Facts:
        """These facts with some stated anew: the what-if."""
        return Facts.from_mapping({**self.by_name, **changes})

    def unknown(self) -> tuple[str, ...]:
        """The facts nobody has stated, in the order of the vocabulary."""
        return tuple(name for name, stated in self.by_name.items() if isinstance(stated, Unknown))

    def to_json(self) -> dict[str, Any]:
        """Plain values in the vocabulary's own words; `from_mapping` reads them back."""
        return {name: plain(stated) for name, stated in self.by_name.items()}


def _meant(name: str) -> str:
    """The nearest name of the vocabulary, or where all of them stand."""
    near = get_close_matches(name, FACTS, n=1)
    return f"Do you mean {near[0]}?" if near else "docs/judge-and-compute.md lists the facts."


def plain(stated: object) -> Any:
    """A stated value, or a part of one, as JSON would hold it."""
    match stated:
        case Known():
            return plain(stated.value)
        case Unknown():
            return None
        case NotApplicable():
            return "not_applicable"
        case Member():
            return {name: plain(one) for name, one in stated.attributes.items()}
        case tuple():
            return [plain(one) for one in stated]
        case Decimal():
            return int(stated) if stated == int(stated) else float(stated)
        case date():
            return stated.isoformat()
    return stated


NOTHING_KNOWN = Facts(MappingProxyType(dict.fromkeys(FACTS, UNKNOWN)))
