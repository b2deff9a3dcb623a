"""The page of invitations: who is asked to come, a new one, and what is done with one that waits."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from riskassess.accounts.people import person
from riskassess.accounts.roles import Role
from riskassess.kernel.errors import InvalidInput
from riskassess.people import invitations as services
from riskassess.people.forms import InvitationForm
from riskassess.people.lists import TABS
from riskassess.people.models import Invitation
from riskassess.people.rights import is_administrator, kept_by
from riskassess.people.views import for_administrators, for_readers

LATELY = 50  # of those that are over, the newest


@require_safe
@for_readers
def invitations(request: HttpRequest) -> HttpResponse:
    """Those that wait, and the newest of those that are over."""
    by = person(request)
    kept = set(kept_by(by).values_list("pk", flat=True))
    found = Invitation.objects.select_related("unit", "invited_by", "accepted_by")
    context = {
        "tabs": TABS,
        "waiting": [
            {"one": one, "role": Role(one.role).label, "mine": one.unit_id in kept} for one in found.pending()
        ],
        "over": [
            {"one": one, "role": Role(one.role).label}
            for one in found.exclude(state=Invitation.State.PENDING)[:LATELY]
        ],
        "administers": is_administrator(by),
    }
    return render(request, "people/invitations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def new(request: HttpRequest) -> HttpResponse:
    by = person(request)
    sent = request.method == "POST"
    units = kept_by(by).values_list("pk", flat=True)
    form = InvitationForm(request.POST if sent else None, units=units)
    if sent and form.is_valid():
        said = form.cleaned_data
        try:
            made = services.invite(said["email"], said["unit"], form.wanted, by=by)
        except InvalidInput as error:
            form.add_error(error.where or None, f"{error.message} {error.hint}".strip())
        else:
            messages.success(request, f"The invitation is on its way to {made.email}.")
            return redirect("people:invitations")
    return render(request, "people/invite.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@for_administrators
def send_again(request: HttpRequest, invitation: int) -> HttpResponse:
    found = _found(invitation)
    services.send_again(found, by=person(request))
    messages.success(
        request, f"A new link is on its way to {found.email}; the old one opens nothing any more."
    )
    return redirect("people:invitations")


@require_POST
@for_administrators
def withdraw(request: HttpRequest, invitation: int) -> HttpResponse:
    found = _found(invitation)
    services.withdraw(found, by=person(request))
    messages.success(request, f"The invitation of {found.email} is withdrawn.")
    return redirect("people:invitations")


def _found(pk: int) -> Invitation:
    return get_object_or_404(Invitation.objects.select_related("unit"), pk=pk)
