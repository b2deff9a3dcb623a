"""Personal access tokens: how programs act as a person, with no more than they need and not for ever."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from riskassess.accounts.models import AccessToken, User
from riskassess.accounts.roles import Can
from riskassess.kernel.errors import InvalidInput

PREFIX = "ra_"  # secret scanners find a token that was put where it should not be
DEFAULT_DAYS = 90  # judgement: a quarter
LONGEST_DAYS = 366  # judgement
USE_IS_NOTED_EVERY = timedelta(minutes=5)
# What a token may be made for. People and the site are administered in a browser, by somebody who is there.
SCOPES = tuple(can for can in Can if can is not Can.ADMINISTER)


@dataclass(frozen=True, slots=True)
class Made:
    """A token just made. `key` is shown once and kept nowhere."""

    token: AccessToken
    key: str


def make(user: User, name: str, scopes: Collection[Can], days: int = DEFAULT_DAYS) -> Made:
    """A new token of `user`; without scopes it only reads. Raises InvalidInput for a name or a time it cannot have."""
    name = name.strip()
    if not name:
        raise InvalidInput(
            "Name the token.", hint="Say what uses it, such as “nightly export”.", where="name"
        )
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidInput(
            f"A token cannot last {days} days.", hint=f"Use 1 to {LONGEST_DAYS}.", where="days"
        )
    unknown = set(scopes) - set(SCOPES)
    if unknown:
        raise InvalidInput(
            f"No token can be made to {', '.join(sorted(unknown))}.",
            hint=f"Use some of {', '.join(SCOPES)}.",
            where="scopes",
        )
    key = PREFIX + secrets.token_urlsafe(30)
    token = AccessToken.objects.create(
        user=user,
        name=name[:100],
        hint=key[:8],
        digest=key_digest(key),
        scopes=sorted(scope.value for scope in scopes),
        expires_at=timezone.now() + timedelta(days=days),
    )
    return Made(token, key)


def owner_of(key: str, now: datetime) -> User | None:
    """The active person whose live token `key` is, limited to its scopes; None for any other text.

    One query, and one more where its use was not noted within five minutes.
    """
    token = (
        AccessToken.objects.select_related("user")
        .filter(digest=key_digest(key), revoked_at__isnull=True, expires_at__gt=now, user__is_active=True)
        .first()
    )
    if token is None:
        return None
    noted_before = now - USE_IS_NOTED_EVERY
    if token.last_used_at is None or token.last_used_at < noted_before:
        unnoted = Q(last_used_at__isnull=True) | Q(last_used_at__lt=noted_before)
        AccessToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)
    user = token.user
    user.limited_to = frozenset(Can(scope) for scope in token.scopes)
    return user


def revoke(token: AccessToken) -> None:
    """Ends the token at once; what is over stays as it is."""
    AccessToken.objects.filter(pk=token.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())


def key_digest(key: str) -> str:
    """What is kept of a token: its SHA-256."""
    # A fast hash is enough for 240 random bits: there is nothing to guess.
    return hashlib.sha256(key.encode()).hexdigest()
