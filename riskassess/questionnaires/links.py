"""The link of an inquiry: who holds it may answer, so it is as hard to guess as a key and nowhere written down.

The token is an HMAC of the inquiry's own random salt under the site's secret: mails and pages recompute it, and
the database alone, which has the salt and the token's SHA-256, opens nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

from riskassess.kernel.errors import Conflict
from riskassess.questionnaires.models import Inquiry

PURPOSE = "riskassess.questionnaires.link"
FORM = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes in URL-safe base64, without padding


def new_salt() -> str:
    """A fresh random salt: another salt is another link."""
    return secrets.token_hex(16)


def token_of(pk: int, salt: str, secret: str = "") -> str:
    """The token of inquiry `pk` under `salt`: 256 bits as 43 characters that an address takes as they are.

    It is made under the site's secret of today; `secret` names an earlier one.
    """
    mac = salted_hmac(PURPOSE, f"{pk}:{salt}", secret=secret or settings.SECRET_KEY, algorithm="sha256")
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


def link_of(inquiry: Inquiry) -> str:
    """The whole address behind which an inquiry is answered.

    One that was made under an earlier secret is found while `SECRET_KEY_FALLBACKS` names that. Raises Conflict where
    there is none yet, and where its secret is not known any more.
    """
    if inquiry.token_hash is None:
        raise Conflict("It is not sent yet, so there is no link.", hint="Send it first.")
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        token = token_of(inquiry.pk, inquiry.link_salt, secret)
        if same(inquiry.token_hash, token):
            return settings.SITE_URL.rstrip("/") + reverse("ask:page", args=[token])
    raise Conflict(
        "The link was made under another secret of this site and cannot be shown any more.",
        hint="Whoever has it can still use it. Put the old secret into SECRET_KEY_FALLBACKS; or revoke this and "
        "ask anew.",
    )
