"""Who a provider's id or an `owner/name` seems to stand for: suggested to a person, never taken as a fact."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# Name -> how lists spell it, without blanks and punctuation. Companies that make models, sell them, or both.
_SPELT: dict[str, str] = {
    "OpenAI": "openai openaiinc textcompletionopenai",
    "Anthropic": "anthropic anthropicpbc claude",
    "Google": "google googleai googleaistudio gemini deepmind googledeepmind googlecloud gcp",
    "Microsoft": "microsoft microsoftai msft mai",
    "Amazon": "amazon aws amazonwebservices amazonnova",
    "Meta": "meta metaai metallama llama metaplatforms facebook",
    "Mistral AI": "mistral mistralai codestral textcompletioncodestral",
    "Cohere": "cohere coherechat cohereai coherelabs cohereforai",
    "AI21 Labs": "ai21 ai21labs ai21chat",
    "xAI": "xai xaiorg spacexai",
    "DeepSeek": "deepseek deepseekai",
    "Alibaba": "alibaba alibabacloud qwen dashscope aliyun alibabacn",
    "Moonshot AI": "moonshot moonshotai kimi moonshotaicn",
    "Zhipu AI": "zhipu zhipuai zai zaiorg thudm glm bigmodel",
    "MiniMax": "minimax minimaxai minimaxcn",
    "NVIDIA": "nvidia nvidianim",
    "IBM": "ibm watsonx ibmgranite ibmwatsonx",
    "Stability AI": "stability stabilityai",
    "Black Forest Labs": "blackforestlabs bfl",
    "ByteDance": "bytedance volcengine doubao bytedanceseed",
    "Tencent": "tencent hunyuan tencenthunyuan",
    "Baidu": "baidu ernie",
    "Xiaomi": "xiaomi xiaomimimo",
    "StepFun": "stepfun stepfunai",
    "Perplexity": "perplexity perplexityai",
    "Writer": "writer palmyra writerai",
    "Reka AI": "reka rekaai",
    "Inception": "inception inceptionlabs",
    "Inflection AI": "inflection inflectionai",
    "Liquid AI": "liquid liquidai",
    "Allen Institute for AI": "allenai ai2",
    "Nous Research": "nousresearch",
    "Upstage": "upstage",
    "Naver": "naver hyperclova",
    "Sakana AI": "sakana sakanaai",
    "Aleph Alpha": "alephalpha aleph",
    "Voyage AI": "voyage voyageai",
    "Jina AI": "jina jinaai",
    "ElevenLabs": "elevenlabs",
    "Deepgram": "deepgram",
    "AssemblyAI": "assemblyai",
    "Runway": "runway runwayml",
    "Recraft": "recraft recraftai",
    "Databricks": "databricks",
    "Snowflake": "snowflake snowflakecortex",
    "Oracle": "oracle oci oraclecloud",
    "Together AI": "together togetherai togethercomputer",
    "Fireworks AI": "fireworks fireworksai fireworksaiembeddingmodels",
    "Groq": "groq",
    "Cerebras": "cerebras",
    "SambaNova": "sambanova",
    "Replicate": "replicate",
    "OpenRouter": "openrouter",
    "Deep Infra": "deepinfra",
    "Novita AI": "novita novitaai",
    "Nebius": "nebius nebiustokenfactory",
    "Baseten": "baseten",
    "Hugging Face": "huggingface hf",
    "Cloudflare": "cloudflare cloudflareworkersai cloudflareaigateway",
    "Vercel": "vercel vercelaigateway",
    "GitHub": "github githubcopilot githubmodels",
    "fal": "fal falai",
    "SAP": "sap sapaicore sapgenaihub",
    "Scaleway": "scaleway",
    "OVHcloud": "ovhcloud ovh",
    "DigitalOcean": "digitalocean gradientai",
    "Weights & Biases": "wandb",
}
_BY_SPELLING = {spelling: name for name, spellings in _SPELT.items() for spelling in spellings.split()}

# Platforms on which other companies' models are sold: how lists begin their ids, whose they are, and what they are.
_PLATFORMS = (
    ("vertexai", "Google", "Vertex AI"), ("googlevertex", "Google", "Vertex AI"), ("vertex", "Google", "Vertex AI"),
    ("amazonbedrock", "Amazon", "Bedrock"), ("bedrockconverse", "Amazon", "Bedrock"),
    ("bedrockmantle", "Amazon", "Bedrock"), ("bedrock", "Amazon", "Bedrock"),
    ("awsbedrock", "Amazon", "Bedrock"), ("sagemaker", "Amazon", "SageMaker"),
    ("amazonsagemaker", "Amazon", "SageMaker"),
    ("azureopenai", "Microsoft", "Azure OpenAI"), ("azuretext", "Microsoft", "Azure"),
    ("azurecognitiveservices", "Microsoft", "Azure"), ("azureai", "Microsoft", "Azure AI Foundry"),
    ("azurefoundry", "Microsoft", "Azure AI Foundry"), ("microsoftfoundry", "Microsoft", "Microsoft Foundry"),
    ("foundry", "Microsoft", "Microsoft Foundry"), ("azure", "Microsoft", "Azure"),
)  # fmt: skip
_GEOGRAPHIES = frozenset(
    {"us", "eu", "apac", "ap", "jp", "au", "ca", "global", "usgov", "sa", "me", "in", "uk"}
)
_TAIL = re.compile(
    r"(?:(?:language|chat|embedding|text|image|video|code|vision|audio)?models?|codingplan|tokenplan)+$"
)
_ID = re.compile(r"[a-z0-9@]+(?:[-_./][a-z0-9.]+)+|[a-z0-9]+")
_OWNER = re.compile(r"(?:@?[\w-]+/)*@?(?P<owner>[\w.-]+)/[\w.:@+-]+")
_DOTTED = re.compile(r"(?:(?P<area>[a-z]{2,6})\.)?(?P<owner>[a-z0-9]{2,20})\.(?=[a-z])[\w.:-]+")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Whose model it seems to be (`maker`), who seems to sell it, and on what; '' for what nothing shows."""

    maker: str = ""
    seller: str = ""
    platform: str = ""

    def __str__(self) -> str:
        """`Anthropic, sold by Google (Vertex AI)`."""
        seller = f"{self.seller} ({self.platform})" if self.platform else self.seller
        return f"{self.maker}, sold by {seller}" if self.maker and seller else self.maker or seller


