"""What an administrator fills in. The units are those that they keep."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from riskassess.accounts.models import BusinessUnit
from riskassess.accounts.roles import Role
from riskassess.people.models import ROLES


class _InAUnit(forms.Form):
    """A role in one of `units`, given by their ids."""

    unit = forms.ModelChoiceField(
        queryset=BusinessUnit.objects.none(), label="Business unit", empty_label=None
    )
    role = forms.ChoiceField(label="Role", choices=ROLES)

    def __init__(self, *args: Any, units: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = BusinessUnit.objects.filter(pk__in=units)  # type: ignore[attr-defined]

    @property
    def wanted(self) -> Role:
        return Role(self.cleaned_data["role"])


class RoleForm(_InAUnit):
    """One more role."""


class InvitationForm(_InAUnit):
    """Whom to invite, as what."""

    email = forms.EmailField(
        label="Address", help_text="The link goes there, and the person signs in with it."
    )
    field_order = ("email", "unit", "role")


class AcceptForm(forms.Form):
    """What somebody invited says: name, and a password twice."""

    name = forms.CharField(
        label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 letters, and none that everybody uses.",
    )
    again = forms.CharField(
        label="Password (again)",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError("This is another one than above.")
        return again


class PersonForm(forms.Form):
    """How a person is called, and the address they sign in with."""

    name = forms.CharField(label="Name", max_length=200)
    email = forms.EmailField(
        label="Address",
        help_text="The person signs in with it, and links for a new password go there.",
    )


class UnitForm(forms.Form):
    """The name of a unit."""

    name = forms.CharField(label="Name", max_length=200)
