"""What makes two records the same one, and the address a record gets. Pure: no Django, no database.

Two spellings that differ only in capitals, full-width letters or blanks are one record; everything else is
another. Catalogs and briefings go through here alike, so a model that both name exists once.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

LONGEST_IDENTITY = 450
LONGEST_SLUG = 120
MARK = 6  # hex digits that tell slugs apart which would otherwise read the same
_CALLED = 1  # the place of the name, or of the id that the seller gave it, in every identity
_NO_ADDRESS = re.compile(r"[^a-z0-9_]+")
_LOST = re.compile(r"[^a-z0-9 .-]")


@lru_cache(maxsize=8192)
def normalised(text: str | None) -> str:
    """A name as identities compare it; an unknown one is empty."""
    if not text:
        return ""
    folded = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.split()).replace("|", "/")


def model_identity(developer: str | None, name: str, version: str | None) -> str:
    """Developer, name and version. A model without a name goes by its label."""
    return _identity(developer, name, version)


def offering_identity(seller: str | None, name: str, version: str | None, channel: str) -> str:
    """Seller, name, version and the channel through which it is sold."""
    return _identity(seller, name, version, channel)


def moved_identity(identity: str, was: Sequence[str | None], now: Sequence[str | None]) -> str:
    """The identity of a record whose names in it have changed from `was` to `now`.

    A part that did not change stays as it is written, and so does a seller's own id that stands for the name.
    """
    parts = identity.split("|")
    if len(parts) != len(was) or len(identity) >= LONGEST_IDENTITY:
        return _identity(*now)
    for at, (old, new) in enumerate(zip(map(normalised, was), map(normalised, now), strict=True)):
        if old != new and not (at == _CALLED and parts[at] != old):
            parts[at] = new
    return _identity(*parts)


def price_key(kind: str, condition: str) -> str:
    """What tells a seller's prices of one offering apart: `input`, or `input:batch` where it is not the usual."""
    return f"{kind}:{condition}" if condition else kind


def slug_of(*parts: str | None, distinct: bool = False) -> str:
    """A readable address for the parts, always the same one.

    The mark of the full identity is appended when something was lost: letters that no address can hold, or
    length. `distinct` appends it in any case, for lists in which `a b` and `a-b` may both occur.
    """
    said = [_readable(part) for part in map(normalised, parts) if part]
    readable = "-".join([letters for letters, _ in said if letters])
    lost = len(readable) > LONGEST_SLUG or any(lost for _, lost in said)
    if readable and not lost and not distinct:
        return readable
    room = LONGEST_SLUG - MARK - 1
    return f"{readable[:room].rstrip('-_')}-{_digest(_identity(*parts))[:MARK]}".lstrip("-")


@lru_cache(maxsize=8192)
def _readable(part: str) -> tuple[str, bool]:
    """Letters, digits and hyphens, and whether the part has others that are lost.

    The dot of a version is kept apart as an underscore (2.5 is not 2-5).
    """
    plain = part
    if not part.isascii():
        plain = unicodedata.normalize("NFKD", part).encode("ascii", "ignore").decode()
    return _NO_ADDRESS.sub("-", plain.replace(".", "_")).strip("-_"), bool(_LOST.search(part))


def _identity(*parts: str | None) -> str:
    whole = "|".join(map(normalised, parts))
    if len(whole) <= LONGEST_IDENTITY:
        return whole
    digest = _digest(whole)
    return f"{whole[: LONGEST_IDENTITY - len(digest) - 1]}#{digest}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
