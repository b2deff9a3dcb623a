"""The form's questions and live panel as ready words: what templates print without asking further."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from riskassess.assessments.asked import Asked, Form, NotAsked, day
from riskassess.assessments.derived import known
from riskassess.assessments.gathered import Evidence, Fact
from riskassess.assessments.judgement import Judgement
from riskassess.assessments.models import Answer, AnswerDocument, Remark
from riskassess.assessments.questions import CLAIM_USES, Kind, Question, Section, questions
from riskassess.assessments.scoring import METHOD_VERSION
from riskassess.assessments.talk import Beside, Thread
from riskassess.evidence.document import Standing
from riskassess.evidence.grades import RESTS_ON
from riskassess.kernel.source import Source
from riskassess.kernel.stated import Known, NotApplicable

ENTRY_LABELS = {
    "country_list": "Country codes, separated by commas (ANY for anywhere)",
    "country": "Country code, two letters",
    "number": "A number",
    "date": "Date",
}
NOTHING_BESIDE = Beside()
YOURS = "yours"  # the part of the form that has all questions which only the buyer can answer


def anchor_of(key: str) -> str:
    """A question's key as the page's ids have it: a dot would end the name in the selectors htmx makes."""
    return key.replace(".", "-")


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer: its value, its words, whether it is the one given."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A piece of evidence beside a question, and until when it counts in full."""

    item: Evidence
    ageing: str


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A document that the answer rests on: where in it, and whether it still counts."""

    link: AnswerDocument
    standing: str
    counts: bool


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question as the page shows it."""

    key: str
    text: str
    why: str
    widget: str  # level, bool, enum, list, number, date, text, countries, claim
    choices: tuple[Choice, ...]
    text_value: str
    state: str  # "", known, range, unknown, declined, not_applicable
    low: str
    high: str
    note: str
    rests_on: tuple[Choice, ...]
    prefilled: str
    source: Source | None
    evidence: tuple[OnRecord, ...]
    disputed: bool
    disputes: bool
    may_dispute: bool
    version: str
    may_decline: bool
    may_not_apply: bool
    expects: str
    open: bool
    answered_by: str
    said: str
    remarks: tuple[Remark, ...]
    papers: tuple[PaperLine, ...]
    provable: bool
    ours: bool
    thread: Thread

    @property
    def seen(self) -> str:
        """The question and the version of its answer that is shown: what a save is held against."""
        return f"{self.key}={self.version}"

    @property
    def anchor(self) -> str:
        return anchor_of(self.key)

    @property
    def picks(self) -> bool:
        """Whether exactly one of the choices is picked; otherwise they are ticked, or the answer is typed."""
        return self.widget in {"level", "enum", "bool", "claims"}

    @property
    def entry_label(self) -> str:
        return ENTRY_LABELS.get(self.widget, "In words")


@dataclass(frozen=True, slots=True)
class Tab:
    """One section in the form's table of contents."""

    name: str
    title: str
    answered: int
    asked: int
    open: bool


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """One part of the form, the others by name, and a fingerprint of which questions are asked at all."""

    tabs: tuple[Tab, ...]
    current: Tab
    following: Tab | None
    rows: tuple[QuestionRow, ...]
    not_asked: tuple[NotAsked, ...]
    later: tuple[Question, ...]
    theirs: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """An open remark, with the way to its question."""

    remark: Remark
    asked: str
    address: str


def remarks_panel(remarks: Iterable[Remark]) -> list[RemarkLine]:
    """The remarks in words; one on a vendor's claim is found in the section on evidence. No query."""
    asked = questions(METHOD_VERSION)
    lines = []
    for one in remarks:
        question = asked.get(one.question)
        section = question.section if question else Section.EVIDENCE
        address = f"?section={section.value}#q-{anchor_of(one.question)}" if one.question else ""
        lines.append(RemarkLine(one, question.text if question else one.question, address))
    return lines


