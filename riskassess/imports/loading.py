"""The part of the catalog that some entries may meet, read column-wise: no query a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import chain
from typing import Any

from django.db.models import QuerySet

from riskassess.catalog.identity import model_identity, normalised, offering_identity, price_key
from riskassess.catalog.models import (
    AIModel,
    Availability,
    Offering,
    Price,
    Region,
    Source,
    SourcedValue,
    Vendor,
    VendorAlias,
)
from riskassess.imports.bulk import among
from riskassess.imports.decisions import NOTHING_DECIDED, Decisions
from riskassess.imports.fields import MODEL_ATTRIBUTES
from riskassess.imports.kept import Same
from riskassess.imports.known import (
    NO_PRICES,
    NOT_SAID,
    Catalog,
    KnownModel,
    KnownOffering,
    KnownPrice,
    MarkKey,
    Meant,
    Origin,
    Party,
    Recalled,
    Statement,
    pk_of,
)
from riskassess.imports.models import Spelling
from riskassess.imports.naming import Named, model_key
from riskassess.imports.said import Value
from riskassess.imports.spool import portions
from riskassess.kernel.stated import NOT_APPLICABLE

AT_ONCE = 900  # ids in one query: every SQLite takes 999 parameters
_RECORDS = 10_000  # read at once

# Also known of a record, though no sheet states them: their provenance must not change by an import.
_MODEL_VALUES = (
    *MODEL_ATTRIBUTES, "purpose", "general_purpose", "systemic_risk", "placed_on_eu_market",
)  # fmt: skip
_OFFERING_VALUES = (
    "stage", "retires_on", "docs_url", "deployment", "zone", "stage_since", "subprocessors_listed",
)  # fmt: skip
_PARTIES = ("host", "contracting_entity", "infra_operator", "model_operator")


def load_catalog(
    entries: Sequence[Named],
    *,
    sha256: str,
    sheet: str,
    told: Decisions = NOTHING_DECIDED,
    lists_regions: bool = False,
    by_portions: bool = False,
) -> Catalog:
    """Vendors, this sheet's source, and the models and offerings of the sellers and makers that are named.

    A dozen queries, and three more for every 10,000 records; two more for a sheet that lists regions: where those
    offerings are offered. Fewer `by_portions`: `recalled` then reads what is known of some records at a time.
    """
    parties = _parties()
    catalog = Catalog(parties)
    _explain(catalog, entries, told)
    catalog.source = (
        Source.objects.filter(file_sha256=sha256, sheet=sheet).values_list("pk", flat=True).first()
    )
    sellers = _named(parties, (entry.seller for entry in entries))
    by_pk = {party.pk: party for party in parties.values() if party.pk is not None}
    listed = Offering.objects.filter(seller_id__in=among(sellers))
    sold = set(listed.order_by().values_list("model_id", flat=True).distinct())
    models = _models(sold, _identities(entries, parties), by_pk)
    known = {pk_of(found): found for found in _offerings(listed, models, by_pk)}
    _load_listings(models, known)
    catalog.models = {model.identity: model for model in models.values()}
    _index_offerings(catalog, known.values())
    if not all(entry.listed_id for entry in entries):
        catalog.by_name = _by_name(known.values())
    _load_spellings(sellers, known, catalog)
    if lists_regions:
        _load_regions(catalog)
    if not by_portions:
        _recall(catalog, Meant(known, models), {}, lists_regions=lists_regions)
    return catalog


def recalled(catalog: Catalog, *, lists_regions: bool) -> Recalled:
    """What knows some records while they are planned: what is on record of all is most of what a long list knows.
    Eight queries at most, none where nothing is meant.
    """
    sources: Sources = {}

    @contextmanager
    def knowing(meant: Meant) -> Iterator[None]:
        places = _recall(catalog, meant, sources, lists_regions=lists_regions)
        yield
        for offering in meant.offerings.values():
            offering.prices = NO_PRICES
        for record in chain(meant.offerings.values(), meant.models.values()):
            if not record.is_touched:
                record.known, record.origin, record.said = None, None, NOT_SAID
        for key, count in places.items():
            if len(catalog.marked[key]) == count:  # no row of this sheet has said more
                del catalog.marked[key]

    return knowing


def _recall(catalog: Catalog, meant: Meant, sources: Sources, *, lists_regions: bool) -> dict[MarkKey, int]:
    """Reads what is known of these records, but for those that rows above have changed; places as `_load_places`."""
    offerings, models = meant.offerings, meant.models
    by_pk = {party.pk: party for party in catalog.parties.values() if party.pk is not None}
    asleep = {pk: offering for pk, offering in offerings.items() if offering.known is None}
    _load_values(Offering, asleep, _OFFERING_VALUES, _PARTIES, by_pk, sources)
    _load_statements("offering", asleep)
    unknown = {pk: model for pk, model in models.items() if model.known is None}
    _load_values(AIModel, unknown, _MODEL_VALUES, ("developer",), by_pk, sources)
    _load_statements("model", unknown)
    _load_prices(offerings)
    return _load_places(offerings, catalog) if lists_regions and offerings else {}


def _explain(catalog: Catalog, entries: Sequence[Named], told: Decisions) -> None:
    """Spellings of vendors that a person has explained count as aliases from here on."""
    meant = {key: pk for key, pk in told.vendors.items() if pk is not None and key not in catalog.parties}
    if not meant:
        return
    by_pk = {party.pk: party for party in catalog.parties.values()}
    for said in {said for entry in entries for said in (entry.seller, entry.developer)}:
        pk = meant.get(normalised(said))
        if pk is not None and pk in by_pk and normalised(said) not in catalog.parties:
            catalog.parties[normalised(said)] = by_pk[pk]
            catalog.aliases.append((said, pk))


def _load_spellings(sellers: list[int], offerings: dict[int, KnownOffering], catalog: Catalog) -> None:
    found = Spelling.objects.filter(offering__seller_id__in=among(sellers))
    for key, offering in found.values_list("key", "offering_id"):
        catalog.offerings.setdefault(key, offerings[offering])


def _load_places(offerings: Collection[int], catalog: Catalog) -> dict[MarkKey, int]:
    """Where these offerings are offered; how many sources say so of each place."""
    rows = Availability.objects.filter(offering_id__in=among(offerings)).order_by("stated_on", "pk")
    read: set[MarkKey] = set()
    for offering, deployment, code, source, mark in rows.values_list(
        "offering_id", "deployment", "code", "source_id", "mark"
    ):
        key = (offering, normalised(deployment), normalised(code))
        catalog.marked.setdefault(key, {})[source] = mark
        read.add(key)
    return {key: len(catalog.marked[key]) for key in read}


def _load_regions(catalog: Catalog) -> None:
    """All regions by their codes and names."""
    for pk, provider, code, name in Region.objects.values_list("pk", "provider_id", "code", "display_name"):
        for called in {normalised(code), normalised(name)}:
            catalog.regions.setdefault(called, []).append((pk, provider))


def in_portions(ids: Iterable[Any]) -> Iterator[list[Any]]:
    """The ids in lists that fit into one query."""
    every = list(ids)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]


def _parties() -> dict[str, Party]:
    by_pk = {pk: Party(name, pk) for pk, name in Vendor.objects.values_list("pk", "name")}
    parties = {normalised(party.name): party for party in by_pk.values()}
    for name, vendor in VendorAlias.objects.values_list("name", "vendor_id"):
        parties.setdefault(normalised(name), by_pk[vendor])
    return parties


def _named(parties: dict[str, Party], names: Iterable[str]) -> list[int]:
    found = {parties.get(normalised(name)) for name in set(names)}
    return sorted(party.pk for party in found if party is not None and party.pk is not None)


def _identities(entries: Sequence[Named], parties: dict[str, Party]) -> set[str]:
    """The models that entries name, also under the names that their vendors' records have."""
    found = set(map(model_key, entries))
    renamed = {name for name, party in parties.items() if normalised(party.name) != name}
    for entry in entries if renamed else ():
        maker = parties.get(normalised(entry.developer)) if entry.developer else None
        seller = parties.get(normalised(entry.seller))
        if maker is not None:
            found.add(model_identity(maker.name, entry.name, entry.version))
        elif seller is not None and not entry.developer:
            scope = f"listed by {normalised(seller.name)}"
            found.add(model_identity(scope, entry.called, entry.version))
    return found


