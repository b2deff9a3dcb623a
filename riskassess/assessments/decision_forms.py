"""The shape of what an approver sends: a decision with rows of conditions, or remarks to return with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from riskassess.assessments.accepting import Acceptance
from riskassess.assessments.conditions import OWNER_LENGTH, NewCondition
from riskassess.assessments.models import OUTCOMES
from riskassess.assessments.questions import Section, questions
from riskassess.assessments.remarks import NewRemark
from riskassess.assessments.scoring import METHOD_VERSION
from riskassess.kernel.errors import InvalidInput

ROWS = 8
REMARK_ROWS = 4
ROWS_OPEN = 3  # the others are a click away

DAY = {"type": "date"}
ACCEPT_HELP = (
    "Needed when you approve better than computed, or while the risk that is left may reach the line of approval. "
    "Due for review on that day."
)


class ConditionForm(forms.Form):
    """One condition; a row that is left empty is none."""

    text = forms.CharField(label="What must be so", required=False)
    owner = forms.CharField(label="Who sees to it", required=False, max_length=OWNER_LENGTH)
    due_on = forms.DateField(label="By", required=False, widget=forms.DateInput(attrs=DAY))

    @property
    def is_filled(self) -> bool:
        return any(self[name].value() for name in self.fields)

    def given(self) -> NewCondition:
        return NewCondition(**self.cleaned_data)


class RemarkForm(forms.Form):
    """A remark on one question; a row that is left empty is none."""

    question = forms.ChoiceField(label="Question", required=False)
    text = forms.CharField(label="What is to be put right", required=False)

    def __init__(self, *args: Any, claims: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["question"]
        field.choices = question_choices(claims)


class ReturnForm(forms.Form):
    """Why an assessment goes back: remarks on all of it, and on single questions."""

    overall = forms.CharField(
        label="On all of it",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What is to be put right before you can decide.",
    )

    def __init__(self, *args: Any, claims: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        data, known = (self.data if self.is_bound else None), tuple(claims)
        self.rows = [RemarkForm(data, prefix=f"remark-{n}", claims=known) for n in range(REMARK_ROWS)]

    def is_valid(self) -> bool:
        rows = [row.is_valid() for row in self.rows]
        return super().is_valid() and all(rows)

    def given(self) -> tuple[NewRemark, ...]:
        """What `services.return_for_changes` takes."""
        overall = self.cleaned_data["overall"]
        rows = [NewRemark(**row.cleaned_data) for row in self.rows if any(row.cleaned_data.values())]
        return (*([NewRemark(overall)] if overall else []), *rows)

    def refuse(self, error: InvalidInput) -> None:
        self.add_error(None, f"{error.message} {error.hint}".strip())


def question_choices(claims: Iterable[tuple[str, str]]) -> list[Any]:
    """Every question by its section of the form, those on claims (key and title) at the end."""
    found: dict[str, list[tuple[str, str]]] = {section.heading: [] for section in Section}
    for key, question in questions(METHOD_VERSION).items():
        found[question.section.heading].append((key, question.text))
    found["Claims of the vendor"] = [(f"claim.{key}", title) for key, title in claims]
    return [("", "Choose a question"), *((name, rows) for name, rows in found.items() if rows)]


class DecisionForm(forms.Form):
    """A person's decision on the computed one."""

    run = forms.IntegerField(required=False, widget=forms.HiddenInput)  # the one that was looked at
    outcome = forms.ChoiceField(label="Decision", choices=OUTCOMES)
    reason = forms.CharField(
        label="Reason",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed when you decide otherwise than computed. It is printed.",
    )
    valid_until = forms.DateField(
        label="Valid until",
        required=False,
        widget=forms.DateInput(attrs=DAY),
        help_text="The approval is due for review on that day.",
    )

    accept_until = forms.DateField(
        label="Risk accepted until", required=False, widget=forms.DateInput(attrs=DAY), help_text=ACCEPT_HELP
    )
    accept_reason = forms.CharField(
        label="Why the risk is accepted",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Left empty, it is what you say above.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        data = self.data if self.is_bound else None
        self.conditions = [ConditionForm(data, prefix=f"condition-{number}") for number in range(ROWS)]

    @property
    def conditions_open(self) -> list[ConditionForm]:
        return self.conditions[:ROWS_OPEN]

    @property
    def conditions_more(self) -> list[ConditionForm]:
        return self.conditions[ROWS_OPEN:]

    @property
    def needs_more(self) -> bool:
        """Whether one of the further rows is filled, and so has to be seen."""
        return any(row.is_filled for row in self.conditions_more)

    def is_valid(self) -> bool:
        # Every row is looked at, so that each says what is wrong with it.
        rows = [row.is_valid() for row in self.conditions]
        return super().is_valid() and all(rows)

    def given(self) -> dict[str, Any]:
        """What `services.decide` takes."""
        conditions = tuple(row.given() for row in self.conditions if row.is_filled)
        given = dict(self.cleaned_data)
        given["seen"] = given.pop("run")
        accept = Acceptance(given.pop("accept_reason"), given.pop("accept_until"))
        return {**given, "conditions": conditions, "accept": accept}

    def refuse(self, error: InvalidInput) -> None:
        """Shows what a service refused beside the field it names."""
        where = error.where if error.where in self.fields else None
        self.add_error(where, f"{error.message} {error.hint}".strip())
