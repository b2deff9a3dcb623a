"""The words people put over the columns of a model catalog, as data. Order in `aliases` is preference."""

from __future__ import annotations

from riskassess.sheets.columns import ColumnKind, Field

_TOKENS, _PRICE, _DATE = ColumnKind.TOKENS, ColumnKind.PRICE, ColumnKind.DATE
_NAME = ColumnKind.NAME
_AUDIO = ("audio token", "token")
_PICTURES = ("image", "megapixel", "pixel")
_TIMES = ("minute", "second", "hour")

_INPUT = (
    "input",
    "input cost",
    "prompt price",
    "prompt",
    "input tokens price",
    "price in",
    "text input",
    "base input",
    "input base",
    "input standard",
    "standard input",
    "uncached input",
    "input uncached",
    "input cache miss",
    "input text",
    "cost prompt",
    "input context",
    "input default",
    "prompt tokens",
    "inputs",
    "input usd",
    "cost input",
    "input token",
    "cost in",
    "non cached input",
)
_OUTPUT = (
    "output",
    "output cost",
    "completion price",
    "completion",
    "output tokens price",
    "price out",
    "text output",
    "base output",
    "output base",
    "output standard",
    "standard output",
    "output text",
    "cost completion",
    "output default",
    "completion tokens",
    "outputs",
    "generation",
    "output including thinking tokens",
    "output including reasoning",
    "cost output",
    "output token",
    "cost out",
    "generated",
)
_CACHE_READ = (
    "cache read",
    "cached input",
    "cached input price",
    "cache hit",
    "cached",
    "cache read input",
    "cached prompt",
    "input cache read",
    "cache hits refreshes",
    "input cached",
    "input cache hit",
    "cache hit input",
    "context caching",
    "prompt caching read",
    "prompt cache read",
    "cache input",
    "cached input tokens",
    "cache reads",
    "caching",
    "cached context",
    "cache",
)
_CACHE_WRITE = (
    "cache write",
    "cache creation",
    "cache creation input",
    "input cache write",
    "cache storage write",
    "cache writes",
    "5m cache writes",
    "5 minute cache write",
    "cache write 5m",
    "prompt caching write",
    "prompt cache write",
    "write cache",
    "cache write input",
    "cached write",
)

