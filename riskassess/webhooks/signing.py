"""Signing what is sent, by the Standard Webhooks specification (version 1, symmetric). No Django.

The receiver makes the same HMAC-SHA256 over `id.timestamp.body` with the secret it was given, and refuses what is
older than a few minutes: a message can then neither be made up, nor altered, nor sent again later by somebody else.
Its libraries for many languages check these three headers as they are.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"


def new_secret() -> str:
    """256 random bits, in the form in which the libraries of the specification take them."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed(message_id: str, timestamp: int, body: str, keys: Iterable[str]) -> dict[str, str]:
    """The headers of one message; one signature for each secret, so that secrets can be changed without a gap."""
    content = f"{message_id}.{timestamp}.{body}".encode()
    signatures = [_signature(content, key) for key in keys]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{one}" for one in signatures),
    }


def _signature(content: bytes, secret: str) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
