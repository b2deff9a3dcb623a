"""Which attribute of which record each sheet field becomes, and which are only kept. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from riskassess.sheets.columns import Field
from riskassess.sheets.vocabulary import CATALOG_FIELDS


@dataclass(frozen=True, slots=True)
class Target:
    """Where a field's value goes. `longest` is how much text the record can hold."""

    record: str  # "vendor", "model", "offering", "availability" or "price"
    attribute: str
    longest: int = 0


# A column of `owner/name` pairs states who made a model. One that only names a base model does not.
BASE_MODEL_OWNER = Field("base_model_owner", "Base model as owner/name (the owner is the developer)")

IMPORT_FIELDS: tuple[Field, ...] = (*CATALOG_FIELDS, BASE_MODEL_OWNER)
FIELDS: dict[str, Field] = {field.name: field for field in IMPORT_FIELDS}

TARGETS: dict[str, Target] = {
    "vendor": Target("vendor", "seller", 200),
    "developer": Target("vendor", "developer", 200),
    "base_model_owner": Target("vendor", "developer", 200),
    "host": Target("vendor", "host", 200),
    "model_name": Target("offering", "name", 200),
    "model_id": Target("offering", "listed_id", 200),
    "version": Target("model", "version", 60),
    "channel": Target("offering", "channel", 120),
    "family": Target("model", "family", 100),
    "modality": Target("model", "modality", 200),
    "context_window": Target("model", "context_tokens"),
    "max_output": Target("model", "max_output_tokens"),
    "context_and_output": Target("model", "context_tokens"),
    "knowledge_cutoff": Target("model", "knowledge_cutoff"),
    "release_date": Target("model", "released"),
    "licence": Target("model", "licence", 200),
    "open_weights": Target("model", "open_weights"),
    "status": Target("offering", "stage"),
    "retirement_date": Target("offering", "retires_on"),
    "deprecation_date": Target("offering", "retires_on"),
    "source_url": Target("offering", "docs_url", 500),
    "regions": Target("availability", "offered"),
    "input_price": Target("price", "input"),
    "output_price": Target("price", "output"),
    "cache_read_price": Target("price", "cache_read"),
    "cache_write_price": Target("price", "cache_write"),
    "reasoning_price": Target("price", "reasoning"),
    "batch_input_price": Target("price", "input:batch"),
    "batch_output_price": Target("price", "output:batch"),
    "flex_input_price": Target("price", "input:flex"),
    "flex_output_price": Target("price", "output:flex"),
    "priority_input_price": Target("price", "input:priority"),
    "priority_output_price": Target("price", "output:priority"),
    "long_input_price": Target("price", "input:long context"),
    "long_output_price": Target("price", "output:long context"),
    "longer_input_price": Target("price", "input:longer context"),
    "longer_output_price": Target("price", "output:longer context"),
    "long_cache_read_price": Target("price", "cache_read:long context"),
    "hour_cache_write_price": Target("price", "cache_write:kept for 1 hour"),
    "image_input_price": Target("price", "image_input"),
    "image_token_input_price": Target("price", "image_tok_in"),
    "image_token_output_price": Target("price", "image_tok_out"),
    "time_input_price": Target("price", "time_input"),
    "time_output_price": Target("price", "time_output"),
    "character_price": Target("price", "characters"),
    "page_price": Target("price", "pages"),
    "request_price": Target("price", "requests"),
    "seat_price": Target("price", "seats"),
    "flat_price": Target("price", "flat"),
    "input_output_price": Target("price", "input"),
    "price_condition": Target("price", "condition"),
    "price_kind": Target("price", "kind"),
    "meter": Target("price", "meter"),
    "price_region": Target("availability", "offered"),
    "audio_input_price": Target("price", "audio_input"),
    "audio_output_price": Target("price", "audio_output"),
    "image_price": Target("price", "image_output"),
    "currency": Target("price", "currency", 3),
    "price_unit": Target("price", "unit", 40),
}

# A field whose cells hold two values: the attribute of the second.
SECOND: dict[str, str] = {"context_and_output": "max_output_tokens", "input_output_price": "price_output"}

# Of two fields for one attribute, the first that is mapped states it.
PREFERRED: tuple[tuple[str, str], ...] = (
    ("retirement_date", "deprecation_date"),
    ("developer", "base_model_owner"),
    ("context_window", "context_and_output"),
    ("input_price", "input_output_price"),
)

REMARKS: dict[str, str] = {
    "meter": "the model, what of it is priced, and its deployment are taken from one text; what cannot be parted waits "
    "for a person",
    "price_region": "each price holds in its row's region only; the region is a mark that the model is offered there",
    "regions": "each region is a mark that the model is offered there; where it is offered is not where it infers, and "
    "inference places are never taken from it",
}
NOT_STORED = "kept with the row, not stored in the catalog"

MODEL_ATTRIBUTES = (
    "family", "modality", "context_tokens", "max_output_tokens", "knowledge_cutoff", "released", "licence",
    "open_weights",
)  # fmt: skip
OFFERING_ATTRIBUTES = ("stage", "retires_on", "docs_url", "host")

LABELS: dict[str, str] = {
    "family": "family", "modality": "modality", "context_tokens": "context",
    "max_output_tokens": "max output",
    "knowledge_cutoff": "knowledge cutoff", "released": "released", "licence": "licence",
    "open_weights": "open weights", "stage": "release stage", "retires_on": "retires on",
    "docs_url": "documentation", "offered": "offered in", "host": "host", "developer": "developer", "model": "model",
    "name": "name",
    "price_input": "input price", "price_output": "output price", "price_cache_read": "cached input price",
    "price_cache_write": "cache write price", "price_reasoning": "reasoning price",
    "price_audio_input": "audio input price", "price_audio_output": "audio output price",
    "price_image_output": "image output price", "price_image_input": "image input price",
    "price_image_tok_in": "image input price by token", "price_image_tok_out": "image output price by token",
    "price_time_input": "input price by time", "price_time_output": "output price by time",
    "price_characters": "price by character", "price_pages": "price by page",
    "price_requests": "price by request", "price_seats": "price by user", "price_flat": "price per unit",
}  # fmt: skip


def label_of(attribute: str) -> str:
    """What a change is about, in words: `input price, batch`."""
    kind, _, condition = attribute.partition(":")
    label = LABELS.get(kind, kind)
    return f"{label}, {condition}" if condition else label


def is_stored(field_name: str) -> bool:
    """Whether a field's values reach a record; the others stay with the row."""
    return field_name in TARGETS


def attribute_of(field_name: str) -> str:
    """The attribute as a source's columns name it, `price_<kind>` for a price; '' when it is not stored."""
    target = TARGETS.get(field_name)
    if target is None:
        return ""
    is_amount = target.record == "price" and field_name.endswith("_price")
    return f"price_{target.attribute}" if is_amount else target.attribute
