"""What to ask so that a finding is settled; the words stand in parameters/questions.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from riskassess.rules.dated import PARAMETER_FOLDER, read_yaml
from riskassess.rules.vocabulary import FACTS

QUESTIONS_YAML = PARAMETER_FOLDER / "questions.yaml"


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask, in which form the answer comes, what proves it, and the facts it settles."""

    key: str
    text: str
    kind: str
    proof: str
    facts: tuple[str, ...]


def questions_of(regime: str) -> tuple[Question, ...]:
    """The regime's questions in the order of the catalogue; one about an unknown fact is refused."""
    return tuple(_question(f"{regime}.{key}", raw) for key, raw in read_yaml(QUESTIONS_YAML)[regime].items())


def _question(key: str, raw: dict[str, Any]) -> Question:
    facts = tuple(raw["facts"])
    unknown = [fact for fact in facts if fact not in FACTS]
    if unknown:
        raise ValueError(f"The question {key} asks for {', '.join(unknown)}, no fact of the vocabulary.")
    return Question(key, raw["text"], raw["kind"], raw["proof"], facts)


def question_for(fact: str) -> Question:
    """The fact's own question, for what no vendor question settles."""
    spec = FACTS[fact]
    return Question(f"fact.{fact}", spec.question, spec.kind, "", (fact,))