def answer_page(
    form: Form, wanted: str, given: Mapping[str, Answer], around: Beside = NOTHING_BESIDE, on: date = date.max
) -> AnswerPage:
    """The section `wanted`, or all that only the buyer can answer, as words, on a day. No query: all was gathered."""
    shown = _section(form, wanted)
    mine = [one for one in form.all if one.is_for_us]
    ours = Tab(YOURS, "For you", sum(not one.open for one in mine), len(mine), open=shown is None)
    tabs = [ours] + [
        Tab(section.value, section.heading, *form.counts(section), open=section is shown)
        for section in form.sections
    ]
    place = next(number for number, tab in enumerate(tabs) if tab.open)
    # What only the buyer knows comes first: the rest the vendor can be asked.
    asked = mine if shown is None else sorted(form.sections[shown], key=lambda one: not one.question.ours)
    keys = "|".join(one.question.key for one in form.all)
    return AnswerPage(
        tabs=tuple(tabs),
        current=tabs[place],
        following=tabs[place + 1] if 0 < place < len(tabs) - 1 else None,
        rows=tuple(_row(one, given.get(one.question.key), around, on) for one in asked),
        not_asked=tuple(one for one in form.not_asked if shown in {one.section, None}),
        later=tuple(one for one in form.later if shown in {one.section, None}),
        theirs=form.open_theirs,
        fingerprint=hashlib.sha256(keys.encode()).hexdigest()[:12],
    )


def _section(form: Form, wanted: str) -> Section | None:
    """The section of that name; None for what is for the buyer, of all sections."""
    return next((section for section in form.sections if section.value == wanted), None)


def question_row(page: AnswerPage, key: str) -> QuestionRow | None:
    """The row of a question; None when it is not asked (any more)."""
    return next((row for row in page.rows if row.key == key), None)


def _row(one: Asked, answer: Answer | None, around: Beside, on: date) -> QuestionRow:
    question = one.question
    provable = question.kind in {Kind.FACTOR, Kind.FACT} and not question.key.startswith("flag.")
    state, value = standing(one.fact, answer)
    low, high = (str(value[0]), str(value[1])) if _is_range(question.kind, value) else ("", "")
    return QuestionRow(
        key=question.key,
        text=question.text,
        why=question.why,
        widget=_widget(one),
        choices=_choices(one, value),
        text_value=_text(value),
        state="range" if low else state,
        low=low,
        high=high,
        note=answer.note if answer else "",
        rests_on=_rests_on(answer) if question.kind is Kind.FACTOR else (),
        prefilled=_prefilled(one, answer),
        source=_source(one, answer),
        evidence=_on_record(one),
        disputed=bool(answer and answer.disputes) or bool(one.fact and one.fact.disputed),
        disputes=bool(answer and answer.disputes),
        may_dispute=provable and (bool(_on_record(one)) or bool(_prefilled(one, answer))),
        version=answer.version if answer else "",
        may_decline=question.kind in {Kind.FACTOR, Kind.FACT},
        may_not_apply=question.kind is Kind.FACT and not question.key.startswith("flag."),
        expects=question.expects,
        open=one.open,
        answered_by=str(answer.answered_by or "") if answer else "",
        said=said(question, state, value),
        remarks=tuple(remark for remark in around.open_remarks if remark.question == question.key),
        papers=tuple(_paper(link, one, on) for link in around.documents.get(question.key, ())),
        provable=provable,
        ours=question.ours,
        thread=around.thread(question.key),
    )


def _on_record(one: Asked) -> tuple[OnRecord, ...]:
    """What the catalog and claims say, their documents among it; the answer and its own documents stand below."""
    return tuple(
        OnRecord(item, one.ageing.get(item.key, ""))
        for item in one.evidence
        if not item.key.startswith(("answer:", "document:"))
    )


def _paper(link: AnswerDocument, one: Asked, on: date) -> PaperLine:
    document = link.document
    match document.standing(on):
        case Standing.REMOVED:
            return PaperLine(link, f"unsupported: it was removed ({document.removed_because})", counts=False)
        case Standing.MISSING:
            return PaperLine(link, "unsupported: its file is missing; attach it again", counts=False)
        case Standing.EXPIRED if document.expires_on is not None:
            return PaperLine(link, f"aged: it expired on {day(document.expires_on)}", counts=True)
    key = f"document:{one.question.key}:{document.sha256[:16]}"
    return PaperLine(link, one.ageing.get(key, ""), counts=True)


