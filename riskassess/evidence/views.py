"""The pages of evidence: lists, one claim, one open question. Load, ask, render."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from riskassess.accounts.people import person
from riskassess.accounts.roles import Can
from riskassess.evidence import lists
from riskassess.evidence.document_lines import on_claim
from riskassess.evidence.models import Claim, ClaimSource, OpenQuestion
from riskassess.listing import respond
from riskassess.scoring.method import load_method

METHOD = "vrm-1.0"


@require_GET
def claims(request: HttpRequest) -> HttpResponse:
    rows = Claim.objects.visible_to(person(request)).select_related("vendor", "model", "offering")
    return respond(request, lists.CLAIMS, rows)


@require_GET
def questions(request: HttpRequest) -> HttpResponse:
    rows = OpenQuestion.objects.visible_to(person(request)).select_related("vendor", "model", "offering")
    return respond(request, lists.QUESTIONS, rows)


@dataclass(frozen=True, slots=True)
class Decided:
    """A factor that a claim bears on, and the level it would put it at."""

    key: str
    name: str
    level: object
    anchor: str


@require_GET
def claim(request: HttpRequest, key: str) -> HttpResponse:
    """A claim, the sources for and against it, and what it decides."""
    user = person(request)
    found = get_object_or_404(Claim.objects.visible_to(user).with_sources(), key=key)
    return render(
        request,
        "evidence/claim.html",
        {
            "claim": found,
            "links": _strongest_first(list(found.links.all())),
            "decides": [_decided(factor, level) for factor, level in found.decides.items()],
            "questions": found.questions.visible_to(user),
            "documents": on_claim(found, user),
            "may_attach": user.may(Can.REQUEST),
            "step_word": Claim.Substantiation(found.substantiation).label,
        },
    )


@require_GET
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """An open question: whom it concerns, what would count as an answer."""
    visible = OpenQuestion.objects.visible_to(person(request))
    found = get_object_or_404(visible.select_related("vendor", "model", "offering", "claim", "unit"), pk=pk)
    return render(request, "evidence/question.html", {"question": found})


def _strongest_first(links: list[ClaimSource]) -> list[ClaimSource]:
    """What contradicts before what supports, so that nobody overlooks it; then the most reliable source."""
    order = {"contradicts": 0, "supports": 1, "states": 2}
    return sorted(links, key=lambda link: (order[link.relation], link.source.reliability))


def _decided(key: str, level: object) -> Decided:
    method = load_method(METHOD)
    known = {factor.key: factor for factor in (*method.risk_factors, *method.opportunity_factors)}
    factor = known.get(key)
    if factor is None:
        return Decided(key, "", level, "")
    anchor = factor.anchors[level] if isinstance(level, int) and level < len(factor.anchors) else ""
    return Decided(key, factor.name, level, anchor)