Sources = dict[int, tuple[date | None, dict[str, dict[str, Any]]]]
"""A source's day and its columns."""


def _offerings(
    listed: QuerySet[Offering], models: dict[int, KnownModel], by_pk: dict[int, Party]
) -> Iterator[KnownOffering]:
    """The offerings by their names alone, in the order of their ids."""
    wanted = ("pk", "model_id", "identity", "name", "channel", "seller_id")
    rows, last, texts = listed.order_by("pk").values_list(*wanted), 0, Same()
    while page := list(rows.filter(pk__gt=last)[:_RECORDS]):
        for pk, of_model, identity, name, channel, seller in page:
            model = models[of_model]
            yield KnownOffering(
                identity=identity,
                pk=pk,
                known=None,
                name=model.name if name == model.name else name,
                channel=texts[channel],
                seller=by_pk[seller],
                model=model,
            )
        if len(page) < _RECORDS:
            return
        last = page[-1][0]


def _models(pks: set[int], identities: set[str], by_pk: dict[int, Party]) -> dict[int, KnownModel]:
    """The models of these ids or identities, by their names alone."""
    wanted = ("pk", "identity", "name", "label", "version", "developer_id")
    found: dict[int, KnownModel] = {}
    texts = Same()
    asked: tuple[tuple[str, Collection[Any]], ...] = (("pk__in", pks), ("identity__in", identities))
    for lookup, every in asked:
        for some in portions(every, _RECORDS):
            rows = AIModel.objects.filter(**{lookup: among(some)}).values_list(*wanted)
            for pk, identity, name, label, version, maker in rows:
                if pk not in found:
                    found[pk] = KnownModel(
                        identity=identity,
                        pk=pk,
                        known=None,
                        name=name or label,
                        version=texts[version or ""],
                        developer=by_pk[maker] if maker is not None else None,
                    )
    return found


