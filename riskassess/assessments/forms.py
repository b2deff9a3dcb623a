"""The shape of what the pages send: a new assessment, one answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Can
from riskassess.assessments.answers import STATES, Given
from riskassess.assessments.questions import CLAIM_USES, Kind, Question
from riskassess.catalog.models import Offering
from riskassess.evidence.grades import RESTS_ON
from riskassess.kernel.errors import InvalidInput
from riskassess.rules.facts import Kind as FactKind


class StartForm(forms.Form):
    """A new assessment: what, for what, for whom."""

    offering = forms.ModelChoiceField(Offering.objects.none(), to_field_name="slug", widget=forms.HiddenInput)
    use_case = forms.CharField(
        label="What is it to be used for?",
        max_length=200,
        help_text="A few words, such as “drafting internal mails” or “triage of customer letters”.",
    )
    description = forms.CharField(
        label="Anything a reader should know", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    unit = forms.ModelChoiceField(
        BusinessUnit.objects.none(), label="For which business unit?", empty_label=None
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offering: Any = self.fields["offering"]
        offering.queryset = Offering.objects.visible_to(user)
        unit: Any = self.fields["unit"]
        unit.queryset = BusinessUnit.objects.where(user, Can.REQUEST)


def given_answer(question: Question, data: QueryDict) -> Given:
    """What the form of one question says. Raises InvalidInput for what cannot be read; `answers` checks it.

    `pick` is the radio button chosen: a state (`unknown`, `declined`, `range` …), or the answer itself.
    """
    pick, note, disputes = data.get("pick", ""), data.get("note", "").strip(), "disputes" in data
    if pick == "" and disputes:
        pick = "unknown"  # what is on record is wrong, and nobody said what is right
    if pick == "" or pick in STATES - {"known"}:
        return Given(state=pick, note=note, disputes=disputes)
    if question.kind is Kind.CLAIM:
        return Given("known", _claim_use(data), note=note)
    if question.kind is Kind.FACT:
        return Given("known", _fact(question, data), note=note, disputes=disputes)
    reliability, verification, interest = RESTS_ON.get(data.get("rests_on", ""), ("", ("", None, "")))[1]
    return Given(
        "known",
        _level(question, data, pick),
        reliability=reliability,
        verification=verification,
        interest=interest,
        note=note,
        disputes=disputes,
    )


def seen_version(data: QueryDict) -> str | None:
    """The version of the answer that the form showed, or that its sender has looked at since; None says neither."""
    seen = data.get("over", data.get("seen"))
    return None if seen is None else seen.rpartition("=")[2]


def _claim_use(data: QueryDict) -> dict[str, bool]:
    chosen = data.getlist("value")
    return {name: name in chosen for name, _ in CLAIM_USES}


def _level(question: Question, data: QueryDict, pick: str) -> Any:
    try:
        ends = [int(data.get("low", "")), int(data.get("high", ""))] if pick == "range" else [int(pick)]
    except ValueError as error:
        raise InvalidInput("Choose a level from 0 to 4.", where=question.key) from error
    return sorted(ends) if len(ends) == 2 else ends[0]


def _fact(question: Question, data: QueryDict) -> Any:
    pick = data.get("pick", "")
    text = (data.get("value", "") if pick == "known" else pick).strip()
    match question.fact.kind if question.fact else None:
        case FactKind.BOOL:
            return {"true": True, "false": False}.get(text, text)
        case FactKind.LIST:
            return data.getlist("value")
        case FactKind.CLAIMS:
            return [] if text == "none" else text
        case FactKind.COUNTRY_LIST:
            return [part.strip().upper() for part in text.replace(";", ",").split(",") if part.strip()]
        case FactKind.COUNTRY:
            return text.upper()
        case FactKind.NUMBER:
            try:
                return float(text) if "." in text else int(text)
            except ValueError as error:
                raise InvalidInput(
                    f"“{text}” is no number.", hint="Such as 0.25.", where=question.key
                ) from error
    return text
