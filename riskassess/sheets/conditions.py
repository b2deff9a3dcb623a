"""What must hold for a price beside the usual one: a longer prompt, a batch, a faster lane."""

from __future__ import annotations

import re

from riskassess.sheets.languages import in_english
from riskassess.sheets.results import tidy

LONGEST = 60  # characters of a condition, as records hold it

# Words for the usual price: paid on demand, for prompts as short as most are.
_USUAL = frozenset({
    "", "default", "standard", "base", "regular", "normal", "on demand", "on-demand", "pay as you go",
    "pay-as-you-go", "payg", "usual", "list", "list price", "text", "online", "real time", "real-time", "realtime",
    "sync", "synchronous", "cache miss", "uncached", "non-cached", "not cached", "short context", "all", "any",
    "global", "global standard", "interactive", "n/a", "na", "not applicable", "none", "-", "–", "—",
    "consumption", "ondemand", "standard tier", "paid", "paid tier", "short", "basic",
})  # fmt: skip
_WORDS = {
    "batches": "batch", "batch api": "batch", "batch mode": "batch", "batched": "batch", "async": "batch",
    "asynchronous": "batch", "offline": "batch", "batch processing": "batch", "batch/flex": "batch",
    "flex processing": "flex", "priority processing": "priority", "priority tier": "priority", "fast": "fast mode",
    "cached": "cache hit", "cached input": "cache hit", "cache read": "cache hit", "cache hits": "cache hit",
    "cached inputs": "cache hit", "context caching": "cache hit", "long": "long context",
    "long prompts": "long context", "long-context": "long context",
    "above 1hr": "kept for 1 hour", "1h": "kept for 1 hour", "1 hour": "kept for 1 hour",
    "1hr": "kept for 1 hour", "1 hr": "kept for 1 hour", "above 1 hour": "kept for 1 hour",
    "free": "free tier",
}  # fmt: skip
_SIZE = r"(?P<size>\d[\d,. ]*?)\s*(?P<scale>k|m|thousand|million)?"
_TOKENS = r"(?:\s*-?(?:input |context |prompt )?(?:tokens?|toks?|context|ctx|length|prompts?)?)?"
_BELOW = re.compile(
    rf"(?:≤|<=|=<|<|up to|under|below|less than|at most|within|until|first|0 ?[-–] ?|0 to )\s*{_SIZE}{_TOKENS}"
    rf"|{_SIZE.replace('size', 'size2').replace('scale', 'scale2')}{_TOKENS}\s*(?:or less|or fewer|and below)"
)
_ABOVE = re.compile(
    rf"(?:≥|>=|=>|>|over|above|beyond|more than|exceeding|greater than|longer than|from)\s*{_SIZE}{_TOKENS}"
    rf"|{_SIZE.replace('size', 'size2').replace('scale', 'scale2')}{_TOKENS}\s*(?:\+|or more|and above|and up)"
)
_PROMPTS = re.compile(
    r"^(?:for |if |when |with )?(?:the )?"
    r"(?:prompts?|inputs?|context(?: window| length)?|requests?|input tokens?|length)"
    r"(?: length| size| is| are| of| with)*\s*"
    r"(?=[<>≤≥=\d]|up|under|below|less|at most|over|above|more|exceed|longer|great)"
)
_TEXT_TOO = re.compile(r"text(?:\s*(?:[/,&+]|and|or)\s*(?:images?|videos?|audio|pdfs?|files?))+")
_EDGE = " \t\n.,:;()[]*–—-=|/"

_EDGE_WORDS = re.compile(
    r"^(?:for|if|when|with|at|in|per|using|via|the|tier)\s+|\s+(?:tier|pricing|price|prices|rate|only)$"
)


def condition_of(text: str) -> str:
    """The condition in plain words: `> 200K tokens`, `batch`; '' where the words stand for the usual price.

    The first tier (`≤ 272K`, `up to 200k`) is the usual price: whoever asks for more is told by the next one.
    """
    text = text if text.isascii() else in_english(text)
    words = _EDGE_WORDS.sub(
        "", tidy(text.replace("_", " ")).casefold().replace("\n", " ").strip(_EDGE)
    ).strip(_EDGE)
    words = _PROMPTS.sub("", words).strip()
    if words in _USUAL or _TEXT_TOO.fullmatch(words):
        return ""
    if words in _WORDS:
        return _WORDS[words]
    if _BELOW.fullmatch(words):
        return ""
    if match := _ABOVE.fullmatch(words):
        mark = "≥" if words.startswith(("≥", ">=", "=>", "from")) or match["size2"] else ">"
        size = _size(match["size"] or match["size2"], match["scale"] or match["scale2"] or "")
        return f"{mark} {size} tokens"
    return words[:LONGEST].rstrip()


