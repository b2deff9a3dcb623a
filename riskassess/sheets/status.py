"""Release stages: in the words people use for them, in a column of their own or behind a model's name."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import cast

from riskassess.kernel.stated import Known
from riskassess.sheets.cleaning import cleaned
from riskassess.sheets.results import Cell, Parsed, Problem, Result, absent, not_a, quoted, text_of, tidy


class ReleaseStage(StrEnum):
    """How far a release has come, from announced to retired."""

    ANNOUNCED = "announced"
    EARLY_ACCESS = "early_access"
    PREVIEW = "preview"
    GA = "ga"
    DEPRECATED = "deprecated"
    RETIRED = "retired"


# The first words of each stage mean it inside a sentence as well; those behind `None` only on their own.
_STAGE_WORDS: dict[ReleaseStage, tuple[str | None, ...]] = {
    ReleaseStage.ANNOUNCED: (
        "coming soon", "announced", "in development", "under development", "not yet released", "not yet available",
        "unreleased", None,
        "planned", "upcoming", "future", "roadmap", "on the roadmap", "soon", "angekündigt", "geplant", "annoncé",
        "prévu", "anunciado", "annunciato", "予定", "提供予定", "即将推出",
    ),
    ReleaseStage.EARLY_ACCESS: (
        "early access", "private preview", "private beta", "closed beta", "limited preview", "gated preview",
        "gated research preview", "gated public preview", "limited availability", "limited ga", "limited access",
        "invitation only", "invite only", "by invitation", "waitlist", "waiting list", "allowlist only", "alpha",
        None, "gated", "limited", "allowlist", "allowlisted", "private", "restricted", "trusted testers",
        "early access program", "eap",
    ),
    ReleaseStage.PREVIEW: (
        "public preview", "research preview", "preview", "public beta", "open beta", "open preview", "beta",
        "experimental", "release candidate", None, "in preview", "latest preview", "exp", "rc", "pre release",
        "prerelease", "pre ga", "vorschau", "aperçu", "préversion", "vista previa", "anteprima",
        "プレビュー", "ベータ",
        "预览", "公测", "预览版", "测试版", "公開預覽", "預覽", "預覽版", "公開測試", "測試版",
        "パブリックプレビュー", "미리 보기",
    ),
    ReleaseStage.GA: (
        "generally available", "general availability", "ga", None, "available", "active", "stable", "live",
        "released", "production", "current", "launched", "latest stable", "latest", "in production",
        "production ready", "supported", "available now", "generally available ga",
        "general availability ga", "general", "in service", "normal", "enabled", "verfügbar",
        "allgemein verfügbar", "aktiv", "disponible", "disponibilité générale", "disponibile",
        "disponível", "一般提供",
        "提供中", "一般公開", "正式发布", "已发布", "可用", "正式版", "正式推出", "正式發布", "正式發佈",
        "已發布", "正式提供",
    ),
    ReleaseStage.DEPRECATED: (
        "deprecated", "being retired", "retiring soon", "retiring", "sunsetting", "deprecating",
        "end of life announced", "legacy", None, "sunset", "maintenance", "superseded", "phasing out",
        "extended support", "extended access", "to be retired", "to be deprecated", "scheduled for retirement",
        "retirement scheduled", "marked for deprecation", "pending deprecation", "pending retirement", "abgekündigt",
        "veraltet", "obsolète", "déprécié", "obsoleto", "deprecato", "非推奨", "已弃用", "弃用", "已棄用",
        "棄用", "即將淘汰", "即将下线", "提供終了予定", "廃止予定",
    ),
    ReleaseStage.RETIRED: (
        "no longer available", "discontinued", "decommissioned", "retired", "shut down", "withdrawn",
        "end of life", "eol", None, "removed", "shutdown", "unavailable", "end of life eol", "sunsetted",
        "sunset complete", "obsolete", "inactive", "end of service", "end of support", "disabled", "offline",
        "eingestellt", "abgeschaltet", "nicht mehr verfügbar", "retiré", "arrêté", "retirado", "ritirato", "廃止",
        "提供終了", "終了", "已下线", "已停用", "已下線", "已淘汰", "已退役", "サービス終了",
    ),
}  # fmt: skip
_STAGES = {word: stage for stage, words in _STAGE_WORDS.items() for word in words if word}
_IN_SENTENCE = re.compile(
    r"\b(?:" + "|".join(sorted(
        (word for words in _STAGE_WORDS.values() for word in words[: words.index(None)] if word),
        key=len, reverse=True,
    )) + r")\b"
)  # fmt: skip
_DENIED = re.compile(r"\b(?:not|no longer|non|never|until|before|without|ex|post)\b")
_PICTURES = re.compile(r"[^\w\s&/().,:;+-]")
_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_LONGEST = 8  # words of a cell that still names a status rather than tells a story
_BEHIND_NAME = re.compile(r"^(?P<name>.*\S)\s*[(\[](?P<word>[^()\[\]]{2,30})[)\]]$", re.DOTALL)
_HINT = f"Write one of: {', '.join(ReleaseStage)}."


def parse_status(value: Cell) -> Result[ReleaseStage]:
    """The release stage that the cell's words stand for.

    A cell may say more (`Deprecated 2026-08-20`, `Hosted here: GA`): what it says of the stage counts, the
    note quotes the whole. Words of two stages are a problem: which of them holds is not ours to choose.
    """
    text = tidy(text_of(value))
    stage = _STAGES.get(text.casefold())
    if stage is not None:
        return Parsed(
            Known(stage), note="" if text.casefold() == stage else f"{quoted(text)} read as {stage}"
        )
    nothing = absent(text)
    if nothing:
        return cast("Parsed[ReleaseStage]", nothing)
    shown, _ = cleaned(text, name=True)
    nothing = absent(shown)
    if nothing:
        return cast("Parsed[ReleaseStage]", nothing)
    stages = {found for line in shown.split("\n") for found in _stages_beside_brackets(line)}
    if len(stages) == 1:
        (stage,) = stages
        return Parsed(Known(stage), note=f"{quoted(text)} read as {stage}")
    if stages:
        said = " and ".join(sorted(stages))
        return Problem(f"{quoted(text)} names more than one release status: {said}.", _HINT)
    return not_a("a release status we know", text, _HINT)


def _stages_beside_brackets(line: str) -> set[ReleaseStage]:
    """The stages a line names. What stands in brackets counts where it is a stage and nothing else:
    `Available (gated)` names two, `Legacy (EOL 2026-05-01)` one.
    """
    outside = stages_in(_BRACKETS.sub(" ", line))
    inside = {_STAGES[_bare(found)] for found in _BRACKETS.findall(line) if _bare(found) in _STAGES}
    return outside | inside or stages_in(line)


def stages_in(line: str) -> set[ReleaseStage]:
    """The stages that the words of one line stand for; none where they deny one."""
    words = " ".join(
        re.sub(r"[\s_()\-–—/]+", " ", _PICTURES.sub(" ", line)).strip(" .,:;").casefold().split()
    )
    if words in _STAGES:
        return {_STAGES[words]}
    if len(words.split()) > _LONGEST:
        return set()
    found = [match for match in _IN_SENTENCE.finditer(words) if not _DENIED.search(words[: match.start()])]
    return {_STAGES[match[0]] for match in found}


def is_stage(text: str) -> bool:
    """Whether the text is a release stage in so many words, and hardly anything else."""
    return _IN_SENTENCE.fullmatch(_bare(text)) is not None


def split_status(name: str) -> tuple[str, ReleaseStage | None]:
    """A name and the release stage written with it.

    A line of its own below the name is no part of it; a word in brackets behind it is, for lists tell
    `Opus (preview)` from `Opus` by it.
    """
    lines = [line for line in name.split("\n") if line.strip()]
    if len(lines) > 1:
        below = _STAGES.get(_bare(lines[-1]))
        if below is not None:
            return "\n".join(lines[:-1]), below
    behind = _BEHIND_NAME.fullmatch(name)
    return name, _STAGES.get(_bare(behind["word"])) if behind else None


def _bare(line: str) -> str:
    return re.sub(r"[\s_()\[\]*-]+", " ", line).strip().casefold()
