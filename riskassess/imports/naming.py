"""What a row speaks of, by the names in it, and what makes two rows speak of the same. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from riskassess.catalog.identity import model_identity, normalised, offering_identity


class Called(Protocol):
    """What has a name: a vendor's record."""

    name: str


class Naming(Protocol):
    """What names a seller's offering of a model."""

    @property
    def seller(self) -> str: ...
    @property
    def developer(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def called(self) -> str: ...


class Named(NamedTuple):
    """What a row speaks of, by the names in it."""

    number: int
    seller: str
    developer: str
    name: str
    listed_id: str
    version: str
    channel: str

    @property
    def called(self) -> str:
        """What tells it from the seller's other entries: the seller's own id where there is one."""
        return self.listed_id or self.name


def offering_key(entry: Naming) -> str:
    """The identity of an entry's offering by its id, or its name where it has none."""
    return offering_identity(entry.seller, entry.called, entry.version, entry.channel)


def name_key(entry: Naming) -> str:
    """The identity by the name as listed."""
    return offering_identity(entry.seller, entry.name, entry.version, entry.channel)


def model_key(entry: Naming) -> str:
    """The identity of the entry's model.

    Two sellers list the same model only where its developer is stated. While nobody has said who made it,
    a seller's listing is a model of its own.
    """
    if entry.developer:
        return model_identity(entry.developer, entry.name, entry.version)
    return model_identity(f"listed by {normalised(entry.seller)}", entry.called, entry.version)


def by_known_names(names: Named, parties: Mapping[str, Called]) -> Named:
    """Seller and developer by the names their records have, so that an alias is no second vendor."""
    seller, developer = parties.get(normalised(names.seller)), parties.get(normalised(names.developer))
    of_seller = seller.name if seller else names.seller
    of_developer = developer.name if developer else names.developer
    if (of_seller, of_developer) == (names.seller, names.developer):
        return names
    return names._replace(seller=of_seller, developer=of_developer)


_BETWEEN = re.compile(r"\n|[,;]\s|\s/\s")
_FAMILY = re.compile(r"[^\W\d_]{2,}")


def models_in(text: str) -> tuple[str, ...]:
    """The models that one cell names, where it is more than one: `gpt-4, gpt-4-32k`. Else nothing.

    Each begins with the same word and has a digit; so a name that was broken over lines, or that lists its sizes
    (`Llama 3.1 (8B, 70B)`), is one (judgement).
    """
    parts = tuple(filter(None, (part.strip() for part in _BETWEEN.split(text))))
    if len(parts) < 2:
        return ()
    families = {found[0].casefold() if (found := _FAMILY.match(part)) else "" for part in parts}
    is_several = len(set(parts)) > 1 and len(families) == 1 and "" not in families
    return parts if is_several and all(re.search(r"\d", part) for part in parts) else ()
