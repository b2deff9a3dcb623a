"""What our own assessments found of an offering, where the person may read them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join

from riskassess import marks
from riskassess.accounts.models import User
from riskassess.assessments.models import Assessment
from riskassess.catalog.models import Offering


def latest_verdicts(user: User, offerings: Iterable[Offering]) -> dict[int, str]:
    """Offering -> the marks of its assessments, each leading there. One query."""
    found = Assessment.objects.visible_to(user).open()
    by_offering: dict[int, list[Assessment]] = {one.pk: [] for one in offerings}
    rows = found.filter(offering__in=list(by_offering)).select_related("current_run")
    for row in rows.order_by("pk"):
        by_offering[row.offering_id].append(row)
    return {pk: _marks(assessments) for pk, assessments in by_offering.items()}


def _marks(assessments: list[Assessment]) -> str:
    if not assessments:
        return format_html('<span class="muted">{}</span>', "not assessed")
    return format_html_join(
        "",
        '<span class="verdict-line">{}</span>',
        ((_verdict(assessment),) for assessment in assessments),
    )


def _verdict(assessment: Assessment) -> str:
    run = assessment.current_run
    shown = marks.mark(run.decision) if run else marks.unknown("Not scored")
    return format_html(
        '{}<br><a class="prov" href="{}">{}</a>', shown, assessment.get_absolute_url(), assessment.use_case
    )