def said(question: Question, state: str, value: Any) -> str:
    """An answer in a few words, for the folded question and where two are compared."""
    if state != "known":
        return {"": "", "unknown": "looked, not known", "declined": "vendor declined to say"}.get(
            state, "does not apply"
        )
    labels = dict(question.choices)
    if question.kind is Kind.CLAIM:
        chosen = [label for name, label in CLAIM_USES if value.get(name)]
        return "; ".join(chosen) or "no use of it"
    if isinstance(value, list) and question.kind in {Kind.LEVEL, Kind.FACTOR}:
        return f"{labels[str(value[0])]} … {labels[str(value[1])]}"
    parts = value if isinstance(value, list) else [value]
    return ", ".join(labels.get(_text(part), _text(part)) for part in parts) or "none"


def standing(fact: Fact | None, answer: Answer | None) -> tuple[str, Any]:
    """The state and value that the form shows as chosen: the person's answer, else what the catalog knows."""
    if answer is not None:
        return answer.state, answer.value
    if fact is not None and fact.by:
        if isinstance(fact.stated, NotApplicable):
            return "not_applicable", None
        return "known", known(fact)
    return "", None


def _is_range(kind: Kind, value: Any) -> bool:
    return kind in {Kind.LEVEL, Kind.FACTOR} and isinstance(value, list)


def _widget(one: Asked) -> str:
    question = one.question
    if question.kind in {Kind.LEVEL, Kind.FACTOR}:
        return "level"
    if question.kind is Kind.CLAIM:
        return "claim"
    return question.fact.kind.value if question.fact else "text"


def _choices(one: Asked, value: Any) -> tuple[Choice, ...]:
    if one.question.kind is Kind.CLAIM:
        uses = value if isinstance(value, Mapping) else {}
        return tuple(Choice(name, label, bool(uses.get(name))) for name, label in CLAIM_USES)
    chosen = {_text(part) for part in value} or {"none"} if isinstance(value, list) else {_text(value)}
    if _is_range(one.question.kind, value):
        chosen = set()
    return tuple(Choice(key, label, key in chosen) for key, label in one.question.choices)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join("a further, unnamed one" if part is None else _text(part) for part in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_text(part)}" for key, part in value.items() if part is not None)
    return str(value)


def _rests_on(answer: Answer | None) -> tuple[Choice, ...]:
    grade = (
        (answer.reliability, answer.verification, answer.interest) if answer and answer.reliability else None
    )
    return tuple(Choice(key, label, default == grade) for key, (label, default) in RESTS_ON.items())


def _prefilled(one: Asked, answer: Answer | None) -> str:
    """What is on record beside the answer, in words; empty where there is nothing."""
    if one.fact is not None and isinstance(one.fact.catalog, Known):
        return _text(one.fact.catalog.value)
    return ""


def _source(one: Asked, answer: Answer | None) -> Source | None:
    if one.fact is not None and isinstance(one.fact.catalog, Known):
        return one.fact.catalog.source
    return answer.source.as_kernel() if answer and answer.source else None


def live_panel(judgement: Judgement, form: Form) -> dict[str, Any]:
    """The decision as it stands while the form is filled, and the shortest route on."""
    result = judgement.result
    coverage = result.coverage
    return {
        "decision": result.decision,
        "low": result.shown[0],
        "low_number": float(result.shown[0]),
        "high_number": float(result.shown[1]),
        "high": result.shown[1],
        "bands": " to ".join(dict.fromkeys(result.bands)),
        "edges": judgement.method.thresholds,
        "numerators": (result.risk.low, result.risk.high, result.denominator),
        "coverage": f"{coverage.shown} %",
        "coverage_ok": coverage.ok,
        "coverage_needed": f"{judgement.method.coverage_percent} %",
        "open": form.open,
        "open_ours": form.open_ours,
        "open_theirs": form.open_theirs,
        "open_worth": form.open_worth,
        "gates": [
            {"key": gate.key, "title": gate.title, "truth": gate.truth.value,
             "because": gate.because}
            for gate in result.gates if gate.applied
        ],
        "regimes": [
            {"title": regime.title, "low": regime.low, "high": regime.high}
            for regime in judgement.verdict.regimes.values() if regime.high
        ],
    }  # fmt: skip
