"""Short secrets at rest: encrypted with a key that follows from SECRET_KEY, which the database does not hold."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from riskassess.kernel.errors import Conflict


def _key(secret: str) -> Fernet:
    return Fernet(
        base64.urlsafe_b64encode(hmac.digest(secret.encode(), b"riskassess.sealing", hashlib.sha256))
    )


def _keys() -> MultiFernet:
    """Today's key first; those of `SECRET_KEY_FALLBACKS` still open what was sealed before a change of key."""
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def sealed(text: str) -> str:
    """`text`, encrypted and authenticated (Fernet)."""
    return _keys().encrypt(text.encode()).decode()


def unsealed(text: str) -> str:
    """What `sealed` was given. Raises Conflict when no key of this installation opens it."""
    try:
        return _keys().decrypt(text.encode()).decode()
    except InvalidToken as error:
        raise Conflict(
            "A kept secret cannot be opened with this installation's key.",
            hint="Was SECRET_KEY changed? Put the old one into SECRET_KEY_FALLBACKS.",
        ) from error
