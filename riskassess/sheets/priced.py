"""What a price is for, where a cell of the row says it: `Input`, `Cached input tokens`, `Output (batch)`. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from riskassess.sheets.conditions import condition_in, condition_of
from riskassess.sheets.languages import in_english
from riskassess.sheets.likeness import likeness
from riskassess.sheets.mapped import ColumnKind
from riskassess.sheets.results import tidy
from riskassess.sheets.vocabulary import CATALOG_FIELDS

_SURELY = 0.9
_PARTED = re.compile(r"\s*[·•|]\s*|\s+[-–—/]\s+")
_PLAIN = frozenset({"input_price", "output_price"})
_KINDS = tuple(f for f in CATALOG_FIELDS if f.kind is ColumnKind.PRICE and not f.states_unit)
_USUAL = tuple(field for field in _KINDS if not field.condition)


@lru_cache(maxsize=2_000)
def price_kind_of(text: str) -> tuple[str, str] | None:
    """The field of the price, and the condition it is under; None where the words say no such thing.

    `Batch input` is the input price under the condition *batch*: the field is the usual price's.
    """
    words = tidy(text)
    words = words if words.isascii() else in_english(words)
    condition, rest = condition_in(words)
    if not condition and words.endswith(")") and "(" in words:
        rest, _, said = words[:-1].partition("(")
        condition = condition_of(said)
    name = rest.strip(" ,;:-–—()")
    field = _field_of(name) or _parts_of(name)
    return (field, condition) if field else None


def _field_of(name: str) -> str:
    found = max(((likeness(name, field), field.name) for field in _USUAL if name), default=(0.0, ""))
    return found[1] if found[0] >= _SURELY else ""


def _parts_of(name: str) -> str:
    """What `input · cached input` prices: the part that says more, where each part is a kind of price."""
    parts = [_field_of(part.strip()) for part in _PARTED.split(name)]
    if len(parts) < 2 or not all(parts):
        return ""
    return next((part for part in parts if part not in _PLAIN), parts[0])
