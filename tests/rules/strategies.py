"""Facts as hypothesis draws them: any value of the vocabulary, or the quiet background with a few changes."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from riskassess.rules.facts import FACTS, FactSpec, Kind
from tests.rules.caselist import BACKGROUND

COUNTRIES = st.sampled_from(["SE", "IE", "NO", "CH", "GB", "US", "BR", "IN"])
DAYS_OF_LAW = [
    date(2018, 5, 25), date(2023, 7, 10), date(2024, 8, 1), date(2025, 1, 1), date(2025, 2, 2), date(2025, 7, 22),
    date(2025, 8, 2), date(2026, 1, 6), date(2026, 4, 22), date(2026, 8, 2), date(2026, 12, 2), date(2027, 8, 2),
    date(2027, 12, 2), date(2028, 8, 2),
]  # fmt: skip
days = st.one_of(st.sampled_from(DAYS_OF_LAW), st.dates(date(2015, 1, 1), date(2035, 1, 1)))


def value_of(spec: FactSpec) -> st.SearchStrategy[Any]:
    """A known value of this fact."""
    if spec.kind.is_records:
        record = st.fixed_dictionaries({one.name: stated(one) for one in spec.members})
        return st.lists(st.one_of(record, st.none()), max_size=3)
    match spec.kind:
        case Kind.BOOL:
            return st.booleans()
        case Kind.ENUM:
            return st.sampled_from(spec.values)
        case Kind.LIST:
            return st.lists(st.one_of(st.sampled_from(spec.values), st.none()), max_size=3)
        case Kind.NUMBER if spec.whole:
            return st.integers(spec.minimum, spec.maximum)
        case Kind.NUMBER:
            return st.floats(spec.minimum, spec.maximum)
        case Kind.DATE:
            return days
        case Kind.COUNTRY:
            return COUNTRIES
        case Kind.COUNTRY_LIST:
            return st.lists(st.one_of(COUNTRIES, st.sampled_from(["ANY", None])), max_size=3)
    return st.just("X")


def stated(spec: FactSpec) -> st.SearchStrategy[Any]:
    """Any state of this fact: mostly known, sometimes unknown or not applicable."""
    return st.one_of(value_of(spec), value_of(spec), st.sampled_from([None, "not_applicable"]))


anything = st.fixed_dictionaries({name: stated(spec) for name, spec in FACTS.items()})


@st.composite
def near_the_background(draw: st.DrawFn) -> dict[str, Any]:
    """The background with a handful of facts drawn anew, so that regimes are in scope and rows can be raised."""
    names = draw(st.lists(st.sampled_from(sorted(FACTS)), min_size=1, max_size=12, unique=True))
    return BACKGROUND | {name: draw(stated(FACTS[name])) for name in names}


mappings = st.one_of(near_the_background(), anything)


@st.composite
def blanked(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Facts, and the same facts with some of them, or some of their members, not known.

    Inference countries are only blanked where scope and zone do not imply them: blank is then not unknown.
    """
    full = draw(mappings)
    implied = full["scope"] in ("global", "data_zone")
    names = [name for name in FACTS if not (implied and name == "inference_countries")]
    partial = dict(full)
    for name in draw(st.lists(st.sampled_from(names), min_size=1, max_size=6, unique=True)):
        partial[name] = draw(st.one_of(st.none(), less_known(full[name])))
    return full, partial


def less_known(value: Any) -> st.SearchStrategy[Any]:
    """A list with one member, or one attribute of a member, unknown; anything else unknown."""
    if not isinstance(value, list) or not value:
        return st.none()
    return st.integers(0, len(value) - 1).flatmap(
        lambda place: member_less_known(value[place]).map(
            lambda member: [*value[:place], member, *value[place + 1 :]]
        )
    )


def member_less_known(member: Any) -> st.SearchStrategy[Any]:
    if not isinstance(member, dict):
        return st.none()
    return st.one_of(st.none(), st.sampled_from(sorted(member)).map(lambda name: member | {name: None}))
