"""Since when there are news for a person, and the word by which that moves on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from riskassess.accounts.models import User
from riskassess.assessments.scoring import METHOD_VERSION
from riskassess.home.models import LastLook
from riskassess.rules.rulebook import RULEBOOK


@dataclass(frozen=True, slots=True)
class Look:
    """The moment up to which all is seen; rules and method are empty for somebody who never said so."""

    at: datetime
    rules_release: str = ""
    method_version: str = ""


def last_look(person: User) -> Look:
    """What the person said last; before the first time, all since they joined is new. One query."""
    found = LastLook.objects.filter(person=person).first()
    if found is None:
        return Look(person.date_joined)
    return Look(found.at, found.rules_release, found.method_version)


@transaction.atomic
def has_seen(person: User, until: datetime) -> None:
    """Keeps that the person has seen all up to `until`, the moment their page was made.

    It only moves forward, whichever of two tabs says it last, and never past now.
    """
    until = min(until, timezone.now())
    versions = {"rules_release": RULEBOOK.release, "method_version": METHOD_VERSION}
    _, first = LastLook.objects.get_or_create(person=person, defaults={"at": until, **versions})
    if not first:
        LastLook.objects.filter(person=person, at__lt=until).update(at=until, **versions)
