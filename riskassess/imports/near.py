"""Names that are nearly the same: which known record an unknown name may mean. Pure; decides nothing.

A number is never a slip of the pen: names whose digits differ are two models. Of names that differ in a whole
word the longer one is another model. What is left differs in blanks, marks, order or single letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

_BUT_FOR_THE_COMPANY = 95  # of 100: words such as “AI” and “Inc.”, or the seller's name, make the difference
_LETTERS = 4  # shorter names differ too easily
_COMPANY = frozenset({
    "inc", "incorporated", "ltd", "limited", "llc", "plc", "gmbh", "ag", "sa", "sas", "bv", "nv", "oy", "ab",
    "corp", "corporation", "co", "company", "pbc", "group", "the", "ai",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Near:
    """A known record that a name is close to. `same`: only blanks, marks, capitals or order differ."""

    kind: str  # "vendor" or "offering"
    pk: int
    name: str
    score: int
    why: str

    @property
    def same(self) -> bool:
        return self.score == 100

    def as_json(self, said: str) -> dict[str, object]:
        proposal = "same" if self.same else "ask"
        return {
            "kind": self.kind, "record": self.pk, "name": self.name, "said": said, "score": self.score,
            "why": self.why, "proposal": proposal,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Shape:
    """A name as it is compared."""

    squashed: str
    words: tuple[str, ...]
    digits: tuple[str, ...]

    @property
    def block(self) -> Hashable:
        """Names of different blocks are never close."""
        return self.digits, len(self.words), self.words[:1] and self.words[0][:1]


@lru_cache(maxsize=65536)
def _shape(name: str, drop: frozenset[str] = frozenset()) -> _Shape:
    folded = unicodedata.normalize("NFKD", name).casefold().replace("+", " plus ")
    plain = "".join(char for char in folded if not unicodedata.combining(char))
    words = re.findall(r"\d+|[^\W\d_]+", plain)
    kept = [word for word in words if word not in drop] or words
    digits = tuple(sorted(word.lstrip("0") for word in kept if word[0].isdigit()))
    letters = tuple(sorted(word for word in kept if not word[0].isdigit()))
    return _Shape("".join(kept), letters, digits)


def near_vendors(spellings: Iterable[str], known: Mapping[int, Sequence[str]]) -> dict[str, Near]:
    """For each unknown spelling the known vendor it is close to. `known` has each vendor's names."""
    names = {name: pk for pk, every in known.items() for name in every}
    first = {pk: every[0] for pk, every in known.items()}
    found = _closest(list(spellings), list(names), _COMPANY)
    return {
        said: Near("vendor", names[name], first[names[name]], score, _why(score, name))
        for said, (name, score) in found.items()
    }


def near_names(wanted: Iterable[str], known: Mapping[str, int], seller: str) -> dict[str, Near]:
    """For each of a seller's unknown names the listing it is close to. The seller's own name counts for nothing."""
    found = _closest(list(wanted), list(known), frozenset(_shape(seller).words))
    return {
        said: Near("offering", known[name], name, score, _why(score, name))
        for said, (name, score) in found.items()
    }


def _why(score: int, name: str) -> str:
    if score == 100:
        return f"the same letters and digits as “{name}”"
    return f"close to “{name}” ({score} of 100)"


def _closest(wanted: list[str], known: list[str], drop: frozenset[str]) -> dict[str, tuple[str, int]]:
    """The best match of each name, compared within blocks and on distinct names only."""
    same: dict[Hashable, tuple[str, int]] = {}
    blocks: dict[Hashable, list[str]] = defaultdict(list)
    for name in known:
        whole, core = _shape(name), _shape(name, drop)
        same[whole.squashed] = same[whole.words, whole.digits] = name, 100
        for key in (core.squashed, (core.words, core.digits)):
            same.setdefault(key, (name, _BUT_FOR_THE_COMPANY))
        blocks[core.block].append(name)
    found: dict[str, tuple[str, int]] = {}
    for said in wanted:
        whole, core = _shape(said), _shape(said, drop)
        keys = (whole.squashed, (whole.words, whole.digits), core.squashed, (core.words, core.digits))
        twin = next((same[key] for key in keys[:2] if key in same), None)
        cousin = next((same[key] for key in keys[2:] if key in same), None)
        if twin is not None:
            found[said] = twin
        elif cousin is not None:
            found[said] = cousin[0], _BUT_FOR_THE_COMPANY
        elif len(core.squashed) >= _LETTERS and core.block in blocks:
            near = _typo(core, blocks[core.block], drop)
            if near is not None:
                found[said] = near
    return found


def _typo(shape: _Shape, names: list[str], drop: frozenset[str]) -> tuple[str, int] | None:
    """The name that differs in a letter or two of its longer words alone."""
    whole = " ".join(shape.words)
    others = [" ".join(_shape(name, drop).words) for name in names]
    slips = 1 if len(whole) < 10 else 2
    best = process.extractOne(whole, others, scorer=OSA.distance, score_cutoff=slips)
    if best is None:
        return None
    other, _, at = best
    pairs = zip(shape.words, _shape(names[at], drop).words, strict=True)
    if any(one != other and min(len(one), len(other)) < _LETTERS for one, other in pairs):
        return None
    return names[at], min(94, int(fuzz.ratio(whole, other)))