CATALOG_FIELDS: tuple[Field, ...] = (
    Field("vendor", "Vendor", ColumnKind.VENDOR, (
        "vendor name", "provider", "provider name", "seller", "supplier", "sold by", "platform", "cloud",
        "publisher", "company", "provider id",
        "supplier name", "vendor supplier", "ai provider", "api provider", "inference provider",
        "provider slug", "vendor id", "offered by", "service provider", "cloud provider", "hosting platform",
        "company name", "publisher name", "reseller", "marketplace", "brand", "manufacturer name",
        "source provider", "anbieter", "lieferant", "hersteller",
        "fournisseur", "proveedor", "fornitore"), required=True),
    Field("model_name", "Model", _NAME, (
        "model name", "name", "display name", "product", "product name", "model title", "service", "ai model",
        "model system", "product title", "item", "item name", "llm", "model variant", "offering", "article",
        "service name", "foundation model", "model family version", "model name version", "modell", "modellname",
        "modèle", "modelo", "modello", "produkt", "produit", "model and version", "label",
        "model label"), required=True),
    Field("model_id", "Model ID", ColumnKind.ID, (
        "model key", "api name", "api id", "model code", "model string", "model slug", "identifier",
        "deployment name", "api model name", "api model string", "api model id", "model identifier",
        "model api name", "api identifier", "api string", "provider model id", "id", "slug", "sku", "deployment id",
        "endpoint model id", "canonical slug", "full name", "fullname", "model path", "repo id",
        "hugging face id", "product code", "part number", "item number", "material number", "model ref",
        "inference id", "sku id", "model code name", "product id", "article number", "model arn",
        "hugging face model")),
    Field("version", "Version", ColumnKind.VERSION, ("model version", "release", "revision", "snapshot",
        "model versions", "version id", "release version", "version number", "build", "model build",
        "latest version")),
    Field("developer", "Developer", ColumnKind.VENDOR, (
        "model developer", "developed by", "creator", "author", "made by", "lab", "organization",
        "organisation", "owner", "model provider", "manufacturer",
        "model creator", "creator name", "developer name", "model owner", "model publisher", "model vendor",
        "organization name", "org", "model developer name", "model maker", "maker", "original developer",
        "built by", "trained by", "company of origin")),
    Field("family", "Family", _NAME, ("model family", "series", "model series", "model line",
        "model group", "base family", "product family", "family name")),
    Field("base_model", "Base model", ColumnKind.ID, ("alias of", "underlying model", "derived from", "parent",
        "finetuned from", "fine tuned from", "base model id")),
    Field("modality", "Modality", ColumnKind.TASK, (
        "mode", "type", "model type", "task", "category", "capability", "use case type",
        "model category", "model task", "pipeline tag", "capability type", "primary modality", "workload",
        "model kind")),
    Field("input_modalities", "Input modalities", ColumnKind.LIST, (
        "supported modalities", "supported input modalities", "input types", "inputs", "modalities",
        "input modality", "input format", "accepted inputs", "input type", "modality input",
        "supported inputs", "inputs supported")),
    Field("output_modalities", "Output modalities", ColumnKind.LIST, (
        "supported output modalities", "output types", "outputs",
        "output modality", "output format", "output type", "modality output", "supported outputs",
        "outputs supported")),
    Field("context_window", "Context window", _TOKENS, (
        "context limit", "context length", "context size", "context", "context tokens", "max context",
        "max context tokens", "max input tokens", "input token limit", "token limit", "max tokens",
        "context window tokens", "max context length", "context len", "ctx", "ctx window", "n ctx",
        "input context", "max sequence length", "sequence length", "max request tokens", "max request",
        "input tokens", "maximum context", "maximum context length", "maximum input tokens", "input window",
        "window", "context window size", "max tokens in", "total context", "context window length",
        "token context", "context token limit", "maximum context window", "max position embeddings", "input")),
    Field("max_input", "Input limit", _TOKENS, ("max input", "maximum input", "input limit tokens")),
    Field("max_output", "Max output", _TOKENS, (
        "max output tokens", "output limit", "maximum output", "output token limit", "max completion tokens",
        "max output length", "output tokens",
        "max tokens out", "maximum output tokens", "output limit tokens", "max output size",
        "max response tokens", "completion limit", "max generated tokens", "output max", "max new tokens",
        "output length", "max out", "output", "out", "completion", "completion tokens")),
    Field("context_and_output", "Context and output", ColumnKind.TOKEN_PAIR, (
        "context window max output", "context output", "context window output", "max input output",
        "context length max output tokens", "input output tokens", "context and max output")),
    Field("input_price", "Input price", _PRICE, _INPUT),
    Field("output_price", "Output price", _PRICE, _OUTPUT),
    Field("cache_read_price", "Cache read price", _PRICE, _CACHE_READ),
    Field("cache_write_price", "Cache write price", _PRICE, _CACHE_WRITE),
    Field("reasoning_price", "Reasoning price", _PRICE, (
        "reasoning", "reasoning output", "thinking output", "internal reasoning", "output reasoning",
        "thinking")),
    Field("batch_input_price", "Batch input price", _PRICE, _INPUT, condition="batch"),
    Field("batch_output_price", "Batch output price", _PRICE, _OUTPUT, condition="batch"),
    Field("flex_input_price", "Flex input price", _PRICE, _INPUT, condition="flex"),
    Field("flex_output_price", "Flex output price", _PRICE, _OUTPUT, condition="flex"),
    Field("priority_input_price", "Priority input price", _PRICE, _INPUT, condition="priority"),
    Field("priority_output_price", "Priority output price", _PRICE, _OUTPUT, condition="priority"),
    Field("long_input_price", "Input price, long context", _PRICE, _INPUT, condition="long context"),
    Field("long_output_price", "Output price, long context", _PRICE, _OUTPUT, condition="long context"),
    Field("longer_input_price", "Input price, longer context", _PRICE, _INPUT, condition="long context"),
    Field("longer_output_price", "Output price, longer context", _PRICE, _OUTPUT, condition="long context"),
    Field("long_cache_read_price", "Cache read price, long context", _PRICE, _CACHE_READ,
          condition="long context"),
    Field("hour_cache_write_price", "Cache write price, kept for 1 hour", _PRICE, _CACHE_WRITE,
          condition="kept for 1 hour"),
    Field("audio_input_price", "Audio input price", _PRICE, (
        "audio in", "audio input", "input audio", "input cost audio"), nouns=_AUDIO),
    Field("audio_output_price", "Audio output price", _PRICE, (
        "audio out", "audio output", "output audio", "output cost audio"), nouns=_AUDIO),
    Field("image_input_price", "Image input price", _PRICE, (
        "input image", "image input", "image in", "vision"), nouns=_PICTURES),
    Field("image_price", "Image price", _PRICE, (
        "output image", "image", "image output", "image generation", "image out", "generated image"),
        nouns=_PICTURES),
    Field("image_token_input_price", "Image input price, by token", _PRICE, (
        "input image", "image input", "image in"), nouns=("image token",)),
    Field("image_token_output_price", "Image output price, by token", _PRICE, (
        "output image", "image output", "image out", "image"), nouns=("image token",)),
    Field("time_input_price", "Input price, by time", _PRICE, (
        "input second", "input minute", "input hour", "audio second", "audio minute", "audio hour", "audio",
        "transcription minute", "speech minute"), nouns=_TIMES),
    Field("time_output_price", "Output price, by time", _PRICE, (
        "output second", "output minute", "output hour", "video second", "output video second",
        "generated second", "video minute"), nouns=_TIMES),
    Field("character_price", "Price by character", _PRICE, (
        "input character", "character", "characters", "input text character", "speech character"),
        nouns=("character",)),
    Field("page_price", "Price by page", _PRICE, (
        "page",
        "ocr page", "document page", "input page", "annotation page"), nouns=("page",)),
    Field("request_price", "Price by request", _PRICE, (
        "request", "pricing request", "call", "query", "input request", "search", "run", "generation"),
        nouns=("request", "run", "generation", "search")),
    Field("seat_price", "Price by user", _PRICE, (
        "user month", "user", "seat", "licence", "license", "seat month", "user year", "subscription",
        "per user"), nouns=("user-month", "user-year", "user", "month", "year")),
    Field("flat_price", "Price per unit", _PRICE, (
        "price", "unit price", "list price", "cost", "rate", "price per unit", "retail price", "amount",
        "unit cost", "net price", "contract price", "price usd", "cost per unit", "fee",
        "second", "minute", "hour", "day", "step", "unit", "pricing", "api pricing"), states_unit=True),
    Field("input_output_price", "Input and output price", ColumnKind.PRICE_PAIR, (
        "input output", "input and output", "prompt completion", "in out", "input output tokens")),
    Field("price_condition", "Price condition", aliases=(
        "threshold", "price tier", "pricing tier", "context tier", "service tier", "condition", "tier",
        "context threshold", "prompt length", "price threshold", "token tier", "context band", "pricing mode",
        "processing tier", "rate type", "context range")),
    Field("price_kind", "What the price is for", aliases=(
        "price kind", "price type", "token type", "token direction", "direction", "price component",
        "pricing component", "charge type", "billing dimension", "pricing dimension", "rate name")),
    Field("meter", "Meter: model and what of it is priced", ColumnKind.METER, (
        "meter", "meter name", "usage type", "usagetype", "metered item", "billing item", "billing meter")),
    Field("product_group", "Product that meters belong to"),
    Field("price_region", "Region that the price holds in", ColumnKind.REGIONS),
    Field("currency", "Currency", ColumnKind.CURRENCY, ("price currency", "billing currency",
        "curr", "ccy", "iso currency", "currency code")),
    Field("price_unit", "Price unit", ColumnKind.UNIT, ("unit", "billing unit", "unit of measure", "pricing unit",
        "uom", "billing metric", "charged per", "per", "pricing metric",
        "charge unit", "unit type")),
    Field("knowledge_cutoff", "Knowledge cutoff", _DATE, (
        "knowledge cut off", "knowledge cutoff date", "training cutoff", "training data cutoff", "cutoff",
        "cut off date", "training data",
        "data cutoff", "training date cutoff", "training data up to", "reliable knowledge cutoff", "knowledge",
        "data cut off", "training cut off", "knowledge date", "training data through", "training up to")),
    Field("release_date", "Release date", _DATE, (
        "released", "launch date", "ga date", "available since", "availability date", "published",
        "date released", "created",
        "launched", "launch", "date added", "introduced", "ga release date", "public release date",
        "published date", "created at", "announced", "date of release",
        "model launch date", "first released", "announcement date", "released on")),
    Field("deprecation_date", "Deprecation date", _DATE, (
        "deprecated on", "deprecation", "sunset date", "legacy date",
        "deprecation announced", "legacy start date", "deprecated since", "deprecated", "deprecation start",
        "date deprecated", "end of sale")),
    Field("retirement_date", "Retirement date", _DATE, (
        "retirement", "retired on", "end of life", "end of life date", "eol", "eol date", "shutdown date",
        "retires", "retires on", "end of support",
        "shutdown", "discontinuation date", "discontinuation", "discontinued", "sunset",
        "tentative retirement date", "removal date", "turn off date", "expiration date", "expiry date",
        "retire date", "model retirement date", "scheduled retirement",
        "scheduled retirement date", "end of service", "decommission date", "retirement day", "date retired",
        "planned retirement", "target retirement date")),
    Field("last_updated", "Last updated", _DATE, ("updated", "last modified", "as of", "price date",
        "last verified", "verified on", "price as of", "updated at", "last update", "date updated",
        "last checked", "date checked", "collected at", "collected on", "access date", "effective date", "valid from")),
    Field("status", "Release status", ColumnKind.STATUS, (
        "status", "release stage", "stage", "lifecycle", "lifecycle status", "lifecycle stage",
        "availability", "model status",
        "current state", "launch stage", "model lifecycle", "maturity", "lifecycle phase",
        "support status", "model state", "phase", "release state", "current status", "model stage",
        "availability status", "ga status",
        "deprecated?", "is deprecated", "retired?", "is retired", "discontinued?", "preview?", "is preview", "beta?",
        "is beta", "active?", "is active", "generally available?")),
    Field("successor", "Replacement model", _NAME, (
        "successor model", "successor", "replacement", "replaced by", "suggested replacement",
        "recommended replacement", "recommended upgrade", "replacement models", "migrate to", "upgrade to",
        "recommended model", "suggested replacement model", "replacement model id", "alternative",
        "recommended alternative", "replaced with", "substitute", "successor models", "upgrade path",
        "migration target", "recommended model version replacement", "recommended model version")),
    Field("channel", "Channel", _NAME, (
        "deployment type", "deployment", "offer type", "plan", "purchase channel", "sku name",
        "purchasing channel", "service plan", "procurement channel", "licensing plan", "deployment types",
        "throughput type", "inference type")),
    Field("host", "Host", ColumnKind.VENDOR, ("hosted by", "hosted on", "hosting", "hosting provider",
        "infrastructure",
        "hosting location", "hosted at", "runs on", "cloud host", "infrastructure provider")),
    Field("regions", "Regions", ColumnKind.REGIONS, (
        "region", "supported regions", "available regions", "region availability", "locations",
        "data residency",
        "regions supported", "available in", "region code", "data zone",
        "geographies", "availability regions", "hosting region", "deployment regions", "aws regions",
        "azure regions", "gcp regions", "region supported", "model regions",
        "region availability list")),
    Field("licence", "Licence", aliases=("license", "licence type", "license type", "model license",
        "hub license", "licensing", "license name", "licence terms", "license terms", "model licence")),
    Field("open_weights", "Open weights", ColumnKind.BOOL, (
        "open weight", "weights open", "open source", "is open", "open model", "weights available",
        "weights", "open weights available", "downloadable weights", "open", "is open source", "open weight model")),
    Field("reasoning", "Reasoning", ColumnKind.BOOL, ("supports reasoning", "reasoning model", "thinking",
        "extended thinking", "supports thinking", "is reasoning", "reasoning support")),
    Field("tool_use", "Tool use", ColumnKind.BOOL, (
        "tool call", "tool calling", "tools", "function calling", "supports function calling",
        "supports tools",
        "supports tool use", "supports function call", "function call", "supports tool choice",
        "tools supported")),
    Field("source_url", "Source", ColumnKind.URL, (
        "source url", "docs", "documentation", "doc url", "documentation url", "docs url", "url", "link",
        "reference", "model card",
        "web page", "product page", "more information", "details url", "pricing page",
        "pricing url", "source link", "model page", "source page")),
    Field("notes", "Notes", aliases=("note", "comment", "comments", "remarks", "description",
        "additional information", "details", "additional notes", "further information")),
)  # fmt: skip

FIELDS_BY_NAME: dict[str, Field] = {field.name: field for field in CATALOG_FIELDS}
