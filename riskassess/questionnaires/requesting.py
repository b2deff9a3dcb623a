"""What a vendor is asked for beside the questions: chosen from the negotiation pack, kept in the words sent."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from riskassess.accounts.models import User
from riskassess.assessments.negotiating import negotiation_pack
from riskassess.assessments.what_if import record_to_try
from riskassess.kernel.errors import Conflict, InvalidInput
from riskassess.questionnaires.models import Inquiry, InquiryRequest
from riskassess.questionnaires.services import may_ask
from riskassess.questionnaires.states import WITH_THE_VENDOR, State
from riskassess.reports.negotiation import requests_of

CHANGEABLE = frozenset({State.DRAFT, *WITH_THE_VENDOR})


@transaction.atomic
def put_requests(inquiry: Inquiry, keys: Sequence[str], *, figures: bool, by: User) -> int:
    """Puts what these items of the current run's pack ask for in place of what was asked so far; how many those are.

    Nothing of level, risk and decision goes along unless `figures`. Raises NotAllowed, Conflict once the inquiry was
    handed in or there is no score, InvalidInput for an item that the pack does not hold, or that is ours to do.
    """
    may_ask(inquiry.unit, by=by)
    held = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
    if held.state not in CHANGEABLE:
        raise Conflict(f"It is over: {held.state.label.lower()}.", hint="Ask anew.")
    held.requests.all().delete()
    if not keys:
        return 0
    record = record_to_try(record_behind(inquiry))
    pack = negotiation_pack(record)
    if strange := [key for key in keys if key not in pack.levers or pack.levers[key].ours]:
        raise InvalidInput(
            f"“{strange[0][:60]}” is nothing that the vendor could bring.",
            hint="Reload the page.",
            where="item",
        )
    made = requests_of(record, pack, keys, figures=figures)
    InquiryRequest.objects.bulk_create(
        InquiryRequest(
            inquiry=held,
            position=one.number,
            topic=one.topic[:200],
            label=one.label,
            question=one.question,
            answer=one.answer,
            proof=one.proof,
            law=one.law,
            figures=one.figures,
        )
        for one in made
    )
    return len(made)


def record_behind(inquiry: Inquiry) -> str:
    """The record of the current run of the inquiry's assessment. Raises Conflict where there is none."""
    run = inquiry.assessment.current_run if inquiry.assessment else None
    if run is None:
        raise Conflict(
            "There is no score to negotiate from.", hint="Score the assessment that this inquiry belongs to."
        )
    return run.record
