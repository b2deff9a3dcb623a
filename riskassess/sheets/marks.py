"""Yes and no, in the words, ticks and dashes people use for them."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import cast

from riskassess.kernel.stated import UNKNOWN, Known
from riskassess.sheets.cleaning import cleaned
from riskassess.sheets.results import Cell, Parsed, Result, absent, not_a, quoted, text_of, tidy

_TICKS = frozenset({"✓", "✔", "✅", "☑", "🗸", "x", "●", "•", "⬤", "🟢", "◉", "√", ":white_check_mark:",
                    ":heavy_check_mark:", "✔ yes", "✅ yes"})  # fmt: skip
_CROSSES = frozenset({"✗", "✘", "❌", "✖", "☒", "×", "⛔", "🚫", "🔴", "☐", ":x:", "❌ no", "✗ no"})
# Beside full circles it is a no; in Japanese lists, beside crosses, it is the yes.
_EITHER = frozenset({"○", "◯", "〇"})
LOST = "?"
"""What a sign becomes in a text whose letters are too few for it: not known."""
_DASHES = frozenset({"-", "--", "–", "—", "−", "‐", "―"})
_TRUE = _TICKS | {"true", "yes", "y", "1", "on", "supported", "open", "t", "ja", "oui", "sí", "si",
                  "available", "included", "enabled", "full",
                  "はい", "対応", "あり", "有", "是", "支持", "支援", "可", "예", "verfügbar", "disponible", "sim",
                  "tak"}  # fmt: skip
_FALSE = _CROSSES | {
    "false",
    "no",
    "n",
    "0",
    "off",
    "not supported",
    "closed",
    "proprietary",
    "f",
    "nein",
    "non",
    "unsupported",
    "disabled",
    "unavailable",
    "not offered",
    "nicht verfügbar",
    "non disponible",
    "no disponible",
    "いいえ",
    "非対応",
    "未対応",
    "なし",
    "否",
    "不支持",
    "不支援",
    "無",
    "无",
    "不可",
    "não",
    "nie",
}


class Mark(StrEnum):
    """What a cell of a model x region or model x feature table says."""

    YES = "yes"
    NO = "no"
    LIMITED = "limited"
    PREVIEW = "preview"
    PLANNED = "planned"


_PARTLY = {
    "limited": Mark.LIMITED, "partial": Mark.LIMITED, "partially": Mark.LIMITED, "some": Mark.LIMITED,
    "limited access": Mark.LIMITED, "restricted": Mark.LIMITED, "on request": Mark.LIMITED,
    "by request": Mark.LIMITED, "partly": Mark.LIMITED, "◐": Mark.LIMITED, "🟡": Mark.LIMITED,
    "⚠": Mark.LIMITED, "gated": Mark.LIMITED, "upon request": Mark.LIMITED, "conditional": Mark.LIMITED,
    "conditionally": Mark.LIMITED, "with conditions": Mark.LIMITED, "with limitations": Mark.LIMITED,
    "with restrictions": Mark.LIMITED, "depends": Mark.LIMITED, "it depends": Mark.LIMITED,
    "varies": Mark.LIMITED, "mixed": Mark.LIMITED, "add-on": Mark.LIMITED, "optional": Mark.LIMITED,
    "some models": Mark.LIMITED, "limited availability": Mark.LIMITED, "contact us": Mark.LIMITED,
    "contact sales": Mark.LIMITED, "teilweise": Mark.LIMITED, "eingeschränkt": Mark.LIMITED,
    "auf anfrage": Mark.LIMITED, "partiel": Mark.LIMITED, "partiellement": Mark.LIMITED,
    "sur demande": Mark.LIMITED, "parcial": Mark.LIMITED, "parcialmente": Mark.LIMITED,
    "parziale": Mark.LIMITED, "△": Mark.LIMITED, "一部": Mark.LIMITED, "部分": Mark.LIMITED,
    "preview": Mark.PREVIEW, "public preview": Mark.PREVIEW, "beta": Mark.PREVIEW,
    "private preview": Mark.PREVIEW, "experimental": Mark.PREVIEW, "p": Mark.PREVIEW,
    "in preview": Mark.PREVIEW, "public beta": Mark.PREVIEW, "private beta": Mark.PREVIEW,
    "closed beta": Mark.PREVIEW, "open beta": Mark.PREVIEW, "in beta": Mark.PREVIEW,
    "early access": Mark.PREVIEW, "alpha": Mark.PREVIEW,
    "planned": Mark.PLANNED, "coming soon": Mark.PLANNED, "soon": Mark.PLANNED, "roadmap": Mark.PLANNED,
    "upcoming": Mark.PLANNED, "🔜": Mark.PLANNED, "in development": Mark.PLANNED, "in progress": Mark.PLANNED,
    "not yet": Mark.PLANNED, "not yet available": Mark.PLANNED, "under development": Mark.PLANNED,
    "geplant": Mark.PLANNED, "prévu": Mark.PLANNED, "ga": Mark.YES, "generally available": Mark.YES,
}  # fmt: skip
_QUALIFIED = re.compile(
    r"\b(?:but|only|with|except|unless|if|when|condition\w*|limit\w*|partial\w*|partly|preview|beta|alpha|experimental|"
    r"request\w*|restrict\w*|gated|early access|contact|soon|planned|some|depend\w*)\b"
)
_YES_AND_MORE = re.compile(
    r"(?:yes|y|ja|oui|sí|si|sim|available|included|supported)\b(?P<more>(?:\s*[,;:.(\[/–—-]|\s+(?:but|with|if)\b).+)",
    re.DOTALL,
)
_HINT = "Write yes or no."
_NEITHER = "is neither yes nor no: left open, ask what it is limited to"


def parse_bool(value: Cell, *, dash_is_no: bool = False) -> Result[bool]:
    """Yes or no. A yes with a condition (`Limited`, `Preview`, `Yes, on request`) is neither: it is unknown, and the
    note has what was written. What is planned is not there: a no.

    A dash says nothing, except in a column of ticks (`dash_is_no`, see `is_ticked`).
    """
    if isinstance(value, bool):
        return Parsed(Known(value))
    text = tidy(text_of(value))
    word = text.casefold().rstrip("\ufe0f")
    if word in _TRUE or word in _FALSE:
        return Parsed(Known(word in _TRUE))
    if not dash_is_no and (nothing := absent(text)):
        return cast("Parsed[bool]", nothing)
    if (more := _YES_AND_MORE.fullmatch(word)) and _QUALIFIED.search(more["more"]):
        return Parsed(UNKNOWN, f"{quoted(text)} {_NEITHER}")
    found = parse_mark(value)
    if not isinstance(found, Parsed):
        return not_a("yes or no", text, _HINT)
    if not isinstance(found.stated, Known):
        return cast("Parsed[bool]", found)
    mark = found.stated.value
    if mark in (Mark.LIMITED, Mark.PREVIEW):
        return Parsed(UNKNOWN, f"{quoted(text)} {_NEITHER}")
    is_there = mark is Mark.YES
    return Parsed(Known(is_there), found.note or f"{quoted(text)} read as {'yes' if is_there else 'no'}")


def parse_mark(value: Cell) -> Result[Mark]:
    """A cell of a table of ticks: a dash is its author's no, a blank cell lists nothing and is unknown."""
    if isinstance(value, bool):
        return Parsed(Known(Mark.YES if value else Mark.NO))
    text = tidy(text_of(value))
    if not text:
        return Parsed(UNKNOWN, note="blank: not listed")
    if text in _EITHER:
        return Parsed(UNKNOWN, note=f"{quoted(text)} is yes in some lists and no in others: write which")
    mark = _mark_of(text)
    if mark is not None:
        note = f"{quoted(text)} read as no" if text in _DASHES else ""
        return Parsed(Known(mark), note)
    nothing = absent(text)
    if nothing:
        return cast("Parsed[Mark]", nothing)
    shown, note = cleaned(text, name=True, drawn=True)
    mark = _mark_of(shown) or _mark_of(shown.partition("(")[0].strip())
    if mark is not None:
        return Parsed(Known(mark), f"{quoted(text)} read as {mark}" + (f"; {note}" if note else ""))
    if more := _YES_AND_MORE.fullmatch(shown.casefold()):
        mark = Mark.LIMITED if _QUALIFIED.search(more["more"]) else Mark.YES
        return Parsed(Known(mark), f"{quoted(text)} read as {mark}")
    return not_a("a mark such as ✅ or -", text, _HINT)


def _mark_of(text: str) -> Mark | None:
    word = text.casefold().rstrip("\ufe0f")
    if word in _TRUE:
        return Mark.YES
    if word in _FALSE or word in _DASHES:
        return Mark.NO
    return _PARTLY.get(word)


def is_ticked(values: list[Cell]) -> bool:
    """Whether a column holds ticks or crosses beside its dashes, so that a dash in it means no."""
    words = {tidy(value).casefold().rstrip("\ufe0f") for value in values if isinstance(value, str)}
    return bool(words & _DASHES) and bool(words & (_TICKS | _CROSSES | _EITHER))
