"""The shape of what people say of a set of questions, and of what its questions mean here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement
from typing import Any

from django import forms
from django.conf import settings

from riskassess.assessments.questions import Kind, Question
from riskassess.questionnaires.asked import askable
from riskassess.questionnaires.models import SetQuestion
from riskassess.questionnaires.set_mapping import Proposal, proposals, takes
from riskassess.questionnaires.set_services import LEVELS, About, answers_of

EVIDENCE, OTHER = "evidence", "other"
_RANGES = [
    (f"{low}-{high}" if low != high else str(low)) for low, high in combinations_with_replacement(LEVELS, 2)
]


class SetForm(forms.Form):
    """A questionnaire to add: its file, and what it is."""

    file = forms.FileField(label="The questionnaire", help_text="A spreadsheet with a column of questions.")
    sheets = forms.MultipleChoiceField(
        label="Sheets", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="None ticked: every one that has questions.",
    )  # fmt: skip
    name = forms.CharField(label="Name", max_length=200)
    publisher = forms.CharField(label="Publisher", max_length=200, required=False)
    version = forms.CharField(label="Version", max_length=60, required=False)
    licence = forms.CharField(
        label="Licence", max_length=100, required=False, help_text="Under which you may send it to vendors."
    )
    url = forms.URLField(label="Where it is published", max_length=500, required=False, assume_scheme="https")

    def __init__(self, *args: Any, sheets: Sequence[str] = (), has_file: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["sheets"]
        chosen.choices = [(name, name) for name in sheets]
        if not sheets:
            del self.fields["sheets"]
        if has_file:
            del self.fields["file"]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.UPLOAD_MAX_BYTES:
            raise forms.ValidationError("The file is larger than what can be uploaded.")
        return file

    @property
    def about(self) -> About:
        given = self.cleaned_data
        return About(given["name"], given["publisher"], given["version"], given["licence"], given["url"])


@dataclass(frozen=True, slots=True)
class Offer:
    """One of our questions that this one may be about, and why it is proposed."""

    key: str
    text: str
    anchors: tuple[str, ...]
    words: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class AnswerLevel:
    """One answer of a question, and the level it means."""

    value: str
    label: str
    name: str
    level: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """The page on which somebody says what a question means here, ready to show."""

    offers: tuple[Offer, ...]
    others: tuple[tuple[str, str], ...]
    other: str
    levels: tuple[AnswerLevel, ...]
    ranges: tuple[tuple[str, str], ...]
    is_evidence: bool


def meaning_of(question: SetQuestion, sent: Mapping[str, str] | None = None) -> Meaning:
    """What is proposed and what stands; `sent` is shown instead where it was refused."""
    fitting = {key: one for key, one in askable().items() if takes(one, question.kind, question.choices)}
    found = proposals_of(question)
    stands = key_in(sent) if sent is not None else question.key
    listed = [one.key for one in found]
    is_evidence = not stands and (sent is not None or question.mapped_at is not None)
    return Meaning(
        offers=tuple(_offer(one, fitting[one.key], one.key == stands) for one in found),
        others=tuple((key, f"{key}: {one.text}") for key, one in fitting.items() if key not in listed),
        other=stands if stands and stands not in listed else "",
        levels=tuple(_levels(question, sent)) if any(o.kind is Kind.FACTOR for o in fitting.values()) else (),
        ranges=tuple((text, text.replace("-", " to ")) for text in _RANGES),
        is_evidence=is_evidence,
    )


def proposals_of(question: SetQuestion) -> tuple[Proposal, ...]:
    """Our questions that a question of a set may be about."""
    return proposals(question.text, question.kind, question.section, question.choices)


def key_in(sent: Mapping[str, str]) -> str:
    """The key that was chosen, '' for evidence alone."""
    chosen = sent.get("key", "")
    return sent.get("other", "") if chosen == OTHER else "" if chosen == EVIDENCE else chosen


def levels_in(question: SetQuestion, sent: Mapping[str, str]) -> dict[str, Any]:
    """The levels that were chosen, by answer."""
    found = {}
    for at, (value, _) in enumerate(answers_of(question)):
        text = sent.get(f"level-{at}", "")
        if text in _RANGES:
            low, _, high = text.partition("-")
            found[value] = [int(low), int(high)] if high else int(low)
    return found


def _offer(one: Proposal, question: Question, chosen: bool) -> Offer:
    return Offer(one.key, one.text, question.anchors, ", ".join(one.words), chosen)


def _levels(question: SetQuestion, sent: Mapping[str, str] | None) -> Iterator[AnswerLevel]:
    known = question.levels or question.suggested
    for at, (value, label) in enumerate(answers_of(question)):
        name = f"level-{at}"
        level = known.get(value, "")
        text = "-".join(map(str, level)) if isinstance(level, list) else str(level)
        yield AnswerLevel(value, label, name, sent.get(name, "") if sent is not None else text)
