"""What the cells of a column look like, where its name says nothing: a guess to confirm, or a word that helps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice

from riskassess.sheets.countries import country_of
from riskassess.sheets.dates import parse_date
from riskassess.sheets.makers import known_as
from riskassess.sheets.numbers import parse_tokens
from riskassess.sheets.prices import PER_MILLION_TOKENS, parse_price
from riskassess.sheets.regions import looks_like_region
from riskassess.sheets.results import Cell, Problem, tidy
from riskassess.sheets.status import is_stage
from riskassess.sheets.units import CURRENCY

CONFIDENCE = 0.4
"""Of a guess by content alone: a person should look at it."""
_FEWEST = 3  # filled cells a guess needs
_SHARE = 0.9
_URL = re.compile(r"(?:\[[^\]]*\]\()?https?://\S+")
_OWNER_AND_NAME = re.compile(r"@?[\w.-]+/[\w./:@+-]*[a-z][\w./:@+-]*", re.IGNORECASE)
_SIZE = re.compile(r"[\d.,]+\s*(?:[km]\b|[km]? ?tokens?\b)", re.IGNORECASE)
_QUESTION = re.compile(
    r".{8,}\?\s*$|(?:do|does|is|are|have|has|can|will|describe|provide|list|explain|please|what|how|who|when|where|which|if"
    r"|state|indicate|identify|specify|summari[sz]e)\b\s.{8,}",
    re.IGNORECASE | re.DOTALL,
)
_MONEY = re.compile(CURRENCY, re.IGNORECASE)
_DATED = re.compile(
    r"\d{4}-\d{1,2}|\d{1,2}[/.]\d{1,2}[/.]\d{4}|[a-z]{3,9}\.? (?:\d{1,2}, )?\d{4}", re.IGNORECASE
)


def _is_size(text: str) -> bool:
    return _SIZE.fullmatch(text) is not None and not isinstance(parse_tokens(text), Problem)


def _is_price(text: str) -> bool:
    return bool(_MONEY.search(text)) and not isinstance(parse_price(text, PER_MILLION_TOKENS), Problem)


def _is_date(text: str) -> bool:
    return bool(_DATED.search(text)) and not isinstance(parse_date(text), Problem)


# Field -> whether a cell is what the field holds and hardly anything else, and what such cells are called.
_LOOKS: tuple[tuple[str, Callable[[str], bool], str], ...] = (
    ("source_url", lambda text: _URL.fullmatch(text) is not None, "web addresses"),
    ("status", is_stage, "release stages"),
    ("question", lambda text: _QUESTION.match(text) is not None, "questions"),
    ("vendor", lambda text: bool(known_as(text)), "companies that make or sell models"),
    ("regions", lambda text: all(looks_like_region(part) for part in re.split(r"[;|,\n]", text)), "regions"),
    ("model_id", lambda text: _OWNER_AND_NAME.fullmatch(text) is not None, "owner/name"),
    ("context_window", _is_size, "sizes in tokens"),
    ("currency", lambda text: len(text) > 1 and _MONEY.fullmatch(text) is not None, "currencies"),
)
# Kinds that several fields hold: which of them it is, only the name could say.
_KINDS: tuple[tuple[str, Callable[[str], bool]], ...] = (("prices", _is_price), ("dates", _is_date))

LOOKS: dict[str, Callable[[str], bool]] = {
    "Source": _LOOKS[0][1], "Status": _LOOKS[1][1], "Question": _LOOKS[2][1], "Vendor": _LOOKS[3][1],
    "Region": looks_like_region, "Model ID": _LOOKS[5][1], "Context window": _is_size, "Price": _is_price,
    "Date": _is_date, "Country": lambda text: country_of(text) is not None,
}  # fmt: skip
"""What a column that holds such cells and nothing else is called, where no row names it."""


def field_by_content(cells: list[Cell], names: frozenset[str]) -> tuple[str, str] | None:
    """The field among `names` that nearly all cells fit and hardly anything else does, and what they are."""
    likely = [look for look in _LOOKS if look[0] in names]
    texts = list(_texts(cells)) if _any_fits([fits for _, fits, _ in likely], cells) else []
    return next(((name, what) for name, fits, what in likely if _mostly(fits, texts)), None)


def kind_by_content(cells: list[Cell]) -> str:
    """`prices` or `dates`, where nearly all cells are such; '' else."""
    texts = list(_texts(cells)) if _any_fits([fits for _, fits in _KINDS], cells) else []
    return next((kind for kind, fits in _KINDS if _mostly(fits, texts)), "")


def _any_fits(looks: list[Callable[[str], bool]], cells: list[Cell]) -> bool:
    """Whether one of the first few texts fits a look: most columns are told by them."""
    first = list(islice(_texts(cells), _FEWEST))
    return any(fits(text) for fits in looks for text in first)


def _mostly(fits: Callable[[str], bool], texts: list[str]) -> bool:
    """Whether `_SHARE` of enough texts fit, and one of the first few."""
    if len(texts) < _FEWEST:
        return False
    return any(map(fits, texts[:_FEWEST])) and sum(map(fits, texts)) >= _SHARE * len(texts)


def _texts(cells: list[Cell]) -> Iterator[str]:
    """The cells' texts; dates and numbers have none that tells more than their type."""
    for cell in cells:
        if isinstance(cell, str) and (text := tidy(cell)) and text != "-":
            yield text
