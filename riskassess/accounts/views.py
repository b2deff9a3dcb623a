"""The page of a person's access tokens: what they are for, when they end, when they were used."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from riskassess.accounts.models import AccessToken
from riskassess.accounts.people import person
from riskassess.accounts.roles import Can
from riskassess.accounts.tokens import DEFAULT_DAYS, LONGEST_DAYS, SCOPES, make, revoke


class TokenForm(forms.Form):
    name = forms.CharField(label="What uses it", max_length=100, help_text="Such as “nightly export”.")
    scopes = forms.MultipleChoiceField(
        label="What it may do, beside reading",
        choices=[(can.value, can.label) for can in SCOPES],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Never more than your own roles allow.",
    )
    days = forms.IntegerField(
        label="For how many days", initial=DEFAULT_DAYS, min_value=1, max_value=LONGEST_DAYS
    )


@never_cache
@require_safe
def tokens(request: HttpRequest) -> HttpResponse:
    """The person's tokens, and the form for a new one. One query."""
    return _page(request, TokenForm())


@never_cache
@require_POST
@reauthentication_required  # type: ignore[untyped-decorator]
def new_token(request: HttpRequest) -> HttpResponse:
    """Makes a token and shows its key, this once."""
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    said = form.cleaned_data
    made = make(person(request), said["name"], [Can(scope) for scope in said["scopes"]], said["days"])
    return _page(request, TokenForm(), key=made.key)


@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(AccessToken.objects.of(person(request)), pk=pk)
    revoke(token)
    messages.success(request, f"“{token.name}” opens nothing any more.")
    return redirect("accounts:tokens")


def _page(request: HttpRequest, form: TokenForm, key: str = "", status: int = 200) -> HttpResponse:
    found = AccessToken.objects.of(person(request))
    context = {"form": form, "tokens": found, "key": key, "now": timezone.now()}
    return render(request, "account/tokens.html", context, status=status)


@login_not_required
def shut(request: HttpRequest) -> HttpResponse:
    """A door of the sign-in library that is not open here."""
    raise Http404
