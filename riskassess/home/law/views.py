"""The pages of rules and method. The law is in the code; the database is asked for the risk appetite alone."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from riskassess.home.law.appetite import method_under_appetite
from riskassess.home.law.book import lawbook
from riskassess.home.law.cases import cases_of
from riskassess.home.law.parts import Lawbook, RegimePart, RulePart


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Every rule, by regime: what it says, since when, on what law, and what is old. Filters: regime, q, old."""
    book = lawbook(timezone.localdate())
    regime, words = request.GET.get("regime", ""), request.GET.get("q", "").strip()[:200]
    only_old = request.GET.get("old") == "1"
    shown = _matching(book, regime, words.lower().split(), only_old)
    return render(
        request,
        "home/law/index.html",
        {
            "book": book,
            "shown": shown,
            "count": sum(len(one.rules) for one in shown),
            "stale": sum(rule.stale for rule in book.rules),
            "chosen": regime,
            "words": words,
            "only_old": only_old,
            "filtered": bool(regime or words or only_old),
        },
    )


@require_GET
def rule(request: HttpRequest, rule_id: str) -> HttpResponse:
    """One rule in every version, with its law, numbers, facts, gate and cases."""
    book = lawbook(timezone.localdate())
    found = book.find(rule_id)
    if found is None:
        raise Http404(f"There is no rule {rule_id}.")
    regime = next(one for one in book.regimes if one.key == found.regime)
    cases = [(case, case.outcomes[found.id]) for case in cases_of(found.id, found.regime)]
    return render(
        request, "home/law/rule.html", {"rule": found, "regime": regime, "book": book, "cases": cases}
    )


@require_GET
def method(request: HttpRequest) -> HttpResponse:
    """The method that new runs use: factors, tables, gates, and the lines in force. One query, for the lines."""
    part, settings, own_lines = method_under_appetite(timezone.localdate())
    return render(
        request, "home/law/method.html", {"method": part, "settings": settings, "own_lines": own_lines}
    )


def _matching(book: Lawbook, regime: str, words: list[str], only_old: bool) -> list[RegimePart]:
    """The regimes with the rules that match; those without any are left out."""

    def matches(one: RulePart) -> bool:
        return all(word in one.words for word in words) and (one.stale or not only_old)

    chosen = [one for one in book.regimes if regime in ("", one.key)]
    kept = [replace(one, rules=tuple(rule for rule in one.rules if matches(rule))) for one in chosen]
    return [one for one in kept if one.rules]