_OF_PROMPTS = (
    r"(?:(?:for |with )?(?:prompts?|context|requests?)(?: length| window| size)?\s*(?:of |is |are )?)?"
)
_FIRST_TIER = re.compile(
    rf"{_OF_PROMPTS}(?:≤|<=|=<|<|\b(?:up to|under|below|less than|at most|first))\s*"
    r"(?:\d[\d,.]*\s*(?:k|m|thousand|million)\b(?:\s*(?:input |prompt |context )?tokens?)?"
    r"|\d[\d,.]*\s*(?:input |prompt |context )?tokens?|\d{4,}(?!\d))",
    re.IGNORECASE,
)
_IN_HEADING = re.compile(
    rf"{_OF_PROMPTS}\b(?P<above>(?:above|over|greater than|more than)\s*{_SIZE}"
    r"(?:\s*(?:input |prompt |context )?tokens?)?)(?=\W|$)"
    rf"|{_OF_PROMPTS}(?P<sign>[>≥]=?\s*\d[\d,.]*\s*[km]?(?:\s*(?:input )?tokens?)?)"
    r"|\b(?P<word>(?:above )?1 ?h(?:r|our)?\b|batch(?:es|ed)?(?: api)?|flex|priority|long[ -]context|fast mode"
    r"|provisioned)\b",
    re.IGNORECASE,
)


def condition_in(heading: str) -> tuple[str, str]:
    """The condition named in a heading such as `input_cost_per_token_above_200k_tokens`, and the rest of it."""
    line = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading).replace("_", " ")
    match = _IN_HEADING.search(line)
    if match is None:
        return "", heading
    said = match["above"] or match["sign"] or match["word"]
    return condition_of(said), f"{line[: match.start()]} {line[match.end() :]}".strip()


_BEHIND_NAME = re.compile(r"(?P<name>.*\S)\s*[(\[（](?P<tier>[^()\[\]（）]{2,40})[)\]）]", re.DOTALL)
_SIGNED = re.compile(
    r"(?P<name>.*\S)\s+(?P<tier>[<>≤≥]=?\s*\d[\d.,]*\s*[km]?(?:\s*tokens?)?)", re.IGNORECASE | re.DOTALL
)
_SIGNS = frozenset("<>≤≥")
_TIERS = frozenset({"batch", "flex", "priority", "long context", "fast mode"})


_KNOWN = _TIERS | frozenset(_WORDS.values())


def is_condition(text: str) -> bool:
    """Whether the text is a condition of prices that we know, or stands for the usual price."""
    condition = condition_of(text)
    return not condition or condition in _KNOWN or condition.startswith((">", "≥"))


def tier_behind(name: str) -> tuple[str, str]:
    """A name and the tier of prices that stands in brackets behind it: `Swift 4 (> 200K tokens)`; '' for none."""
    found = None
    if name.endswith((")", "]", "）")):
        found = _BEHIND_NAME.fullmatch(name)
    elif not _SIGNS.isdisjoint(name):
        found = _SIGNED.fullmatch(name)
    if found is None:
        return name, ""
    tier = found["tier"] if found["tier"].isascii() else in_english(found["tier"])
    condition = condition_of(tier)
    first = _FIRST_TIER.fullmatch(tier.strip()) or tier.strip().casefold() == "short context"
    is_tier = condition in _TIERS or condition.startswith((">", "≥")) or (not condition and first)
    return (found["name"], found["tier"]) if is_tier else (name, "")


def without_tier(heading: str) -> str:
    """The heading without a first tier (`<= 200K tokens`), which is the usual price, and a longer one's threshold."""
    line = _FIRST_TIER.sub(" ", heading)
    condition, rest = condition_in(line)
    return rest if condition.startswith((">", "≥")) else line


def joined(*conditions: str) -> str:
    """Several conditions as one, each once."""
    return ", ".join(dict.fromkeys(condition for condition in conditions if condition))[:LONGEST]


def _size(digits: str, scale: str) -> str:
    """`200,000` and `200k` alike as `200K`."""
    number = re.sub(r"[, ]", "", digits.strip().rstrip(".,"))
    if scale:
        return f"{number}{'M' if scale[0] == 'm' else 'K'}"
    whole = number.replace(".", "")
    if whole.endswith("000000"):
        return f"{whole[:-6]}M"
    return f"{whole[:-3]}K" if whole.endswith("000") else whole
