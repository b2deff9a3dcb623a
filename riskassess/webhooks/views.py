"""The pages of webhooks: the list, one with its log, and what an administrator does with it. Load, ask, render."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Max, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from riskassess.accounts.models import User
from riskassess.accounts.people import person
from riskassess.accounts.roles import Can
from riskassess.kernel.errors import RiskassessError
from riskassess.webhooks import services
from riskassess.webhooks.forms import WebhookForm
from riskassess.webhooks.models import Delivery, Try, Webhook

ON_A_PAGE = 50


@require_safe
def webhooks(request: HttpRequest) -> HttpResponse:
    """Those the person may see, with how their deliveries stand."""
    user = person(request)
    _for_those_who_may(user)
    found = (
        Webhook.objects.visible_to(user)
        .select_related("unit")
        .annotate(
            waiting=Count("deliveries", filter=Q(deliveries__state=Delivery.State.WAITING)),
            given_up=Count("deliveries", filter=Q(deliveries__state=Delivery.State.GIVEN_UP)),
            last=Max("deliveries__ended_at", filter=Q(deliveries__state=Delivery.State.DELIVERED)),
        )
    )
    return render(request, "webhooks/list.html", {"webhooks": found, "may": user.may(Can.KEEP_WEBHOOKS)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required  # type: ignore[untyped-decorator]
def new(request: HttpRequest) -> HttpResponse:
    """Makes one and shows its secret, this once."""
    user = person(request)
    user.require(Can.KEEP_WEBHOOKS)
    form = WebhookForm(request.POST if request.method == "POST" else None, user=user)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = services.make(said["unit"], said["name"], said["url"], form.kinds, by=user)
        except RiskassessError as error:
            form.add_error(
                error.where if error.where in form.fields else None, f"{error.message} {error.hint}"
            )
        else:
            return _page(request, made.webhook, user, secret=made.secret)
    return render(request, "webhooks/new.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_safe
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One webhook and what it was told."""
    user = person(request)
    return _page(request, _found(user, pk), user)


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    webhook = _found(user, pk)
    services.switch(webhook, on=request.POST.get("on") == "yes", by=user)
    told = "It is told what happens from now on." if webhook.is_active else "It is told nothing any more."
    messages.success(request, told)
    return redirect(webhook)


@never_cache
@require_POST
@reauthentication_required  # type: ignore[untyped-decorator]
def secret(request: HttpRequest, pk: int) -> HttpResponse:
    """A new secret, shown this once."""
    user = person(request)
    made = services.change_secret(_found(user, pk), by=user)
    return _page(request, made.webhook, user, secret=made.secret)


@require_POST
def try_it(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    webhook = _found(user, pk)
    services.try_it(webhook, by=user)
    messages.success(request, "A trial is on its way. Load the page again to see what came of it.")
    return redirect(webhook)


@require_POST
def again(request: HttpRequest, pk: int, delivery: int) -> HttpResponse:
    user = person(request)
    webhook = _found(user, pk)
    services.send_again(
        get_object_or_404(webhook.deliveries.select_related("webhook__unit"), pk=delivery), by=user
    )
    messages.success(request, "It is on its way again.")
    return redirect(webhook)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    webhook = _found(user, pk)
    services.remove(webhook, by=user)
    messages.success(request, f"“{webhook.name}” and its log are gone.")
    return redirect("webhooks:list")


def _found(user: User, pk: int) -> Webhook:
    return get_object_or_404(Webhook.objects.visible_to(user).select_related("unit", "created_by"), pk=pk)


def _for_those_who_may(user: User) -> None:
    """The list is there for administrators, and for auditors to read."""
    if not user.reads_everything():
        raise PermissionDenied("Webhooks are an administrator's.")


def _page(request: HttpRequest, webhook: Webhook, user: User, secret: str = "") -> HttpResponse:
    tries = Prefetch("tries", Try.objects.order_by("-at", "-pk"), to_attr="all_tries")
    log = Paginator(webhook.deliveries.prefetch_related(tries), ON_A_PAGE)
    context = {
        "webhook": webhook,
        "log": log.get_page(request.GET.get("page")),
        "secret": secret,
        "may": user.may(Can.KEEP_WEBHOOKS, webhook.unit),
    }
    return render(request, "webhooks/one.html", context)
