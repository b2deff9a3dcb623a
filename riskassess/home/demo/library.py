"""The briefing's records by the keys its files use: each made when first asked for, found when it exists."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any, TypeVar

from riskassess.catalog import services
from riskassess.catalog.models import AIModel, Offering, Source, Vendor
from riskassess.evidence.models import Claim, OpenQuestion
from riskassess.evidence.services import ask, record_claim
from riskassess.home.demo.entries import (
    ClaimEntry,
    ModelEntry,
    OfferingEntry,
    QuestionEntry,
    SourceEntry,
    VendorEntry,
)
from riskassess.home.demo.reading import entries
from riskassess.kernel.errors import InvalidInput

E = TypeVar("E")
R = TypeVar("R")
PARTIES = ("contracting_entity", "host", "infra_operator", "model_operator")


@contextmanager
def telling(where: str) -> Iterator[None]:
    """What goes wrong inside is told with the file and entry."""
    try:
        yield
    except InvalidInput as error:
        place = f"{where}, {error.where}" if error.where else where
        raise InvalidInput(error.message, hint=error.hint, where=place) from error


class Shelf(Mapping[str, R]):
    """The records of one file. `make` turns an entry into its record."""

    def __init__(self, name: str, kind: type[E], make: Callable[[str, E], R]) -> None:
        self.name = name
        self.entries: dict[str, Any] = entries(name, kind)
        self._make: Callable[[str, Any], R] = make
        self._made: dict[str, R] = {}

    def __getitem__(self, key: str) -> R:
        if key not in self.entries:
            raise InvalidInput(f"There is no “{key}” in {self.name}.yaml.", hint="Correct the reference.")
        if key not in self._made:
            with telling(f"{self.name}.yaml, {key}"):
                self._made[key] = self._make(key, self.entries[key])
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def maybe(self, key: str | None) -> R | None:
        """The record, or None for no key."""
        return None if key is None else self[key]


class Library:
    """Every shelf of the briefing."""

    @cached_property
    def vendors(self) -> Shelf[Vendor]:
        return Shelf("vendors", VendorEntry, self._vendor)

    @cached_property
    def sources(self) -> Shelf[Source]:
        return Shelf("sources", SourceEntry, self._source)

    @cached_property
    def models(self) -> Shelf[AIModel]:
        return Shelf("models", ModelEntry, self._model)

    @cached_property
    def offerings(self) -> Shelf[Offering]:
        return Shelf("offerings", OfferingEntry, self._offering)

    @cached_property
    def claims(self) -> Shelf[Claim]:
        return Shelf("claims", ClaimEntry, self._claim)

    @cached_property
    def questions(self) -> Shelf[OpenQuestion]:
        return Shelf("questions", QuestionEntry, self._question)

    def _vendor(self, key: str, entry: VendorEntry) -> Vendor:
        return services.get_or_make_vendor(
            entry.name,
            aliases=entry.aliases,
            parent=self.vendors.maybe(entry.parent),
            hq_country=entry.country,
            website=entry.website,
            summary=entry.summary,
        )[0]

    def _source(self, key: str, entry: SourceEntry) -> Source:
        return services.get_or_make_source(
            entry.title,
            entry.publisher,
            publisher_vendor=self.vendors.maybe(entry.vendor),
            kind=entry.kind,
            url=entry.url,
            published_on=entry.published_on,
            checked_on=entry.checked_on,
            note=entry.note,
        )[0]

    def _model(self, key: str, entry: ModelEntry) -> AIModel:
        model, _ = services.get_or_make_model(
            self.vendors[entry.developer],
            entry.name,
            entry.version,
            label=entry.label,
            family=entry.family,
            modality=entry.modality,
            purpose=entry.purpose,
        )
        model.co_developers.add(*[self.vendors[co] for co in entry.co_developers])
        return model

    def _offering(self, key: str, entry: OfferingEntry) -> Offering:
        return services.get_or_make_offering(
            self.models[entry.model],
            self.vendors.maybe(entry.seller),
            entry.name,
            entry.channel,
            docs_url=entry.docs_url,
            **{role: self.vendors.maybe(getattr(entry, role)) for role in PARTIES},
        )[0]

    def _claim(self, key: str, entry: ClaimEntry) -> Claim:
        return record_claim(
            key,
            self.vendors[entry.vendor],
            [(self.sources[link.source], link.relation, link.quote) for link in entry.sources],
            model=self.models.maybe(entry.model),
            offering=self.offerings.maybe(entry.offering),
            title=entry.title,
            statement=entry.statement,
            kind=entry.kind,
            substantiation=entry.substantiation,
            verification=entry.verification,
            interest=entry.interest,
            headline=entry.headline,
            decides=entry.decides,
            made_on=entry.made_on,
        )[0]

    def _question(self, key: str, entry: QuestionEntry) -> OpenQuestion:
        return ask(
            self.vendors[entry.vendor],
            entry.text,
            decides=entry.decides,
            proof=entry.proof,
            model=self.models.maybe(entry.model),
            offering=self.offerings.maybe(entry.offering),
            claim=self.claims.maybe(entry.claim),
            raised_on=entry.raised_on,
        )[0]
