"""Requests that carry an Idempotency-Key are done once, however often they are sent.

1. The key is claimed in a transaction of its own, so that a second request sees that the first one is at work.
2. What the request does and the answer that is kept commit together. A process killed before that has done
   nothing and kept nothing; its claim is taken over once it is old, and what still ran under it cannot commit.
3. Sent again, the answer is given as it was kept. A request that was refused changed nothing and keeps nothing.

An answer is kept sealed: it may hold what is nowhere else written down, such as the link of an inquiry.

The same key with another request is a mistake of the caller's (422), and nothing is done. Keys are a person's own
and are forgotten after a day.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from rest_framework.exceptions import APIException, ValidationError

from riskassess.accounts.models import KeptAnswer, User
from riskassess.accounts.sealing import sealed, unsealed
from riskassess.kernel.errors import Conflict

LONGEST = 200
KEPT_FOR = timedelta(days=1)
AT_WORK_FOR = timedelta(minutes=5)  # longer than any request; after that its process is gone


class OtherRequest(APIException):
    """The key was used for another request."""

    status_code = 422
    default_detail = "This Idempotency-Key was used for another request. Make a new key for each request."


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to do a request under a key."""

    pk: int
    token: uuid.UUID


def digest_of(method: str, path: str, fields: Iterable[tuple[str, bytes]]) -> str:
    """What makes two requests the same one: method, address with its query, and each field sent."""
    found = hashlib.sha256(f"{method} {path}".encode())
    for name, value in fields:
        found.update(f"\0{name}\0{len(value)}\0".encode() + value)
    return found.hexdigest()


def claim(person: User, key: str, digest: str) -> Claim | KeptAnswer:
    """The claim to do it, or the answer that was given.

    ValidationError for a key that is none, OtherRequest where it stands for another request, Conflict while the
    first one is at work.
    """
    if not key.isascii() or not key.isprintable() or len(key) > LONGEST:
        raise ValidationError({"Idempotency-Key": f"At most {LONGEST} printable letters."})
    now, mine = timezone.now(), uuid.uuid4()
    KeptAnswer.objects.filter(claimed_at__lt=now - KEPT_FOR).delete()
    try:
        with transaction.atomic():
            made = KeptAnswer.objects.create(
                person=person, key=key, digest=digest, claim=mine, claimed_at=now
            )
        return Claim(made.pk, mine)
    except IntegrityError:
        found = KeptAnswer.objects.filter(person=person, key=key).first()
    if found is not None and found.digest != digest:
        raise OtherRequest
    if found is not None and found.status is not None:
        return found
    # Claimed later than now: the clock was set back since, and cannot tell how long ago that was.
    long_ago = Q(claimed_at__lt=now - AT_WORK_FOR) | Q(claimed_at__gt=now + AT_WORK_FOR)
    abandoned = KeptAnswer.objects.filter(long_ago, person=person, key=key, status=None)
    if found is not None and abandoned.update(claim=mine, claimed_at=now):
        return Claim(found.pk, mine)
    raise Conflict("A request with this Idempotency-Key is at work.", hint="Send it again in a moment.")


def keep(claimed: Claim, status: int, body: Any, headers: dict[str, str]) -> None:
    """Keeps the answer; call it in the transaction of what was done. Conflict where the claim was taken over."""
    mine = KeptAnswer.objects.filter(pk=claimed.pk, claim=claimed.token, status=None)
    if not mine.update(status=status, body=sealed(json.dumps(body)), headers=headers):
        raise Conflict("Another request took this Idempotency-Key over.", hint="Send it again.")


def body_of(kept: KeptAnswer) -> Any:
    """What was answered. Raises Conflict where no key of this installation opens it."""
    return json.loads(unsealed(kept.body)) if isinstance(kept.body, str) else kept.body


def give_back(claimed: Claim) -> None:
    """Nothing was done under the claim: the key is free again."""
    KeptAnswer.objects.filter(pk=claimed.pk, claim=claimed.token, status=None).delete()
