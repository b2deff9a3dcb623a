"""The words people put over the columns of a model catalog, as data. Order in `aliases` is preference."""

from __future__ import annotations

from riskassess.sheets.columns import ColumnKind, Field

_TOKENS, _PRICE, _DATE = ColumnKind.TOKENS, ColumnKind.PRICE, ColumnKind.DATE
_NAME = ColumnKind.NAME

CATALOG_FIELDS: tuple[Field, ...] = (
    Field("vendor", "Vendor", _NAME, (
        "vendor name", "provider", "provider name", "seller", "supplier", "sold by", "platform", "cloud",
        "publisher", "company", "provider id"), required=True),
    Field("model_name", "Model", _NAME, (
        "model name", "name", "display name", "product", "product name", "model title", "service"),
        required=True),
    Field("model_id", "Model ID", ColumnKind.ID, (
        "model key", "api name", "api id", "model code", "model string", "model slug", "slug", "identifier",
        "deployment name", "id", "sku")),
    Field("version", "Version", ColumnKind.VERSION, ("model version", "release", "revision", "snapshot")),
    Field("developer", "Developer", _NAME, (
        "model developer", "developed by", "creator", "author", "made by", "lab", "organization",
        "organisation", "owner", "model provider", "manufacturer")),
    Field("family", "Family", _NAME, ("model family", "series", "model series", "model line")),
    Field("base_model", "Base model", ColumnKind.ID, ("alias of", "underlying model", "derived from", "parent")),
    Field("modality", "Modality", aliases=(
        "mode", "type", "model type", "task", "category", "capability", "use case type")),
    Field("input_modalities", "Input modalities", ColumnKind.LIST, (
        "supported modalities", "supported input modalities", "input types", "inputs", "modalities")),
    Field("output_modalities", "Output modalities", ColumnKind.LIST, (
        "supported output modalities", "output types", "outputs")),
    Field("context_window", "Context window", _TOKENS, (
        "context limit", "context length", "context size", "context", "context tokens", "max context",
        "max context tokens", "max input tokens", "input token limit", "token limit", "max tokens")),
    Field("max_input", "Input limit", _TOKENS, ("max input", "maximum input", "input limit tokens")),
    Field("max_output", "Max output", _TOKENS, (
        "max output tokens", "output limit", "maximum output", "output token limit", "max completion tokens",
        "max output length", "output tokens")),
    Field("context_and_output", "Context and output", ColumnKind.TOKEN_PAIR, (
        "context window max output", "context output", "context window output", "max input output",
        "context length max output tokens", "input output tokens", "context and max output")),
    Field("input_price", "Input price", _PRICE, (
        "input", "input cost", "prompt price", "prompt", "input tokens price", "price in", "text input")),
    Field("output_price", "Output price", _PRICE, (
        "output", "output cost", "completion price", "completion", "output tokens price", "price out",
        "text output")),
    Field("cache_read_price", "Cache read price", _PRICE, (
        "cache read", "cached input", "cached input price", "cache hit", "cached", "cache read input",
        "cached prompt", "input cache read")),
    Field("cache_write_price", "Cache write price", _PRICE, (
        "cache write", "cache creation", "cache creation input", "input cache write", "cache storage write")),
    Field("reasoning_price", "Reasoning price", _PRICE, ("reasoning", "reasoning output", "thinking output")),
    Field("batch_input_price", "Batch input price", _PRICE, ("batch input", "input batch")),
    Field("batch_output_price", "Batch output price", _PRICE, ("batch output", "output batch")),
    Field("audio_input_price", "Audio input price", _PRICE, ("audio in", "audio input", "input audio")),
    Field("audio_output_price", "Audio output price", _PRICE, (
        "audio out", "audio output", "output audio")),
    Field("image_price", "Image price", _PRICE, (
        "output image", "image", "image output", "image generation")),
    Field("currency", "Currency", aliases=("price currency", "billing currency")),
    Field("price_unit", "Price unit", aliases=("unit", "billing unit", "unit of measure", "pricing unit")),
    Field("knowledge_cutoff", "Knowledge cutoff", _DATE, (
        "knowledge cut off", "knowledge cutoff date", "training cutoff", "training data cutoff", "cutoff",
        "cut off date", "training data")),
    Field("release_date", "Release date", _DATE, (
        "released", "launch date", "ga date", "available since", "availability date", "published",
        "date released", "created")),
    Field("deprecation_date", "Deprecation date", _DATE, (
        "deprecated on", "deprecation", "sunset date", "legacy date")),
    Field("retirement_date", "Retirement date", _DATE, (
        "retirement", "retired on", "end of life", "end of life date", "eol", "eol date", "shutdown date",
        "retires", "end of support")),
    Field("last_updated", "Last updated", _DATE, ("updated", "last modified", "as of", "price date")),
    Field("status", "Release status", ColumnKind.STATUS, (
        "status", "release stage", "stage", "lifecycle", "lifecycle status", "lifecycle stage",
        "availability", "model status")),
    Field("successor", "Replacement model", _NAME, (
        "successor model", "successor", "replacement", "replaced by", "suggested replacement")),
    Field("channel", "Channel", _NAME, (
        "deployment type", "deployment", "offer type", "plan", "purchase channel", "sku name", "tier")),
    Field("host", "Host", _NAME, ("hosted by", "hosted on", "hosting", "hosting provider",
        "infrastructure")),
    Field("regions", "Regions", ColumnKind.LIST, (
        "region", "supported regions", "available regions", "region availability", "locations",
        "data residency")),
    Field("licence", "Licence", aliases=("license", "licence type", "license type", "model license")),
    Field("open_weights", "Open weights", ColumnKind.BOOL, (
        "open weight", "weights open", "open source", "is open", "open model", "weights available")),
    Field("reasoning", "Reasoning", ColumnKind.BOOL, ("supports reasoning", "reasoning model", "thinking")),
    Field("tool_use", "Tool use", ColumnKind.BOOL, (
        "tool call", "tool calling", "tools", "function calling", "supports function calling",
        "supports tools")),
    Field("source_url", "Source", ColumnKind.URL, (
        "source url", "docs", "documentation", "doc url", "documentation url", "docs url", "url", "link",
        "reference", "model card")),
    Field("notes", "Notes", aliases=("note", "comment", "comments", "remarks", "description")),
)  # fmt: skip

FIELDS_BY_NAME: dict[str, Field] = {field.name: field for field in CATALOG_FIELDS}
