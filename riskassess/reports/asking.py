"""The questions of a route as open questions of the unit: asked once, however often somebody asks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from riskassess.accounts.models import User
from riskassess.accounts.roles import Can
from riskassess.assessments.models import Assessment, ScoreRun
from riskassess.catalog.models import Offering, Vendor
from riskassess.evidence.models import OpenQuestion
from riskassess.kernel.errors import Conflict, InvalidInput, NotAllowed
from riskassess.reports.content import content_of
from riskassess.reports.shape import Ask


@dataclass(frozen=True, slots=True)
class Asking:
    """One question of the route, and the open question it was turned into, if somebody did."""

    ask: Ask
    asked: OpenQuestion | None


@transaction.atomic
def ask_route(
    assessment: Assessment, run: ScoreRun, keys: Iterable[str], by: User, *, on: date
) -> tuple[OpenQuestion, ...]:
    """Turns the questions of `keys` on the route of `run` into open questions of the unit; all of them.

    Asked twice it is one row: the second finds the first. Raises NotAllowed, Conflict for a run that is not
    the current one, InvalidInput for a key that the route does not ask.
    """
    if not by.may(Can.ASSESS, assessment.unit):
        raise NotAllowed(f"Your roles in {assessment.unit} do not let you ask in its name.")
    # The row is locked where the database can, so that two clicks at once ask one question.
    locked = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if run.assessment_id != locked.pk or run.pk != locked.current_run_id:
        raise Conflict("That is not the current score.", hint="See the current one and ask from there.")
    route = {ask.key: ask for ask in content_of(json.loads(run.record), run, None, ()).route.asks}
    wanted = dict.fromkeys(keys)
    if strange := [key for key in wanted if key not in route]:
        raise InvalidInput(
            f"“{strange[0][:60]}” is no question of this route.", hint="Reload the page.", where="key"
        )
    return tuple(
        _asked(assessment, key, text, proof, on) for key in wanted for text, proof in questions_of(route[key])
    )


def questions_of(ask: Ask) -> tuple[tuple[str, str], ...]:
    """Every question of one step of the route, each with what would prove its answer."""
    return ((ask.text, ask.proof), *ask.more)


def _asked(assessment: Assessment, key: str, text: str, proof: str, on: date) -> OpenQuestion:
    offering = assessment.offering
    same = OpenQuestion.objects.unanswered().filter(unit=assessment.unit, offering=offering, text=text)
    found = same.filter(decides=key).first()
    return found or OpenQuestion.objects.create(
        vendor=_asked_of(offering),
        model=offering.model,
        offering=offering,
        unit=assessment.unit,
        text=text,
        decides=key,
        proof=proof[:200],
        raised_on=on,
    )


def who_knows(offering: Offering) -> Vendor | None:
    """Whom to ask about an offering: who sells it, else who made, hosts or runs it; None where nobody is on record."""
    parties = (offering.seller, offering.model.developer, offering.host, offering.model_operator)
    return next((party for party in parties if party is not None), None)


def _asked_of(offering: Offering) -> Vendor:
    vendor = who_knows(offering)
    if vendor is None:
        raise InvalidInput(
            f"Nobody is on record for {offering} who could be asked.",
            hint="Record its seller in the catalog first.",
        )
    return vendor


def askings(assessment: Assessment, asks: Sequence[Ask]) -> tuple[Asking, ...]:
    """The route with what has been asked of it. One query."""
    found = OpenQuestion.objects.filter(
        unit=assessment.unit_id, offering=assessment.offering_id, decides__in=[ask.key for ask in asks]
    )
    latest: Mapping[tuple[str, str], OpenQuestion] = {
        (one.decides, one.text): one for one in found.order_by("pk")
    }
    return tuple(Asking(ask, latest.get((ask.key, ask.text))) for ask in asks)
