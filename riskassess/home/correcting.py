"""A record corrected by hand, what lists call it remembered, and what rests on it scored anew: in one transaction."""

from __future__ import annotations

from collections.abc import Callable

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from riskassess.accounts.models import User
from riskassess.assessments.models import Answer
from riskassess.assessments.services import rescore_offerings
from riskassess.catalog.models import AIModel, Offering, Source
from riskassess.catalog.moving import resting_on_record
from riskassess.evidence.models import Claim
from riskassess.imports.models import Spelling


@transaction.atomic
def corrected(record: models.Model | None, change: Callable[[], models.Model | None], *, by: User) -> bool:
    """Makes the change and asks for the job that scores what rests on the record; whether anything does.

    `record` is None for one that is added; `change` gives what there is then, None for what was taken out. What rested
    on it before the change counts as well: a party that is taken out has moved its offerings. Lists that write a
    corrected name as it was before find the offering still.
    """
    before, names = _resting(record), _names(record)
    now = change()
    _remember(names)
    one = now or record
    called = f"{one._meta.model_name}:{one.pk}" if one else ""
    because = f"correction:{called}:{timezone.now().isoformat()}"
    return rescore_offerings(before | _resting(now), because=because, by=by) is not None


def _resting(record: models.Model | None) -> set[int]:
    """By the catalog, and by claims and answers that a source states."""
    if record is None:
        return set()
    found = resting_on_record(record)
    return found | _by_evidence(record) if isinstance(record, Source) else found


def _by_evidence(source: Source) -> set[int]:
    claims = Claim.objects.filter(links__source=source).order_by()
    whole = claims.filter(model__isnull=True, offering__isnull=True)
    about = Q(pk__in=claims.values("offering")) | Q(model__in=claims.values("model"))
    about |= Q(model__developer__in=whole.values("vendor"))
    about |= Q(pk__in=Answer.objects.filter(source=source).order_by().values("assessment__offering"))
    return set(Offering.objects.filter(about).order_by().values_list("pk", flat=True))


def _names(record: models.Model | None) -> list[tuple[int, int | None, str, str]]:
    """How lists find the offerings that the record names: id, seller, identity, name."""
    if isinstance(record, Offering):
        found = Offering.objects.filter(pk=record.pk)
    elif isinstance(record, AIModel):
        found = Offering.objects.filter(model=record.pk)
    else:
        return []
    return list(found.order_by("pk").values_list("pk", "seller_id", "identity", "name"))


def _remember(names: list[tuple[int, int | None, str, str]]) -> None:
    """Keeps the earlier spelling of an offering that is called otherwise now; under another seller it is another's."""
    now = Offering.objects.in_bulk([pk for pk, *_ in names])
    for pk, seller, identity, said in names:
        if now[pk].seller_id == seller and now[pk].identity != identity:
            Spelling.objects.get_or_create(key=identity, defaults={"offering_id": pk, "said": said})
