"""What assessments, answers, decisions and runs look like over the API, on the way in and out."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from riskassess.accounts.api import VisibleId, VisibleSlug
from riskassess.accounts.models import BusinessUnit
from riskassess.accounts.plain_rows import Follows
from riskassess.assessments.asked import Asked
from riskassess.assessments.asking import Asking
from riskassess.assessments.gathered import plain, source_json
from riskassess.assessments.models import OUTCOMES, Answer, Assessment, ScoreRun
from riskassess.assessments.presenting import standing
from riskassess.assessments.questions import CLAIM_USES, Kind, Question
from riskassess.assessments.states import Standing, State, standing_of
from riskassess.catalog.models import Offering, Source
from riskassess.kernel.stated import Known
from riskassess.rules.facts import Kind as FactKind

STATES = [(state.value, state.label) for state in State]  # named in the schema by the settings
STANDINGS = [(one.value, one.label) for one in Standing]
RELIABILITIES = [(letter, letter) for letter in "ABCDEF"]
INTERESTS = [("self", "Self"), ("adverse", "Adverse"), ("neutral", "Neutral")]


def _today(_: set[Any]) -> date:
    return timezone.localdate()


def _standing(today: date, state: str, outcome: str | None, review_on: date | None) -> str:
    return standing_of(State(state), outcome or "", review_on, today).value


class AssessmentSerializer(serializers.ModelSerializer[Assessment]):
    decision = serializers.ChoiceField(
        source="current_run.decision", choices=OUTCOMES, read_only=True, allow_null=True, default=None
    )
    standing = serializers.ChoiceField(
        choices=STANDINGS, read_only=True, help_text="The state, or what today makes of a decision."
    )
    stale: Any = serializers.CharField(
        source="decision.stale_words",
        read_only=True,
        default="",
        help_text="What has moved under the decision that stands, and by how much; empty while nothing has.",
    )
    decided = serializers.ChoiceField(
        source="decision.outcome",
        choices=OUTCOMES,
        read_only=True,
        allow_null=True,
        default=None,
        help_text="The outcome of the decision that stands.",
    )

    class Meta:
        model = Assessment
        fields = [
            "id", "offering", "unit", "use_case", "description", "state", "standing", "assessor", "submitted_by",
            "reviewer", "predecessor", "as_of", "due_on", "review_on", "current_run", "decision", "decided",
            "stale", "created_at", "updated_at",
        ]  # fmt: skip
        plain = {"standing": Follows(("state", "decision__outcome", "review_on"), _standing, _today)}
        read_only_fields = fields


class StartInput(serializers.Serializer[Any]):
    """A new assessment."""

    offering = VisibleSlug(
        slug_field="slug", queryset=Offering.objects.all(), help_text="The offering's slug."
    )
    unit = VisibleId(queryset=BusinessUnit.objects.all(), help_text="The business unit's id.")
    use_case = serializers.CharField(max_length=200, help_text="In a few words: what it is to be used for.")
    description = serializers.CharField(required=False, allow_blank=True, default="")


class RescoreInput(serializers.Serializer[Any]):
    """Whose portfolio is scored anew."""

    unit = VisibleId(queryset=BusinessUnit.objects.all(), help_text="The business unit's id.")
    stale_only = serializers.BooleanField(
        default=False, help_text="Only those not yet judged by the present rules, method and risk appetite."
    )


class AnswerSerializer(serializers.ModelSerializer[Answer]):
    version = serializers.CharField(read_only=True, help_text="Another one after every change.")

    class Meta:
        model = Answer
        fields = [
            "question", "state", "value", "reliability", "verification", "interest", "source", "note", "disputes",
            "answered_by", "answered_at", "version",
        ]  # fmt: skip
        read_only_fields = fields


class AnswerInput(serializers.Serializer[Any]):
    """One answer. `value`: a fact's value, a level 0 to 4 or [low, high]; an empty `state` takes it back.

    What it rests on is said by `source`, by a grade (`reliability`, `verification`, `interest`), or both; a
    factor's answer without either is the vendor's word.
    """

    question = serializers.CharField(help_text="A key from `questions`.")
    state = serializers.ChoiceField(choices=Answer.State.choices, allow_blank=True)
    value = serializers.JSONField(required=False, allow_null=True)
    reliability = serializers.ChoiceField(choices=RELIABILITIES, required=False, allow_blank=True, default="")
    verification = serializers.IntegerField(
        min_value=1, max_value=6, required=False, allow_null=True, default=None
    )
    interest = serializers.ChoiceField(choices=INTERESTS, required=False, allow_blank=True, default="")
    source: Any = VisibleId(
        queryset=Source.objects.all(),
        required=False,
        allow_null=True,
        default=None,
        help_text="A source's id.",
    )
    note = serializers.CharField(required=False, allow_blank=True, default="")
    disputes = serializers.BooleanField(
        required=False, default=False, help_text="What is on record is wrong, for the reason in `note`."
    )
    version = serializers.CharField(
        required=False,
        allow_blank=True,
        allow_null=True,
        default=None,
        help_text="The version that you saw, empty for none: 409 where it is another one now. Left out: no check.",
    )


class RunSerializer(serializers.ModelSerializer[ScoreRun]):
    class Meta:
        model = ScoreRun
        fields = [
            "id", "assessment", "as_of", "rules_release", "method_version", "appetite_version", "facts_digest",
            "result_id", "decision", "risk_low", "risk_high", "denominator", "created_at",
        ]  # fmt: skip
        read_only_fields = fields


class ChoiceSerializer(serializers.Serializer[Any]):
    """An answer that can be given: `value` is what to send."""

    value = serializers.JSONField()
    label: Any = serializers.CharField()


class QuestionSerializer(serializers.Serializer[Any]):
    """One question, and how it stands."""

    key = serializers.CharField()
    section = serializers.CharField()
    kind = serializers.CharField(help_text="level, factor, fact or claim")
    takes = serializers.CharField(help_text="level, claim, or the kind of fact: bool, enum, number, date …")
    text = serializers.CharField()
    why = serializers.CharField()
    expects = serializers.CharField(help_text="The proof that a strong answer rests on.")
    choices = ChoiceSerializer(many=True)
    open = serializers.BooleanField(help_text="Nobody has answered it, and no record does.")
    ours = serializers.BooleanField(
        help_text="Only the buyer can answer it; the rest the vendor can be asked."
    )
    state = serializers.CharField(help_text="Empty while open.")
    value = serializers.JSONField(allow_null=True)
    on_record = serializers.JSONField(allow_null=True, help_text="What the catalog states beside the answer.")
    source: Any = serializers.JSONField(allow_null=True)
    disputed = serializers.BooleanField(help_text="The answer is another than what is on record.")
    version = serializers.CharField(help_text="Of the answer; empty where nobody gave one.")


class NotAskedSerializer(serializers.Serializer[Any]):
    """A factor that this use does not raise, or that a rule sets."""

    factor = serializers.CharField()
    name = serializers.CharField()
    because = serializers.CharField()


class FormSerializer(serializers.Serializer[Any]):
    """What is asked for this use: questions come and go with the answers."""

    open = serializers.IntegerField(help_text="How many questions nobody has answered.")
    open_ours = serializers.IntegerField(help_text="How many of them only the buyer can answer.")
    open_theirs = serializers.IntegerField(help_text="How many of them the vendor can be asked.")
    open_worth = serializers.IntegerField(help_text="How many are on what it is worth, beside the decision.")
    later: Any = serializers.ListField(
        child=serializers.CharField(),
        help_text="Facts that may be asked, depending on the answers before them.",
    )
    questions = QuestionSerializer(many=True)
    not_asked = NotAskedSerializer(many=True)


def form_json(now: Asking) -> dict[str, Any]:
    """The form as plain values. No query."""
    return {
        "open": now.form.open,
        "open_ours": now.form.open_ours,
        "open_theirs": now.form.open_theirs,
        "open_worth": now.form.open_worth,
        "later": [question.key for question in now.form.later],
        "questions": [
            _question(one, now.given.get(one.question.key))
            for asked in now.form.sections.values()
            for one in asked
        ],
        "not_asked": now.form.not_asked,
    }


def _question(one: Asked, answer: Answer | None) -> dict[str, Any]:
    question, fact = one.question, one.fact
    state, value = standing(fact, answer)
    record = fact.catalog if fact and isinstance(fact.catalog, Known) else None
    said = answer.source.as_kernel() if answer and answer.source else None
    return {
        "key": question.key,
        "section": question.section.value,
        "kind": question.kind.value,
        "takes": _takes(question),
        "text": question.text,
        "why": question.why,
        "expects": question.expects,
        "choices": _choices(question),
        "open": one.open,
        "ours": question.ours,
        "state": state,
        "value": plain(value),
        "on_record": plain(record.value) if record else None,
        "source": source_json(said or (record.source if record else None)),
        "disputed": bool(answer and answer.disputes) or bool(fact and fact.disputed),
        "version": answer.version if answer else "",
    }


def _takes(question: Question) -> str:
    if question.kind is Kind.FACT and question.fact is not None:
        return question.fact.kind.value
    return Kind.CLAIM.value if question.kind is Kind.CLAIM else Kind.LEVEL.value


def _choices(question: Question) -> list[dict[str, Any]]:
    """The choices with the values that an answer takes, where the page has texts."""
    if question.kind is Kind.CLAIM:
        return [{"value": {name: True}, "label": label} for name, label in CLAIM_USES]
    if question.anchors:
        return [{"value": level, "label": anchor} for level, anchor in enumerate(question.anchors)]
    kind = question.fact.kind if question.fact else None
    typed: dict[str, Any] = {}
    if kind is FactKind.BOOL:
        typed = {"true": True, "false": False}
    if kind is FactKind.CLAIMS:
        typed = {"none": []}
    return [{"value": typed.get(value, value), "label": label} for value, label in question.choices]
