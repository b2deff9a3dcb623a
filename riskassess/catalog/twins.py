"""Whether a record would become another one that exists: told with that one, so that a page can lead there."""

from __future__ import annotations

from typing import Any

from django.db import models

from riskassess.catalog.models import (
    AIModel,
    Offering,
    OfferingPlace,
    Partnership,
    Price,
    Region,
    Source,
    Vendor,
)
from riskassess.kernel.errors import InvalidInput

# The columns that tell records of a kind apart, and the one at which a twin is told.
_APART: dict[type[models.Model], tuple[tuple[str, ...], str]] = {
    AIModel: (("identity",), "name"),
    Offering: (("identity",), "name"),
    Region: (("provider", "code"), "code"),
    Partnership: (("host", "developer"), "developer"),
    Price: (("offering", "kind", "condition", "as_of", "source"), "kind"),
    OfferingPlace: (("offering", "role", "region", "country"), "role"),
}


class ExistsAlready(InvalidInput):
    """Another record is what this one would become. `other` is that one."""

    def __init__(self, other: Any, *, where: str) -> None:
        super().__init__(
            f"There is {_called(other)} already.",
            hint="Correct that one instead, or write what tells them apart.",
            where=where,
        )
        self.other = other


def refuse_a_twin(record: models.Model) -> None:
    """Raises ExistsAlready where the record as it is now would be another one. One query."""
    found, where = _twin(record)
    if found is not None:
        raise ExistsAlready(found, where=where)


def _twin(record: models.Model) -> tuple[Any, str]:
    if isinstance(record, Vendor):
        named = Vendor.objects.named(record.name)
        return (named if named is not None and named.pk != record.pk else None), "name"
    if isinstance(record, Source):
        return _source_like(record), "title"
    columns, where = _APART.get(type(record), ((), ""))
    if not columns:
        return None, where
    same = {name: getattr(record, name) for name in columns}
    return type(record)._default_manager.filter(**same).exclude(pk=record.pk).first(), where


def _source_like(record: Source) -> Source | None:
    """Sheets are told apart by their file."""
    if record.file_sha256:
        return None
    same = {"title": record.title, "publisher": record.publisher, "published_on": record.published_on}
    return Source.objects.filter(**same, file_sha256="").exclude(pk=record.pk).first()


def _called(other: Any) -> str:
    if isinstance(other, AIModel):
        return " ".join(
            filter(
                None, (str(other), other.version or "", f"of {other.developer}" if other.developer else "")
            )
        )
    if isinstance(other, Offering):
        return f"{other}, sold by {other.seller}" if other.seller else str(other)
    return str(other)