def known_as(text: str) -> str:
    """The usual name of a company that lists spell in this way; '' where we know none."""
    return _BY_SPELLING.get(_bare(text), "")


_LISTS = frozenset({
    "api", "apis", "pricing", "price", "prices", "preise", "preisliste", "tarifs", "tarif", "models", "model",
    "modelle",
    "modèles", "catalog", "catalogue", "list", "deprecations", "deprecation", "retirements", "retirement", "lifecycle",
    "regions", "availability", "rate", "rates", "card", "quote", "offer", "angebot", "services", "products",
})  # fmt: skip
_LONGEST_NAME = 3  # words


def company_of_list(title: str) -> str:
    """The company whose list a title such as `OpenAI API pricing, November 2026` says it is; '' where it names none.

    The title begins with the company, and is that alone or goes on with what the list is of.
    """
    words = re.findall(r"[^\W_]+", title.casefold())
    for count in range(min(_LONGEST_NAME, len(words)), 0, -1):
        name = known_as(" ".join(words[:count]))
        if name and (count == len(words) or words[count] in _LISTS):
            return name
    return ""


@lru_cache(maxsize=5_000)
def suggested_vendor(text: str) -> Suggestion | None:
    """What an id in a vendor's column seems to stand for; None where it says no more than it says."""
    bare = _bare(text)
    for begin, seller, platform in _PLATFORMS:
        if bare.startswith(begin):
            rest = _TAIL.sub("", bare[len(begin) :])
            if not rest or rest in _BY_SPELLING:
                return Suggestion(_BY_SPELLING.get(rest, ""), seller, platform)
    if not _ID.fullmatch(text):
        return None
    name = _BY_SPELLING.get(bare) or _BY_SPELLING.get(_TAIL.sub("", bare), "")
    return Suggestion(name) if name and name.casefold() != text.casefold() else None


@lru_cache(maxsize=20_000)
def suggested_maker(model_id: str) -> str:
    """Who an id such as `anthropic/claude-opus` or `us.anthropic.claude-v2` says has made the model; '' for none."""
    owner = _OWNER.fullmatch(model_id)
    if owner and (name := known_as(owner["owner"])):
        return name
    dotted = _DOTTED.fullmatch(model_id.rpartition("/")[2])
    if dotted and (dotted["area"] or "us") in _GEOGRAPHIES:
        return known_as(dotted["owner"])
    return ""


_PARTED = re.compile(r"\s*[,;|\n]\s*|\s+/\s+")
_ASIDE = re.compile(r"\s*\([^()]*\)")


def companies_in(text: str) -> tuple[str, ...]:
    """The companies that one cell names, where it is more than one of those we know: `Acme Cloud, OpenAI, AWS`.

    Of a name with a comma in it (`Anthropic, PBC`) nothing else is a company.
    """
    parts = tuple(filter(None, (part.strip() for part in _PARTED.split(text))))
    if len(parts) < 2:
        return ()
    known = {str(name) for part in parts if (name := _one_of(_ASIDE.sub("", part)))}
    return parts if len(known) > 1 else ()


def _one_of(part: str) -> str:
    """Whom a part of a list names, as we call it or as the platform it is."""
    suggested = suggested_vendor(part)
    return str(suggested) if suggested else known_as(part)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
