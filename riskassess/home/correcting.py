"""A record corrected by hand, and what rests on it scored anew, in one transaction: as after an import."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from riskassess.accounts.models import User
from riskassess.assessments.services import rescore_offerings
from riskassess.catalog.correcting import resting_on_record
from riskassess.catalog.services import Subject


@transaction.atomic
def corrected(subject: Subject, change: Callable[[], object], *, by: User) -> bool:
    """Makes the change and asks for the job that scores what rests on the record; whether anything does.

    What rested on it before the change counts as well: a party that is taken out has moved its offerings.
    """
    before = resting_on_record(subject)
    change()
    because = f"correction:{subject._meta.model_name}:{subject.pk}:{timezone.now().isoformat()}"
    return rescore_offerings(before | resting_on_record(subject), because=because, by=by) is not None
