"""The shape of what the pages send of a control."""

from __future__ import annotations

from typing import Any

from django import forms

from riskassess.assessments.mitigating import FOLLOW_UP, TITLE_LENGTH, Stated
from riskassess.assessments.models import Mitigation
from riskassess.kernel.errors import InvalidInput
from riskassess.scoring.method import Method


class ControlForm(forms.Form):
    """One control. `only_follow_up` leaves what may still change once the assessment is decided."""

    title = forms.CharField(
        label="The control",
        max_length=TITLE_LENGTH,
        help_text="What is done, such as “Names are replaced before text leaves our network”.",
    )
    factors = forms.MultipleChoiceField(label="What it lowers")
    effectiveness = forms.IntegerField(
        label="How much of it, in percent",
        min_value=1,
        max_value=100,
        help_text="Once it is in place and works as meant.",
    )
    because = forms.CharField(
        label="Whose judgement that is, and what it rests on",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="It is printed beside the number.",
    )
    status = forms.ChoiceField(label="How far it is", choices=Mitigation.Status.choices)
    evidence = forms.CharField(
        label="What shows that",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The clause, the ticket, the test. Needed from committed on.",
    )
    owner = forms.CharField(label="Who sees to it", max_length=TITLE_LENGTH, required=False)
    due_on = forms.DateField(label="By when", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(
        self,
        *args: Any,
        method: Method,
        only_follow_up: bool = False,
        may_say_how_far: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        factors: Any = self.fields["factors"]
        factors.choices = [(factor.key, factor.name) for factor in method.risk_factors]
        for name in list(self.fields):
            if only_follow_up and name not in FOLLOW_UP:
                del self.fields[name]
        if not may_say_how_far:
            status: Any = self.fields["status"]
            status.choices = Mitigation.Status.choices[:1]
            status.help_text = "An assessor says how far it is."

    @property
    def ticked(self) -> list[str]:
        """The factors ticked now, or to begin with."""
        return list(self["factors"].value() or ()) if "factors" in self.fields else []

    def plain_fields(self) -> list[forms.BoundField]:
        """All fields but the factors, which the page draws by domain."""
        return [field for field in self if field.name != "factors"]

    def changes(self) -> dict[str, Any]:
        """What was stated, by the names of `Stated`."""
        given = dict(self.cleaned_data)
        if "factors" in given:
            given["factors"] = tuple(given["factors"])
        return given

    def stated(self) -> Stated:
        return Stated(**self.changes())

    def refuse(self, error: InvalidInput) -> None:
        """Shows what a service refused beside the field it names."""
        where = error.where if error.where in self.fields else None
        self.add_error(where, f"{error.message} {error.hint}".strip())
