"""The list pages of the catalog: which columns, which order, which filter. Values are formatted here."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from riskassess import marks
from riskassess.catalog.fields import country_name
from riskassess.catalog.filters import ModelFilter, OfferingFilter, RegionFilter, SourceFilter, VendorFilter
from riskassess.catalog.models import AIModel, Offering, Price, Region, Source, Vendor
from riskassess.catalog.models.price import plain
from riskassess.listing import Column, ListPage


def vendor_cell(vendor: Vendor | None) -> str:
    """A party by name, with its page; unknown is said so."""
    return marks.unknown() if vendor is None else marks.plain_link(vendor.get_absolute_url(), vendor.name)


def country_cell(code: str | None) -> str:
    return marks.or_unknown(country_name(code))


def stated_cell(record: AIModel | Offering, attribute: str, shown: str) -> str:
    """A column that may not apply: `shown`, or that mark."""
    return marks.not_applicable() if attribute in record.not_applicable else marks.or_unknown(shown)


# --- prices -----------------------------------------------------------------------------------------


def with_prices(offerings: QuerySet[Offering, Offering]) -> QuerySet[Offering, Offering]:
    """With the prices that lists show, the usual ones alone. One query more."""
    usual = Price.objects.filter(condition="")
    said = usual.only("offering", "kind", "condition", "amount", "unit", "currency")
    return offerings.prefetch_related(Prefetch("prices", said))


def current_price(offering: Offering, kind: str) -> Price | None:
    """The newest usual price of a kind, from prices that are loaded already. No query after `prefetch_related`.

    What is sold by time or by character only has its price there: the unit is shown with it.
    """
    usual = [price for price in offering.prices.all() if not price.condition]
    kinds = (kind, *_INSTEAD.get(kind, ()))
    return next((price for wanted in kinds for price in usual if price.kind == wanted), None)


_INSTEAD: dict[str, tuple[str, ...]] = {
    Price.Kind.INPUT: (Price.Kind.TIME_INPUT, Price.Kind.CHARACTERS, Price.Kind.PAGES),
    Price.Kind.OUTPUT: (Price.Kind.TIME_OUTPUT, Price.Kind.IMAGE_OUTPUT),
}


def price_cell(price: Price | None) -> str:
    """Amount over currency and unit; free, not applicable and unknown are three different things."""
    if price is None:
        return marks.unknown()
    if price.amount is None:
        return marks.not_applicable()
    if price.amount == 0:
        return marks.mark("free")
    return marks.noted(plain(price.amount), f"{price.currency or 'currency unknown'} per {price.unit}")


def _price_column(kind: Price.Kind, label: str) -> Column[Offering]:
    return Column(
        f"price_{kind.value}",
        label,
        lambda offering: price.shown if (price := current_price(offering, kind)) else "unknown",
        show=lambda offering: price_cell(current_price(offering, kind)),
        numeric=True,
    )


# --- the lists --------------------------------------------------------------------------------------

OFFERING_TABS = (("Offerings", "catalog:offerings"), ("Regions", "catalog:regions"))
EVIDENCE_TABS = (
    ("Claims", "evidence:claims"),
    ("Open questions", "evidence:questions"),
    ("Inquiries", "questionnaires:list"),
    ("Question sets", "questionnaires:sets"),
    ("Documents", "evidence:documents"),
    ("Sources", "catalog:sources"),
    ("Public registers", "catalog:register"),
    ("Products in use", "catalog:uses"),
)

VENDORS: ListPage[Vendor] = ListPage(
    title="Vendors",
    lede="Companies and the parts they play: a vendor may develop, sell, operate and host.",
    filters=VendorFilter,
    order="name",
    empty="No vendor yet. Import a spreadsheet, or let an administrator add one.",
    reads=(
        "name",
        "slug",
        "hq_country",
        "summary",
        "parent__name",
        "parent__slug",
    ),
    columns=(
        Column(
            "name",
            "Vendor",
            lambda vendor: vendor.name,
            show=lambda vendor: marks.link(vendor.get_absolute_url(), vendor.name),
            order_by=("name",),
        ),
        Column(
            "country",
            "Headquarters",
            lambda vendor: vendor.country,
            show=lambda vendor: country_cell(vendor.hq_country),
            order_by=("hq_country",),
        ),
        Column(
            "parent",
            "Parent",
            lambda vendor: vendor.parent.name if vendor.parent else None,
            show=lambda vendor: vendor_cell(vendor.parent) if vendor.parent else "–",
            order_by=("parent__name",),
        ),
        Column(
            "summary",
            "In short",
            lambda vendor: vendor.summary,
            show=lambda vendor: vendor.summary or "–",
            wide=True,
        ),
    ),
)

MODELS: ListPage[AIModel] = ListPage(
    title="Models",
    lede="What a developer made, whoever sells it. What nobody has said is shown as unknown.",
    filters=ModelFilter,
    order="name",
    empty="No model yet. Import a spreadsheet to fill the catalog.",
    reads=(
        "name",
        "label",
        "slug",
        "family",
        "modality",
        "context_tokens",
        "max_output_tokens",
        "licence",
        "released",
        "not_applicable",
        "developer__name",
        "developer__slug",
    ),
    columns=(
        Column(
            "name",
            "Model",
            str,
            show=lambda model: marks.link(model.get_absolute_url(), model, model.family or ""),
            order_by=("name", "label"),
        ),
        Column(
            "developer",
            "Developer",
            lambda model: model.developer.name if model.developer else None,
            show=lambda model: vendor_cell(model.developer),
            order_by=("developer__name",),
        ),
        Column(
            "modality",
            "Kind",
            lambda model: model.modality,
            show=lambda model: stated_cell(model, "modality", model.modality or ""),
            order_by=("modality",),
        ),
        Column(
            "context",
            "Context, tokens",
            lambda model: model.context_tokens,
            show=lambda model: stated_cell(model, "context_tokens", marks.tokens(model.context_tokens)),
            order_by=("context_tokens",),
            numeric=True,
        ),
        Column(
            "output",
            "Longest answer, tokens",
            lambda model: model.max_output_tokens,
            show=lambda model: stated_cell(model, "max_output_tokens", marks.tokens(model.max_output_tokens)),
            order_by=("max_output_tokens",),
            numeric=True,
        ),
        Column(
            "licence",
            "Licence",
            lambda model: model.licence,
            show=lambda model: stated_cell(model, "licence", model.licence or ""),
            order_by=("licence",),
        ),
        Column(
            "released",
            "Released",
            lambda model: model.released,
            show=lambda model: marks.or_unknown(model.released),
            order_by=("released",),
        ),
    ),
)

OFFERINGS: ListPage[Offering] = ListPage(
    title="Offerings",
    lede="A model as it can be bought: from whom, on whose machines, at which price.",
    filters=OfferingFilter,
    order="name",
    empty="No offering yet. Import a spreadsheet to fill the catalog.",
    tabs=OFFERING_TABS,
    reads=(
        "name",
        "slug",
        "channel",
        "deployment",
        "stage",
        "model__developer__name",
        "model__developer__slug",
        "seller__name",
        "seller__slug",
        "host__name",
        "host__slug",
    ),
    columns=(
        Column(
            "name",
            "Offering",
            str,
            show=lambda offering: marks.link(offering.get_absolute_url(), offering.name, offering.channel),
            order_by=("name", "channel"),
        ),
        Column(
            "developer",
            "Developer",
            lambda offering: offering.model.developer.name if offering.model.developer else None,
            show=lambda offering: vendor_cell(offering.model.developer),
            order_by=("model__developer__name",),
        ),
        Column(
            "seller",
            "Seller",
            lambda offering: offering.seller.name if offering.seller else None,
            show=lambda offering: vendor_cell(offering.seller),
            order_by=("seller__name",),
        ),
        Column(
            "host",
            "Host",
            lambda offering: offering.host.name if offering.host else None,
            show=lambda offering: vendor_cell(offering.host),
            order_by=("host__name",),
        ),
        Column(
            "deployment",
            "Deployment",
            lambda offering: offering.get_deployment_display(),
            show=lambda offering: marks.or_unknown(offering.get_deployment_display()),
            order_by=("deployment",),
        ),
        Column(
            "stage",
            "Release",
            lambda offering: offering.get_stage_display(),
            show=lambda offering: marks.or_unknown(offering.get_stage_display()),
            order_by=("stage",),
        ),
        _price_column(Price.Kind.INPUT, "Input price"),
        _price_column(Price.Kind.OUTPUT, "Output price"),
    ),
)

REGIONS: ListPage[Region] = ListPage(
    title="Regions",
    lede="Places where a provider runs machines. Zones and adequacy follow from the country and the day.",
    filters=RegionFilter,
    order="provider",
    empty="No region yet.",
    tabs=OFFERING_TABS,
    columns=(
        Column(
            "code",
            "Region",
            lambda region: region.code,
            show=lambda region: marks.link(region.get_absolute_url(), region.code, region.display_name),
            order_by=("code",),
        ),
        Column(
            "provider",
            "Provider",
            lambda region: region.provider.name,
            show=lambda region: vendor_cell(region.provider),
            order_by=("provider__name", "code"),
        ),
        Column("city", "City", lambda region: region.city, show=lambda region: marks.or_unknown(region.city)),
        Column(
            "country",
            "Country",
            lambda region: region.country_name,
            show=lambda region: country_cell(region.country),
            order_by=("country",),
        ),
        Column("kind", "Kind", lambda region: region.get_kind_display(), order_by=("kind",)),
    ),
)

SOURCES: ListPage[Source] = ListPage(
    title="Sources",
    lede="Where values and claims come from. The letter is the reliability of its kind, A best to F.",
    filters=SourceFilter,
    order="-published",
    empty="No source yet.",
    tabs=EVIDENCE_TABS,
    columns=(
        Column(
            "title",
            "Source",
            lambda source: source.title,
            show=lambda source: marks.link(source.get_absolute_url(), source.title, source.file_name),
            order_by=("title",),
        ),
        Column("publisher", "Publisher", lambda source: source.publisher, order_by=("publisher",)),
        Column("kind", "Kind", lambda source: source.get_kind_display(), order_by=("kind",)),
        Column(
            "reliability",
            "Reliability",
            lambda source: source.reliability,
            show=lambda source: marks.code(source.reliability),
        ),
        Column(
            "published",
            "Published",
            lambda source: source.published_on,
            order_by=("published_on",),
            day=True,
        ),
        Column(
            "checked",
            "Checked",
            lambda source: source.checked_on,
            order_by=("checked_on",),
            day=True,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class WayToBuy:
    """One offering in a table of offerings, as ready words."""

    offering: Offering
    seller: str
    host: str
    operator: str
    deployment: str
    stage: str
    price_in: str
    price_out: str


def way_to_buy(offering: Offering) -> WayToBuy:
    """No query: parties and prices are loaded."""
    return WayToBuy(
        offering,
        vendor_cell(offering.seller),
        vendor_cell(offering.host),
        vendor_cell(offering.model_operator),
        marks.or_unknown(offering.get_deployment_display()),
        marks.or_unknown(offering.get_stage_display()),
        price_cell(current_price(offering, Price.Kind.INPUT)),
        price_cell(current_price(offering, Price.Kind.OUTPUT)),
    )
