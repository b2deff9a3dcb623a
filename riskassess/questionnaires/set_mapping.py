"""Which of our questions one of a set is about: proposed by the words they share, for a person to confirm. Pure.

A word counts by how few of our questions have it, so that “encrypted” says more than “vendor”. Nothing is mapped by
itself: a proposal names the words it rests on.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from riskassess.assessments.questions import Kind, Question
from riskassess.questionnaires.asked import KINDS, askable

MOST = 4
LEAST = 0.08  # what a proposal has to reach to be shown (judgement)
AROUND = 0.3  # what a word counts that stands in the section or an answer only (judgement)
_WORD = re.compile(r"[a-z][a-z0-9]+")
_ENDINGS = ("ations", "ation", "ements", "ement", "ings", "ing", "ities", "ity", "ies", "ied", "ers", "er", "ed", "es",
            "s", "e")  # fmt: skip
_FILLING = """
a about all an and any are as at be been by can could describe did do does each for from had has have how if in into is
it its may more most no not of on only or other our per please provide should such than that the their them there these
they this those to us use used using vendor we what when where which who why will with would yes you your company
"""
_EMPTY = frozenset(_FILLING.split())

# What questionnaires call the things that these factors are about, beside the method's own words (judgement).
KEYWORDS = {
    "DAT-RET": "retain retention delete deletion erase disposal wipe",
    "DAT-SUB": "subprocessor subcontractor third party partner outsourced",
    "DAT-RES": "region country residency location hosted",
    "DEP-EXT": "exit termination return export",
    "GOV-AIM": "iso 42001 policy policies program programme governance",
    "GOV-HUM": "training trained awareness responsible",
    "IP-OUT": "ownership intellectual",
    "OPS-CHG": "change management deprecation deploy deployment rollback",
    "OPS-SLA": "backup availability uptime disaster recovery continuity outage support redundant",
    "SEC-CRT": "iso 27001 soc pci audit audited certified certification standard ssae",
    "SEC-IAM": "authentication password login access account accounts privilege administrator sso mfa session role log"
    " logs logging network firewall",
    "SEC-INC": "incident breach notification notify response",
    "SEC-INJ": "injection untrusted input xss sql escaping sanitise sanitize validation scripting",
    "SEC-ISO": "encrypt encryption tls ssl key keys isolation tenant tenants separation segregation physical facility"
    " facilities media disk",
    "SEC-VUL": "patch patches patching vulnerability vulnerabilities scan scanning penetration update updates malware"
    " antivirus hardening bounty researcher review",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """One of our questions, how near it is (0 to 1), and the words that say so."""

    key: str
    text: str
    score: float
    words: tuple[str, ...]


def proposals(
    text: str, kind: str, section: str = "", choices: Sequence[Sequence[str]] = ()
) -> tuple[Proposal, ...]:
    """Our questions that share most with this one and take its kind of answer, the nearest first."""
    around = " ".join([section, *(label for _, label in choices)])
    as_said = {_stem(word): word for word in _words(f"{around} {text}")}
    said = {**dict.fromkeys(_stems(around), AROUND), **dict.fromkeys(_stems(text), 1.0)}
    index = _index()
    found = []
    for key, theirs in index.words.items():
        if not takes(index.questions[key], kind, choices):
            continue
        shared = {word: index.weight(word) for word in said.keys() & theirs}
        if not shared:
            continue
        near = sum(weight * said[word] for word, weight in shared.items()) / math.sqrt(
            index.length(said) * index.length(theirs)
        )
        spelt = fuzz.token_sort_ratio(text.casefold(), index.questions[key].text.casefold()) / 100
        score = 0.8 * near + 0.2 * spelt * spelt
        if score >= LEAST:
            words = tuple(as_said[word] for word in sorted(shared, key=lambda word: -shared[word])[:5])
            found.append(Proposal(key, index.questions[key].text, round(score, 3), words))
    return tuple(sorted(found, key=lambda one: (-one.score, one.key))[:MOST])


def takes(question: Question, kind: str, choices: Sequence[object]) -> bool:
    """Whether an answer of that kind can become an answer of ours: a fact's own kind, or levels of a factor."""
    if question.kind is Kind.FACTOR:
        return kind in {"bool", "one", "many"}
    return question.fact is not None and KINDS.get(question.fact.kind) == kind and not choices


@dataclass(frozen=True, slots=True)
class _Index:
    questions: Mapping[str, Question]
    words: Mapping[str, frozenset[str]]
    rarity: Mapping[str, float]

    def weight(self, word: str) -> float:
        return self.rarity.get(word, 0.0) ** 2

    def length(self, words: Iterable[str]) -> float:
        return sum(self.rarity.get(word, self.rarity[""]) ** 2 for word in words) or 1.0


@cache
def _index() -> _Index:
    questions = askable()
    words = {key: frozenset(_stems(_all_words(one))) for key, one in questions.items()}
    seen = Counter(word for found in words.values() for word in found)
    rarity = {word: math.log((1 + len(words)) / times) for word, times in seen.items()}
    return _Index(questions, words, {**rarity, "": math.log(1 + len(words)) / 2})


def _all_words(question: Question) -> str:
    factor = question.factor
    more = (factor.name, *factor.anchors, factor.evidence) if factor else (question.why,)
    return " ".join((question.text, *more, KEYWORDS.get(question.key, "")))


def _stems(text: str) -> list[str]:
    return [_stem(word) for word in _words(text)]


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.casefold()) if word not in _EMPTY]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word
