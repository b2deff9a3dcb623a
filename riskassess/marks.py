"""Word + shape + colour, in HTML: how a decision, a band, a state or a missing value is shown everywhere.

Pure functions, used by the template tags and by list columns alike. Colour never speaks alone: each mark has
its word and a shape from the sprite (`templates/partials/sprite.html`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from html import escape

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from riskassess.routes import address

# Mark -> its word. The name is also the symbol in the sprite and the class in the stylesheet.
WORDS: dict[str, str] = {
    "approve": "Approve",
    "conditional": "Conditional",
    "escalate": "Escalate",
    "reject": "Reject",
    "low": "Low",
    "moderate": "Moderate",
    "high": "High",
    "severe": "Severe",
    "unknown": "Unknown",
    "declined": "Declined",
    "na": "Not applicable",
    "free": "Free",
    "new": "New",
    "update": "Update",
    "unchanged": "Unchanged",
    "skip": "Skipped",
    "invalid": "Invalid",
    "conflict": "Conflict",
    "asked": "To decide",
    "queued": "Waiting",
    "running": "Running",
    "done": "Done",
    "failed": "Failed",
    "cancelled": "Cancelled",
    "supports": "Supports it",
    "states": "States it",
    "contradicts": "Contradicts it",
}


def escaped(value: object) -> str:
    """Text as HTML; what is marked safe stays. As Django's `conditional_escape`, in a third of its time: this is asked
    for every cell of every list."""
    return str(value) if hasattr(value, "__html__") else escape(str(value))


@lru_cache(maxsize=128, typed=True)
def icon(name: str) -> SafeString:
    """A shape from the sprite; it says nothing by itself, so screen readers skip it."""
    return format_html('<svg class="i" aria-hidden="true"><use href="#{}"/></svg>', name)


# A page of a list shows the same few hundreds of times. Typed, since a safe text equals one that must be escaped.
@lru_cache(maxsize=512, typed=True)
def mark(name: str, word: str = "") -> SafeString:
    """A mark by its name, in any case (`REJECT` as runs store it); `word` replaces the usual one."""
    name = name.lower()
    known = name if name in WORDS else "unknown"
    return format_html(
        '<span class="mark {}">{}{}</span>', known, icon(known), word or WORDS.get(name, name.capitalize())
    )


def unknown(word: str = "") -> SafeString:
    """What nobody has said: never blank, never zero."""
    return mark("unknown", word)


def not_applicable(word: str = "") -> SafeString:
    """What does not arise; something else than not knowing it."""
    return mark("na", word)


def or_unknown(value: object) -> str:
    """The value as text, or the unknown mark for None and the empty text."""
    return unknown() if value is None or value == "" else str(value)


def yes_no(value: bool | None) -> str:
    """Yes, No, or the unknown mark."""
    return unknown() if value is None else ("Yes" if value else "No")


def link(url: str, text: object, note: str = "") -> SafeString:
    """The link that opens a row, with a quiet second line."""
    return noted(SafeString(f'<a class="rowlink" href="{escaped(url)}">{escaped(text)}</a>'), note)


def plain_link(url: str, text: object) -> SafeString:
    """A link inside a cell."""
    return SafeString(f'<a href="{escaped(url)}">{escaped(text)}</a>')


def noted(value: object, note: object) -> SafeString:
    """A value with a quiet line under it."""
    return SafeString(
        f'{escaped(value)}<br><span class="prov">{escaped(note)}</span>' if note else escaped(value)
    )


def rule_url(rule_id: str) -> str:
    """The page of a rule: its versions, its law, its cases."""
    return address("rules:rule", rule_id)


def regime_url(key: str) -> str:
    """Where a regime's rules stand in the list of all rules."""
    return f"{address('rules:index')}#regime-{key}"


def factor_url(key: str) -> str:
    """Where a factor stands on the page of the method."""
    return f"{address('rules:method')}#factor-{key}"


def gate_url(key: str) -> str:
    """Where a gate stands on the page of the method."""
    return f"{address('rules:method')}#gate-{key}"


def code(text: str) -> SafeString:
    """A rule, factor or cell by its id."""
    return format_html('<span class="id">{}</span>', text)


def day(value: date) -> str:
    """`4 Aug 2026`: no reader takes it for 8 April. In another language as that one writes days: `04.08.2026`."""
    if (get_language() or "en").startswith("en"):
        return f"{value.day} {value:%b %Y}"
    return date_format(value, "SHORT_DATE_FORMAT")


def tokens(value: int | None) -> str:
    """A token count with thousands apart, or the unknown mark."""
    return unknown() if value is None else f"{value:,}"


def ladder(step: int, of: int = 5, *, word: str = "") -> SafeString:
    """Steps reached out of all there are: how well a claim is shown. Ends in words for screen readers."""
    gap = 100 / of
    size = f'y="1" width="{gap - 4:g}" height="10"'
    steps = "".join(
        f'<rect class="{"on" if number < step else "off"}" x="{number * gap + 0.5:g}" {size}/>'
        for number in range(of)
    )
    label = f"Substantiation {step} of {of}" + (f": {word}" if word else "")
    return format_html(
        '<svg class="ladder" viewBox="0 0 100 12" role="img" aria-label="{}">{}</svg>',
        label,
        SafeString(steps),
    )


def progress(percent: int, label: str) -> SafeString:
    """A bar of how far something is; percent in words for screen readers."""
    percent = max(0, min(100, percent))
    return format_html(
        '<svg class="progress" height="6" role="img" aria-label="{label}, {percent} percent">'
        '<rect class="t" width="100%" height="6" rx="3"/>'
        '<rect class="f" width="{percent}%" height="6" rx="3"/></svg>',
        label=label,
        percent=percent,
    )


def interval_bar(low: float, high: float, edges: Sequence[int], *, label: str = "Risk") -> SafeString:
    """A small bar of an interval 0 to 100 on its bands, both ends marked. Unstretched at any width.

    `edges` are the lines of decision in points, where one band ends and the next begins: each result's own.
    """
    ends = "".join(
        f'<rect class="cap" x="{end:.3f}%" y="2.5" width="3" height="11" transform="translate(-1.5)"/>'
        for end in (low, high)
    )
    return SafeString(
        f'<svg height="16" role="img" aria-label="{escaped(label)} {low:.1f} to {high:.1f} of 100">'
        f'{_bands(tuple(edges))}<rect class="iv" x="{low:.3f}%" y="5.5" width="{high - low:.3f}%" height="5"/>'
        f"{ends}</svg>"
    )


@lru_cache(maxsize=64)  # the same on every row that was judged by the same lines
def _bands(edges: tuple[int, ...]) -> str:
    starts = (0, *edges)
    zones = "".join(
        f'<rect class="z{index}" x="{start}%" y="3.5" width="{end - start}%" height="9"/>'
        for index, (start, end) in enumerate(zip(starts, (*edges, 100), strict=True))
    )
    gaps = "".join(f'<line class="gap" x1="{edge}%" x2="{edge}%" y1="3" y2="13"/>' for edge in edges)
    return f'{zones}<rect class="edge" x="0" y="3.5" width="100%" height="9"/>{gaps}'


def cell_link(source: object, cell: str) -> SafeString:
    """A cell's address; of an imported sheet (a catalog source with a file) it leads to the row as it came."""
    row = "".join(char for char in cell if char.isdigit())
    if row and getattr(source, "file_sha256", ""):
        url = reverse("imports:source_row", args=[getattr(source, "pk", 0), int(row)])
        return format_html('<a class="cell" href="{}">{}</a>', url, cell)
    return format_html('<span class="cell">{}</span>', cell)
