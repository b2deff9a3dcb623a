"""The shape of a decision as the page sends it: the outcome, its reason, and rows of conditions."""

from __future__ import annotations

from typing import Any

from django import forms

from riskassess.assessments.conditions import OWNER_LENGTH, NewCondition
from riskassess.assessments.models import OUTCOMES
from riskassess.kernel.errors import InvalidInput

ROWS = 8
ROWS_OPEN = 3  # the others are a click away

DAY = {"type": "date"}


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


class DecisionForm(forms.Form):
    """A person's decision on the computed one."""

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
        return {**self.cleaned_data, "conditions": conditions}

    def refuse(self, error: InvalidInput) -> None:
        """Shows what a service refused beside the field it names."""
        where = error.where if error.where in self.fields else None
        self.add_error(where, f"{error.message} {error.hint}".strip())
