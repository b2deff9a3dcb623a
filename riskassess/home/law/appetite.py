"""The risk appetite on its pages: what is in force and since when, who set it and why, and setting a new one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from riskassess.accounts.people import person
from riskassess.accounts.roles import Can
from riskassess.assessments.appetite import check_start, in_force, set_appetite
from riskassess.assessments.appetite_preview import Preview, preview
from riskassess.assessments.models import RiskAppetite
from riskassess.assessments.scoring import current_method
from riskassess.home.law.method import MethodPart, bands_of, method_part
from riskassess.kernel.errors import InvalidInput
from riskassess.scoring.anatomy import Appetite
from riskassess.scoring.appetite import NUMBERS, lines_in_words, own_appetite, under


@dataclass(frozen=True, slots=True)
class Setting:
    """One version as the page of the method lists it."""

    row: RiskAppetite
    words: str
    in_force: bool
    to_come: bool


def method_under_appetite(on: date) -> tuple[MethodPart, list[Setting], str]:
    """The method with the lines in force that day, every version newest first, and the data's own lines.

    One query.
    """
    rows = list(RiskAppetite.objects.select_related("set_by"))
    now = next((row for row in rows if row.since <= on), None)
    method = under(current_method(), now.appetite if now else None)
    part = replace(method_part(), bands=bands_of(method), coverage_percent=method.coverage_percent)
    settings = [Setting(row, lines_in_words(row.appetite), row is now, row.since > on) for row in rows]
    return part, settings, lines_in_words(own_appetite(current_method()))


class LinesForm(forms.Form):
    """The lines of a new version and the day it starts; what they may be, the service says."""

    approve = forms.IntegerField(label="Approve under", help_text="Risk points that an approval stays under.")
    conditional = forms.IntegerField(label="Conditional under", help_text="From here a person has to look.")
    reject = forms.IntegerField(label="Reject from", help_text="Where even the best case is this or more.")
    coverage_percent = forms.IntegerField(
        label="Coverage, %", help_text="Of what counts, on good evidence, before approval."
    )
    utility_slope = forms.IntegerField(
        label="Worth of a point",
        help_text="Points of opportunity a point of risk outweighs; decides nothing.",
    )
    since = forms.DateField(
        label="In force from",
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="For assessments judged as of this day or later.",
    )

    def appetite(self) -> Appetite:
        return Appetite(**{name: self.cleaned_data[name] for name in NUMBERS})

    def refuse(self, error: InvalidInput) -> None:
        """Puts what the service refused beside the field that it names."""
        field = error.where if error.where in self.fields else None
        self.add_error(field, f"{error.message} {error.hint}")


class SettingForm(LinesForm):
    """The same, with the reason that stays on record."""

    reason = forms.CharField(
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stays on record with your name; nobody can change it later.",
    )

    def refuse(self, error: InvalidInput) -> None:
        """Beside the reason or above it: the lines themselves are hidden here."""
        self.add_error("reason" if error.where == "reason" else None, f"{error.message} {error.hint}")


@require_http_methods(["GET", "POST"])
def appetite(request: HttpRequest) -> HttpResponse:
    """Draw new lines: see which decisions they would move, then set them with a reason."""
    user = person(request)
    user.require(Can.CHANGE_APPETITE)
    if request.method == "POST":
        setting = SettingForm(request.POST)
        if setting.is_valid():
            try:
                made = set_appetite(
                    setting.appetite(),
                    since=setting.cleaned_data["since"],
                    reason=setting.cleaned_data["reason"],
                    by=user,
                )
            except InvalidInput as error:
                setting.refuse(error)
            else:
                said = f"Version {made.version} is set. What it concerns is being scored anew."
                messages.success(request, said)
                return redirect(f"{reverse('rules:method')}#appetite")
        return render(request, "home/law/appetite.html", _page(LinesForm(request.POST), setting, request))
    lines = LinesForm(request.GET) if request.GET else LinesForm(initial=_now())
    return render(request, "home/law/appetite.html", _page(lines, None, request))


def _page(lines: LinesForm, setting: SettingForm | None, request: HttpRequest) -> dict[str, Any]:
    """The forms and, where the lines are allowed, what they would move."""
    found: Preview | None = None
    if lines.is_bound and lines.is_valid():
        since = lines.cleaned_data["since"]
        try:
            check_start(since)
            found = preview(lines.appetite(), since, by=person(request))
        except InvalidInput as error:
            lines.refuse(error)
    if found and setting is None:
        setting = SettingForm(initial=lines.cleaned_data)
    if setting is not None:
        for name in LinesForm.base_fields:
            setting.fields[name].widget = forms.HiddenInput()
    return {"lines": lines, "setting": setting if found else None, "preview": found}


def _now() -> dict[str, Any]:
    """The lines in force today, to start from."""
    today = timezone.localdate()
    row = in_force(today)
    now = row.appetite if row else own_appetite(current_method())
    return {name: getattr(now, name) for name in NUMBERS} | {"since": today}
