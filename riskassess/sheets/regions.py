"""Cloud regions in a cell: codes and display names of several providers, `global`, zones, lists of them."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

from riskassess.kernel.stated import UNKNOWN, Known
from riskassess.sheets.cleaning import cleaned
from riskassess.sheets.results import Cell, Parsed, Result, absent, quoted, text_of

# A third party's list under the MIT licence, beside it in the same folder.
_LIST = Path(__file__).parents[2] / "fixtures" / "regions" / "cloud_regions.csv"

# What is no region of a machine: where requests may travel, as cloud providers call it.
_AREAS = {
    "global": "global", "worldwide": "global", "all regions": "global", "any region": "global", "all": "global",
    "global standard": "global", "globalstandard": "global", "eu": "EU", "europe": "EU area",
    "eu data zone": "EU data zone",
    "data zone eu": "EU data zone", "data zone standard (eu)": "EU data zone", "european union": "EU",
    "us": "US", "usa": "US", "united states": "US", "us data zone": "US data zone", "data zone us": "US data zone",
    "data zone standard (us)": "US data zone", "apac": "APAC", "asia pacific": "APAC", "asia": "APAC",
    "emea": "EMEA", "americas": "Americas", "north america": "North America", "latam": "Latin America",
    "middle east": "Middle East", "mea": "Middle East and Africa", "multi-region": "several regions",
}  # fmt: skip
_AREA_NAMES = frozenset(_AREAS.values())
# The shapes of codes, for regions that are newer than the list.
_SHAPES = re.compile(
    r"(?:us|eu|ap|sa|ca|me|af|il|mx|cn)(?:-(?:gov|iso[a-z]?))?-(?:north|south|east|west|central)+-[1-9]"
    r"|(?:us|europe|asia|northamerica|southamerica|australia|me|africa)-(?:north|south|east|west|central)+[1-9]\d?"
)
_SEVERAL = re.compile(r"[;|\n,]")
_BRACKET = re.compile(r"\s*\(([^()]+)\)$")


@dataclass(frozen=True, slots=True)
class CloudRegion:
    """A region by its provider's code; `country` is an ISO code of two letters."""

    provider: str
    code: str
    name: str
    country: str


@lru_cache(maxsize=1)
def known_regions() -> dict[str, tuple[CloudRegion, ...]]:
    """Code or display name, in small letters without blanks and hyphens -> the regions called so."""
    found: dict[str, tuple[CloudRegion, ...]] = {}
    with _LIST.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            region = CloudRegion(
                row["provider_name"], row["region_code"], row["display_name"], row["country_iso2"]
            )
            for called in {_bare(region.code), _bare(region.name)}:
                found[called] = (*found.get(called, ()), region)
    return found


def region_of(text: str) -> tuple[CloudRegion, ...]:
    """The regions that go by this code or name: several where providers share it, none where we know none."""
    regions = known_regions()
    if found := regions.get(_bare(text)):
        return found
    bracket = _BRACKET.search(text)  # `East US (eastus)`, `US East (N. Virginia) (us-east-1)`
    return regions.get(_bare(bracket[1]), ()) if bracket else ()


def looks_like_region(text: str) -> bool:
    """Whether the text names a region or an area, or is shaped as a region's code is."""
    low = text.strip().casefold()
    return low in _AREAS or bool(region_of(text)) or _SHAPES.fullmatch(low) is not None


def is_region(text: str) -> bool:
    """Whether the text is a region we know, or shaped as a region's code is, and not an area such as `global`."""
    return looks_like_region(text) and text.strip().casefold() not in _AREAS and text not in _AREA_NAMES


def parse_regions(value: Cell) -> Result[tuple[str, ...]]:
    """The regions of a cell, each once: the provider's code where we know it, an area's usual name, else as written.

    Only a code in the note is one we know nothing of; an area such as `global` or `EU` is no region, and the note
    says that too. Where a model is offered says nothing of where it infers.
    """
    text, _ = cleaned(text_of(value), name=True)
    nothing = absent(text)
    if nothing:
        return cast("Parsed[tuple[str, ...]]", nothing)
    parts = [part.strip(" •*[]\"'") for part in _SEVERAL.split(text)]
    if any(part and not looks_like_region(part) for part in parts) and looks_like_region(text):
        parts = [text]  # a display name with a comma in it
    elif len(parts) == 1 and all(_SHAPES.fullmatch(code.casefold()) for code in _codes_of(text)):
        parts = _codes_of(text)  # as a table on a web page comes out that has each code in a line of its own
    named: dict[str, None] = {}
    areas: list[str] = []
    strange: list[str] = []
    for part in filter(None, parts):
        low = part.casefold()
        if low in _AREAS:
            areas.append(part)
            named[_AREAS[low]] = None
            continue
        regions = region_of(part)
        if not regions and not _SHAPES.fullmatch(low):
            strange.append(part)
        codes = {region.code for region in regions}
        named[codes.pop() if len(codes) == 1 and not _only_a_city(part) else part] = None
    if not named:
        return Parsed(UNKNOWN, note=f"{quoted(text)} read as an empty list")
    notes = []
    if areas:
        notes.append(f"{', '.join(map(quoted, areas))}: an area, no region")
    if strange:
        notes.append(f"{', '.join(map(quoted, strange[:3]))}: no region we know")
    return Parsed(Known(tuple(named)), "; ".join(notes))


def _codes_of(text: str) -> list[str]:
    return [word.strip("•*[]\"'") for word in text.split()]


def _only_a_city(text: str) -> bool:
    """`Frankfurt`: every provider has a region there, so the name stands for none of them."""
    return not re.search(r"\d|\(|east|west|north|south|central", text.casefold())


def holds_regions(cells: list[Cell]) -> bool:
    """Whether most of these cells name regions we know, or are shaped as their codes are."""
    texts = [text for cell in cells if (text := text_of(cell).strip())]
    named = sum(
        all(looks_like_region(part.strip()) for part in _SEVERAL.split(text) if part.strip())
        for text in texts
    )
    return bool(texts) and named >= 0.8 * len(texts)


def _bare(text: str) -> str:
    return re.sub(r"[\s_-]+", "", text).casefold()
