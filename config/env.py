"""Typed reads of the environment; the only place where `os.environ` is touched."""

from __future__ import annotations

import json
import os
import ssl
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from riskassess.kernel.secret import kept_secret


def text(name: str, default: str | None = None) -> str:
    """The variable's text; ImproperlyConfigured when it is missing and has no default."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"Set the environment variable {name}.")
    return default


def flag(name: str, *, default: bool) -> bool:
    """A yes or no; anything else is refused rather than guessed."""
    value = text(name, "yes" if default else "no").lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name}={value!r} is neither yes nor no.")


def number(name: str, default: int) -> int:
    """A whole number."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number.") from error


def days(name: str, default: int, *, least: int) -> int:
    """So many days, `least` or more; 0 for no end."""
    found = number(name, default)
    if found and found < least:
        raise ImproperlyConfigured(f"{name}={found} is too few days: at least {least}, or 0 for no end.")
    return found


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """A list of networks, such as `10.20.0.0/16, fd00:12::/32`."""
    found = []
    for word in words(name):
        try:
            found.append(ip_network(word))
        except ValueError as error:
            raise ImproperlyConfigured(f"{name}: {error}.") from error
    return found


def authorities(name: str) -> str:
    """The certificates of a PEM file that the variable names, as text; '' when it is not set."""
    file = text(name, "")
    if not file:
        return ""
    try:
        found = Path(file).read_text()
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=found)
    except (OSError, ValueError) as error:  # an SSLError is an OSError
        raise ImproperlyConfigured(
            f"{name}={file!r} is no file of certificates that can be read: {error}. It takes PEM."
        ) from error
    return found


def address(name: str) -> tuple[str, int] | None:
    """A host and a port to listen at, such as `127.0.0.1:9101`; None when the variable is not set."""
    value = text(name, "")
    if not value:
        return None
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ImproperlyConfigured(f"{name}={value!r} is no host and port, such as 127.0.0.1:9101.")
    return host.strip("[]"), int(port)


def some(name: str, allowed: tuple[str, ...]) -> frozenset[str]:
    """Any of a few words, separated by commas; a word that is none of them is refused rather than without effect."""
    given = frozenset(words(name))
    if unknown := given - set(allowed):
        raise ImproperlyConfigured(f"{name}: {', '.join(sorted(unknown))}; it can be {', '.join(allowed)}.")
    return given


def json_object(name: str) -> dict[str, list[str]]:
    """A JSON object whose values are lists of texts; empty when the variable is not set."""
    value = text(name, "{}")
    try:
        found = json.loads(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not JSON: {error}.") from error
    lists = found.values() if isinstance(found, dict) else [None]
    if not all(isinstance(one, list) and all(isinstance(item, str) for item in one) for one in lists):
        raise ImproperlyConfigured(f'{name} must be an object of lists of texts, such as {{"group": ["…"]}}.')
    return found  # type: ignore[no-any-return]


def choice(name: str, allowed: tuple[str, ...], default: str) -> str:
    """One of a few words."""
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name}={value!r}; it can be {', '.join(allowed)}.")
    return value


def secret(name: str, *, kept_in: Path | None) -> str:
    """A secret from the environment, or one made at first use and kept in a file only its owner reads.

    `kept_in=None` (production) allows no file: the variable must be set.
    """
    if kept_in is None:
        return text(name)
    return text(name, "") or kept_secret(kept_in)
