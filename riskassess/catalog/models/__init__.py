"""The records of the catalog; one story a file."""

from riskassess.catalog.models.aimodel import AIModel
from riskassess.catalog.models.availability import Availability
from riskassess.catalog.models.offering import Offering, OfferingPlace, Subprocessor
from riskassess.catalog.models.partnership import Partnership
from riskassess.catalog.models.price import Price
from riskassess.catalog.models.region import Region
from riskassess.catalog.models.register import ProductUse, RegisterEntry
from riskassess.catalog.models.source import Source
from riskassess.catalog.models.value import SourcedValue
from riskassess.catalog.models.vendor import Vendor, VendorAlias

__all__ = [
    "AIModel",
    "Availability",
    "Offering",
    "OfferingPlace",
    "Partnership",
    "Price",
    "ProductUse",
    "Region",
    "RegisterEntry",
    "Source",
    "SourcedValue",
    "Subprocessor",
    "Vendor",
    "VendorAlias",
]
