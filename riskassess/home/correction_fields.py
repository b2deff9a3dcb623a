"""The field of a form for each column of the catalog that is corrected by hand, and what it shows at first."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db import models

from riskassess.catalog.filters import COUNTRIES
from riskassess.catalog.models import AIModel, Offering, Price, Region, Source, Subprocessor, Vendor
from riskassess.catalog.models.price import plain

UNKNOWN = ("", "Unknown")
LABELS = {
    "hq_country": "Headquarters",
    "lei": "LEI",
    "parent": "Belongs to the group of",
    "contracting_entity": "Contracting entity",
    "infra_operator": "Infrastructure operator",
    "model_operator": "Model operator",
    "docs_url": "Vendor's documentation",
    "label": "Goes by, while its name is unknown",
    "display_name": "Name",
    "url": "Address",
    "published_on": "Published on",
    "checked_on": "Checked on",
    "equity_pct": "Share it holds, in percent",
    "exclusivity": "Exclusive",
    "board_right": "Right to a seat on the board",
    "compute_dependency": "Depends on its computing",
    "cma_status": "Review by the CMA",
    "changed_since_decision": "Changed since that decision",
    "as_of": "Price of",
    "not_applicable": "Does not apply: nothing is charged by it",
}
SPECIAL: dict[tuple[type[models.Model], str], tuple[str, str]] = {
    (Offering, "name"): ("Name", "As the seller lists it. Lists that write the name it had still find it."),
    (Offering, "seller"): ("Seller", "A vendor on record; empty: unknown. Lists of the seller it had find it no more."),
    (Offering, "channel"): ("Channel", "Through which it is sold; empty: directly."),
    (AIModel, "name"): ("Name", "Empty: unknown."),
    (AIModel, "version"): ("Version", "Empty: unknown."),
    (Region, "code"): ("Code", "As its provider's documents write it."),
    (Source, "published_on"): ("Published on", "What it states on this day is stated on the new one."),
    (Source, "kind"): ("What it is", "How far it is trusted follows from this, and whether it is a vendor's own word."),
    (Source, "publisher"): ("Published by", ""),
    (Price, "condition"): ("Condition", "What must hold for it, such as “batch”; empty for the usual price."),
    (Price, "amount"): ("Amount", "0 is free."),
    (Price, "unit"): ("For", "Such as “1M tokens”."),
    (Price, "currency"): ("Currency", "Three letters, such as EUR."),
    (Subprocessor, "role"): ("Does", ""),
    (Subprocessor, "vendor"): ("Company", "The name of a vendor on record; empty: unnamed."),
}  # fmt: skip


class VendorByName(forms.CharField):
    """A vendor on record, by name or alias; empty is unknown."""

    def clean(self, value: Any) -> Vendor | None:
        name: str = super().clean(value)
        if not name:
            return None
        found = Vendor.objects.named(name)
        if found is None:
            raise forms.ValidationError("No vendor on record is called so.")
        return found


class RegionByCode(forms.CharField):
    """A region on record, by its code, and by its provider where several have that code; empty is none."""

    def clean(self, value: Any) -> Region | None:
        said: str = super().clean(value)
        if not said:
            return None
        code = said.split()[-1]
        found = [
            one
            for one in Region.objects.filter(code__iexact=code).select_related("provider")
            if said.lower() in {one.code.lower(), str(one).lower()}
        ]
        if not found:
            raise forms.ValidationError("No region on record has this code.")
        if len(found) > 1:
            providers = ", ".join(f"“{one}”" for one in found)
            raise forms.ValidationError(f"Several providers have it: write {providers}.")
        return found[0]


def initial_of(record: models.Model, name: str) -> Any:
    """What the field shows at first."""
    value = getattr(record, name) if record.pk or not _is_relation(record, name) else _given(record, name)
    if isinstance(value, Vendor | Region):
        return str(value)
    if isinstance(value, Decimal):
        return plain(value) if isinstance(record, Price) else f"{value.normalize():f}"
    if isinstance(value, bool) and record._meta.get_field(name).null:
        return str(value)
    return value


def _is_relation(record: models.Model, name: str) -> bool:
    return bool(record._meta.get_field(name).is_relation)


def _given(record: models.Model, name: str) -> Any:
    """A record pointed to by one that is not kept yet."""
    column: Any = record._meta.get_field(name)
    return getattr(record, name) if getattr(record, column.attname) is not None else None


def field_of(record: models.Model, name: str) -> forms.Field:
    """The field in which the column is corrected."""
    column: Any = record._meta.get_field(name)
    label, text = SPECIAL.get(
        (type(record), name), (LABELS.get(name, name.replace("_", " ").capitalize()), "")
    )
    told: dict[str, Any] = {"label": label, "help_text": text}
    if column.is_relation:
        return _relation(column, told)
    if column.choices or name == "country":
        return _choice(column, told, COUNTRIES if name == "country" else column.choices)
    if isinstance(column, models.BooleanField):
        return _yes_or_no(told) if column.null else forms.BooleanField(required=False, **told)
    if isinstance(column, models.DateField):
        widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(required=not column.null, widget=widget, **told)
    if isinstance(column, models.DecimalField):
        return forms.DecimalField(
            required=False,
            max_digits=column.max_digits,
            decimal_places=column.decimal_places,
            min_value=0,
            **told,
        )
    if isinstance(column, models.URLField):
        return forms.URLField(required=False, assume_scheme="https", **told)
    return _text(column, told)


def _relation(column: Any, told: dict[str, Any]) -> forms.Field:
    if column.related_model is Region:
        told["help_text"] = "Its code, such as “westeurope”. Its country is the place's."
        return RegionByCode(required=False, max_length=200, **told)
    told["help_text"] = told["help_text"] or (
        "The name of a vendor on record; empty: unknown."
        if column.null
        else "The name of a vendor on record."
    )
    return VendorByName(required=not column.null, max_length=200, **told)


def _choice(column: Any, told: dict[str, Any], choices: Any) -> forms.Field:
    if not column.null:
        return forms.ChoiceField(choices=choices, **told)
    return forms.TypedChoiceField(choices=[UNKNOWN, *choices], required=False, empty_value=None, **told)


def _yes_or_no(told: dict[str, Any]) -> forms.Field:
    return forms.TypedChoiceField(
        choices=[UNKNOWN, ("True", "Yes"), ("False", "No")], coerce=lambda word: word == "True", required=False,
        empty_value=None, **told,
    )  # fmt: skip


def _text(column: Any, told: dict[str, Any]) -> forms.Field:
    widget = forms.Textarea(attrs={"rows": 3}) if isinstance(column, models.TextField) else forms.TextInput()
    return forms.CharField(
        required=not (column.blank or column.null), max_length=column.max_length or 2000, widget=widget,
        empty_value=None if column.null else "", **told,
    )  # fmt: skip