def _load_listings(models: dict[int, KnownModel], offerings: Mapping[int, KnownOffering]) -> None:
    for some in portions(models, _RECORDS):
        listed = Offering.objects.filter(model_id__in=among(some))
        for model, pk, identity in listed.values_list("model_id", "pk", "identity"):
            models[model].listings += (offerings[pk].identity if pk in offerings else identity,)


def _load_values(
    kind: type[AIModel | Offering],
    records: Mapping[int, KnownModel | KnownOffering],
    names: Sequence[str],
    parties: Sequence[str],
    by_pk: dict[int, Party],
    sources: Sources,
) -> None:
    """What the records' columns hold, and the sheet and row it comes from. No query without records."""
    wanted = ("pk", "not_applicable", "origin_id", "origin_row", *names, *(f"{one}_id" for one in parties))
    for some in portions(records, _RECORDS):
        texts = Same()
        rows = list(kind._default_manager.filter(pk__in=among(some)).values_list(*wanted))
        _load_sources({row[2] for row in rows if row[2] is not None}, sources)
        for pk, absent, source, at, *cells in rows:
            record = records[pk]
            values: dict[str, Value] = {"name": record.name} if isinstance(record, KnownOffering) else {}
            for name, cell in zip(names, cells, strict=False):
                if cell not in (None, ""):
                    values[name] = texts[cell] if type(cell) is str else cell
            values.update(dict.fromkeys(absent, NOT_APPLICABLE))
            for name, vendor in zip(parties, cells[len(names) :], strict=True):
                if vendor is not None:
                    values[name] = by_pk[vendor].name
            record.known = values
            record.origin = None if source is None else Origin(source, at, *sources[source])


def _load_sources(wanted: set[int], known: Sources) -> None:
    new = wanted - known.keys()
    if new:
        found = Source.objects.filter(pk__in=among(new))
        for pk, published, checked, columns in found.values_list(
            "pk", "published_on", "checked_on", "columns"
        ):
            known[pk] = published or checked, columns


def _load_prices(offerings: dict[int, KnownOffering]) -> None:
    found: dict[int, dict[str, list[KnownPrice]]] = defaultdict(dict)
    rows = Price.objects.filter(offering_id__in=among(offerings)).order_by("as_of", "pk")
    for offering, kind, condition, pk, amount, unit, currency, day, source in rows.values_list(
        "offering_id", "kind", "condition", "pk", "amount", "unit", "currency", "as_of", "source_id"
    ):
        price = KnownPrice(pk, amount, unit, currency, day, source)
        found[offering].setdefault(price_key(kind, condition), []).append(price)
    for pk, prices in found.items():
        offerings[pk].prices = prices


def _load_statements(subject: str, records: dict[int, Any]) -> None:
    states = SourcedValue.State
    found: dict[int, dict[str, list[Statement]]] = defaultdict(dict)
    rows = SourcedValue.objects.filter(**{f"{subject}_id__in": among(records)}).order_by("pk")
    for pk, attribute, state, value, day, first_party, source, preferred in rows.values_list(
        f"{subject}_id", "attribute", "state", "value", "as_of", "first_party", "source_id", "preferred"
    ):
        said = Statement(value, day, first_party, state == states.NOT_APPLICABLE, source, preferred)
        found[pk].setdefault(attribute, []).append(said)
    for pk, statements in found.items():
        records[pk].said = statements


def _index_offerings(catalog: Catalog, offerings: Iterable[KnownOffering]) -> None:
    """By identity, and by the identity under the seller's present name."""
    for offering in offerings:
        catalog.offerings[offering.identity] = offering
        seller, bar, rest = offering.identity.partition("|")
        if bar and seller != (present := normalised(offering.seller.name)):
            catalog.offerings.setdefault(f"{present}|{rest}", offering)


def _by_name(offerings: Iterable[KnownOffering]) -> dict[str, KnownOffering]:
    """Offerings by name, where only one has it."""
    names: dict[str, list[KnownOffering]] = defaultdict(list)
    for offering in offerings:
        key = offering_identity(offering.seller.name, offering.name, offering.model.version, offering.channel)
        names[key].append(offering)
    return {key: found[0] for key, found in names.items() if len(found) == 1}
