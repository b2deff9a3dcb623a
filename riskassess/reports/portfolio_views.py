"""The portfolio page and its direct downloads. Filter, build, show."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.people import person
from riskassess.assessments.models import Assessment
from riskassess.assessments.scoring import method_on
from riskassess.assessments.states import OVER, Standing
from riskassess.kernel.errors import InvalidInput
from riskassess.reports.figures import listed
from riskassess.reports.portfolio import Portfolio, portfolio
from riskassess.reports.portfolio_charts import MOST_ON_MAP, grid_of, map_of
from riskassess.reports.portfolio_files import portfolio_csv, portfolio_text

PAGE = 50
STANDINGS = tuple(one for one in Standing if one.value not in {state.value for state in OVER})
DIRECT: dict[str, tuple[Callable[[Portfolio], bytes], str]] = {
    "csv": (portfolio_csv, "text/csv; charset=utf-8"),
    "json": (portfolio_text, "application/json"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of what a person may see: a unit, a standing, or all that is not over."""

    unit: int | None = None
    standing: str = ""

    @classmethod
    def read(cls, given: QueryDict) -> Wanted:
        """From an address or a form; what is not understood there is not asked for."""
        unit = given.get("unit", "")
        is_number = unit.isascii() and unit.isdigit() and len(unit) < 16
        return cls.of(int(unit) if is_number else None, given.get("standing", ""))

    @classmethod
    def of(cls, unit: int | None, standing: str) -> Wanted:
        """The same of a unit's id, and a standing by its value."""
        return cls(unit, standing if standing in {one.value for one in STANDINGS} else "")

    def units(self, visible: Iterable[int]) -> list[int]:
        """The units it is about, of those that the person may see."""
        return [pk for pk in visible if self.unit in (None, pk)]

    @property
    def query(self) -> str:
        """As an address carries it."""
        parts = {"unit": self.unit or "", "standing": self.standing}
        return "&".join(f"{name}={value}" for name, value in parts.items() if value)


def found_for(user: User, wanted: Wanted) -> QuerySet[Assessment]:
    """The assessments of a portfolio, as far as `user` may see them. No query yet."""
    found = Assessment.objects.visible_to(user).open()
    if wanted.unit is not None:
        found = found.filter(unit=wanted.unit)
    if wanted.standing:
        found = found.standing(Standing(wanted.standing), timezone.localdate())
    return found


def title_of(wanted: Wanted, units: dict[int, str]) -> str:
    """What the portfolio is called."""
    whose = units.get(wanted.unit, "") if wanted.unit is not None else ""
    how = f", {Standing(wanted.standing).label.lower()}" if wanted.standing else ""
    return f"Portfolio of {whose}{how}" if whose else f"Portfolio{how}"


def built(user: User, wanted: Wanted) -> tuple[Portfolio, dict[int, str]]:
    """The portfolio and the units to choose from. Seven queries: two ask what the person may see, then the units,
    the risk appetite in force, and the portfolio's three."""
    units = dict(BusinessUnit.objects.visible_to(user).values_list("pk", "name"))
    today = timezone.localdate()
    lines = method_on(today).thresholds
    return portfolio(found_for(user, wanted), today, title_of(wanted, units), lines), units


@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The portfolio as a page, or as .csv or .json (`?export=`)."""
    user, wanted = person(request), Wanted.read(request.GET)
    made, units = built(user, wanted)
    export = request.GET.get("export", "")
    if export:
        return _download(made, export)
    return render(request, "reports/portfolio.html", _context(request, made, units, wanted))


def _download(made: Portfolio, export: str) -> HttpResponse:
    if export not in DIRECT:
        raise InvalidInput(
            f"“{export}” is no format of the portfolio.",
            hint=f"Use {listed(list(DIRECT), 'or')}.",
            where="export",
        )
    write, content_type = DIRECT[export]
    response = HttpResponse(write(made), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{made.filename}.{export}"'
    return response


def _context(request: HttpRequest, made: Portfolio, units: dict[int, str], wanted: Wanted) -> dict[str, Any]:
    pages = max(1, -(-len(made.entries) // PAGE))
    text = request.GET.get("page", "")
    number = min(pages, max(1, int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1))
    shown = made.entries[(number - 1) * PAGE : number * PAGE]
    return {
        "p": made,
        "shown": shown,
        "number": number,
        "pages": pages,
        "grid": grid_of(shown, made),
        "map": map_of(made),
        "on_map": MOST_ON_MAP,
        "units": sorted(units.items(), key=lambda one: one[1]),
        "standings": [(one.value, one.label) for one in STANDINGS],
        "wanted": wanted,
        "exports": list(DIRECT),
        "today": made.today,
    }
