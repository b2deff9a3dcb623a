"""Links that open something by themselves: as hard to guess as a key, and nowhere written down.

A token is an HMAC of a record's own random salt under the site's secret: mails and pages recompute it, and the
database alone, which has the salt and the token's SHA-256, opens nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets

from django.conf import settings
from django.utils.crypto import salted_hmac

FORM = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes in URL-safe base64, without padding


def new_salt() -> str:
    """A fresh random salt: another salt is another link."""
    return secrets.token_hex(16)


def token_of(purpose: str, pk: int, salt: str, secret: str = "") -> str:
    """The token of record `pk` under `salt`: 256 bits as 43 characters that an address takes as they are.

    Records of another `purpose` have other tokens. It is made under the site's secret of today; `secret` names an
    earlier one.
    """
    mac = salted_hmac(purpose, f"{pk}:{salt}", secret=secret or settings.SECRET_KEY, algorithm="sha256")
    return base64.urlsafe_b64encode(mac.digest()).rstrip(b"=").decode()


def hash_of(token: str) -> str:
    """What is kept of a token: its SHA-256 in hex. Of 256 random bits no slower hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_token(text: str) -> bool:
    """Whether `text` has the form of a token at all: others need no look into the database."""
    return FORM.fullmatch(text) is not None


def same(kept: str, token: str) -> bool:
    """Whether `kept` is the hash of `token`, in a time that tells nothing about either."""
    return hmac.compare_digest(kept, hash_of(token))
