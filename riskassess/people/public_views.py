"""The page behind an invitation's link: opened without an account, by whoever holds it.

As behind the link of an inquiry, the token in the address is the only right there is, so that no cookie needs a token
against forged requests; under `Referrer-Policy: no-referrer` browsers send `Origin: null`, which Django would refuse.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from riskassess.accounts import limits
from riskassess.accounts.addresses import address_of
from riskassess.accounts.roles import Role
from riskassess.accounts.single_sign_on import is_configured
from riskassess.kernel.errors import Conflict, InvalidInput
from riskassess.people.forms import AcceptForm
from riskassess.people.invitations import accept, invitation_of
from riskassess.people.models import Invitation

HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


@csrf_exempt
@login_not_required
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The invitation, and the form that accepts it."""
    answer = _answer(request, invitation_of(token))
    for name, value in HEADERS.items():
        answer[name] = value
    return answer


def _answer(request: HttpRequest, invitation: Invitation | None) -> HttpResponse:
    if invitation is None:
        if not limits.within("wrong", address_of(request), limits.MOST_WRONG_LINKS):
            return render(request, "people/invited_slower.html", status=429)
        return render(request, "people/invited_unknown.html", status=404)
    if not invitation.is_open:
        return _over(request, invitation)
    if request.user.is_authenticated:
        return render(request, "people/invited_signed_in.html", {"invitation": invitation}, status=403)
    if request.method == "POST" and not limits.within("accept", str(invitation.pk), limits.MOST_ACCEPTING):
        return render(request, "people/invited_slower.html", status=429)
    form = AcceptForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            accept(invitation, form.cleaned_data["name"], form.cleaned_data["password"])
        except InvalidInput as error:
            form.add_error(error.where or None, error.message)
        except Conflict:
            invitation.refresh_from_db()
            return _over(request, invitation)
        else:
            messages.success(request, "Your account is open. Sign in with your address and the new password.")
            return redirect(settings.LOGIN_URL)
    context = {
        "invitation": invitation,
        "role": Role(invitation.role).label.lower(),
        "form": form,
        "by_sign_in": is_configured(),
    }
    return render(request, "people/invited.html", context, status=422 if form.errors else 200)


def _over(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    return render(request, "people/invited_over.html", {"invitation": invitation}, status=410)
