"""The part of the catalog that some entries may meet, read column-wise: no query a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

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
from riskassess.imports.known import (
    NO_PRICES,
    Catalog,
    KnownModel,
    KnownOffering,
    KnownPrice,
    MarkKey,
    Origin,
    Party,
    Recalled,
    Statement,
    pk_of,
)
from riskassess.imports.models import Spelling
from riskassess.imports.naming import Named, model_key
from riskassess.imports.said import Value
from riskassess.kernel.stated import NOT_APPLICABLE

AT_ONCE = 900  # ids in one query: every SQLite takes 999 parameters

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

    Ten queries, however many they are; two more for a sheet that lists regions: where those offerings are offered.
    Two fewer `by_portions`: `recalled` reads prices and places of some offerings at a time.
    """
    parties = _parties()
    catalog = Catalog(parties)
    _explain(catalog, entries, told)
    catalog.source = (
        Source.objects.filter(file_sha256=sha256, sheet=sheet).values_list("pk", flat=True).first()
    )
    sellers = _named(parties, (entry.seller for entry in entries))
    by_pk = {party.pk: party for party in parties.values() if party.pk is not None}
    shared = _Shared()
    listed = _listed(sellers)
    models = _models({row[1] for row in listed}, _identities(entries, parties), by_pk, shared)
    known = {row[0]: _offering(row, models, by_pk, shared) for row in listed}
    shared.resolve()
    _load_listings(models, shared)
    if not by_portions:
        _load_prices(known)
    _load_statements("model", models)
    _load_statements("offering", known)
    catalog.models = {model.identity: model for model in models.values()}
    _index_offerings(catalog, known.values())
    if not all(entry.listed_id for entry in entries):
        catalog.by_name = _by_name(known.values())
    _load_spellings(sellers, known, catalog)
    if lists_regions:
        _load_regions(catalog)
        if not by_portions:
            _load_places(known, catalog)
    return catalog


def recalled(catalog: Catalog, *, lists_regions: bool) -> Recalled:
    """What knows prices and places of some offerings while they are planned: those of all are most of what a long
    list knows. A query each, none without offerings.
    """

    @contextmanager
    def knowing(offerings: Sequence[KnownOffering]) -> Iterator[None]:
        known = {pk_of(offering): offering for offering in offerings}
        if known:
            _load_prices(known)
        before = _load_places(known, catalog) if known and lists_regions else {}
        yield
        for offering in offerings:
            offering.prices = NO_PRICES
        for key, sources in before.items():
            if len(catalog.marked[key]) == sources:  # no row of this sheet has said more
                del catalog.marked[key]

    return knowing


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


class _Shared:
    """What many records share: sources, read once for all of them, and texts and days, kept once."""

    def __init__(self) -> None:
        self._waiting: list[tuple[KnownModel | KnownOffering, int, int | None]] = []
        self._met: dict[str | date, str | date] = {}

    def once(self, value: Any) -> Any:
        """The same text or day as met before; anything else as it is."""
        return self._met.setdefault(value, value) if isinstance(value, str | date) else value

    def add(self, record: KnownModel | KnownOffering, source: int | None, row: int | None) -> None:
        if source is not None:
            self._waiting.append((record, source, row))

    def resolve(self) -> None:
        found = Source.objects.filter(pk__in=among({source for _, source, _ in self._waiting}))
        facts = {
            pk: (published or checked, columns)
            for pk, published, checked, columns in found.values_list(
                "pk", "published_on", "checked_on", "columns"
            )
        }
        for record, source, row in self._waiting:
            record.origin = Origin(source, row, *facts[source])


def _listed(sellers: list[int]) -> list[tuple[Any, ...]]:
    """The sellers' offerings as rows, in the order that `_offering` reads them."""
    wanted = ("pk", "model_id", "identity", "name", "channel", "seller_id", "not_applicable", "origin_id",
              "origin_row", *_OFFERING_VALUES, *(f"{party}_id" for party in _PARTIES))  # fmt: skip
    return list(Offering.objects.filter(seller_id__in=among(sellers)).order_by("pk").values_list(*wanted))


def _offering(
    row: tuple[Any, ...], models: dict[int, KnownModel], by_pk: dict[int, Party], shared: _Shared
) -> KnownOffering:
    pk, model, identity, name, channel, seller, absent, source, origin_row, *rest = row
    values = _values(_OFFERING_VALUES, rest, absent, shared)
    values["name"] = name = shared.once(name)
    for party, vendor in zip(_PARTIES, rest[len(_OFFERING_VALUES) :], strict=True):
        if vendor is not None:
            values[party] = by_pk[vendor].name
    record = KnownOffering(
        identity=shared.once(identity),
        pk=pk,
        values=values,
        name=name,
        channel=shared.once(channel),
        seller=by_pk[seller],
        model=models[model],
    )
    shared.add(record, source, origin_row)
    return record


def _values(
    names: Sequence[str], cells: Sequence[Any], absent: Sequence[str], shared: _Shared
) -> dict[str, Value]:
    """What is known of a record."""
    values: dict[str, Value] = {
        name: shared.once(cell) for name, cell in zip(names, cells, strict=False) if cell not in (None, "")
    }
    values.update(dict.fromkeys(absent, NOT_APPLICABLE))
    return values


def _models(
    pks: set[int], identities: set[str], by_pk: dict[int, Party], shared: _Shared
) -> dict[int, KnownModel]:
    wanted = ("pk", "identity", "name", "label", "version", "developer_id", "not_applicable", "origin_id",
              "origin_row")  # fmt: skip
    found: dict[int, KnownModel] = {}
    for lookup, asked in (("pk__in", pks), ("identity__in", identities)):
        rows = AIModel.objects.filter(**{lookup: among(asked)}).values_list(*wanted, *_MODEL_VALUES)
        for pk, identity, name, label, version, maker, absent, source, row, *rest in rows:
            if pk in found:
                continue
            values = _values(_MODEL_VALUES, rest, absent, shared)
            developer = by_pk[maker] if maker is not None else None
            if developer is not None:
                values["developer"] = developer.name
            record = KnownModel(
                identity=identity,
                pk=pk,
                values=values,
                name=shared.once(name or label),
                version=shared.once(version or ""),
                developer=developer,
            )
            shared.add(record, source, row)
            found[pk] = record
    return found


def _load_listings(models: dict[int, KnownModel], shared: _Shared) -> None:
    listed = Offering.objects.filter(model_id__in=among(models)).values_list("model_id", "identity")
    for model, identity in listed:
        models[model].listings += (shared.once(identity),)


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
