"""Lines of the log without what opens a door: whoever holds a vendor's link can answer in its name.

Every formatter there is ends here, the one of the web server's own log too. What is blotted out is what is known
by its form (links, tokens, passwords in addresses) and the very secrets of this installation.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from django.utils.log import ServerFormatter

from riskassess.correlation import noted

SHORTEST = 8  # characters: a shorter secret would blot out half the words of a log
_SLASH = r"(?:/|%2[Ff])"
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(rf"({_SLASH}(?:ask|invited){_SLASH})[A-Za-z0-9_-]{{43}}"),
        r"\1…",
    ),  # a vendor's link, an invitation's
    (re.compile(rf"({_SLASH}reset{_SLASH}key{_SLASH})[0-9A-Za-z]+-[0-9A-Za-z_-]+"), r"\1…"),  # a new password
    (re.compile(r"\b(ra_|whsec_)[A-Za-z0-9_+/=-]{16,}"), r"\1…"),  # an access token, a webhook's secret
    (re.compile(r"(?i)\b(bearer|basic|token)(\s+)[A-Za-z0-9._~+/=-]{16,}"), r"\1\2…"),
    (
        re.compile(r"(\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@\"']*:)[^\s/@\"']+(?=@)"),
        r"\1…",
    ),  # scheme://user:password@
    (
        re.compile(r"([?&](?:code|state|key)=)[^\s&\"']+"),
        r"\1…",
    ),  # what a sign-in provider sends people back with
    (
        re.compile(
            r"(?i)\b((?:client_secret|secret|token|id_token|password|sessionid|csrftoken)=)[^\s&;,\"'\\]+"
        ),
        r"\1…",
    ),
)
_HIDDEN: set[str] = set()


def hide(secrets: Iterable[str]) -> None:
    """From now on, no line holds any of these texts, as they are or as they stand in an address or in JSON."""
    for one in secrets:
        if len(one) >= SHORTEST:
            _HIDDEN.update({one, quote(one, safe=""), json.dumps(one)[1:-1]})


def masked(text: str) -> str:
    """The text with every secret blotted out that is known, by its form or by itself."""
    for secret in _HIDDEN:
        if secret in text:
            text = text.replace(secret, "…")
    for form, instead in _FORMS:
        text = form.sub(instead, text)
    return text


class Masked(logging.Formatter):
    """A line for people, its traceback with it; what was noted stands at its end."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:
        facts = {**noted(), **getattr(record, "facts", {})}
        words = " ".join(f"{name}={value}" for name, value in facts.items())
        return super().formatMessage(record) + (f" ({words})" if words else "")


class MaskedJson(logging.Formatter):
    """A line as one JSON object: time (UTC), level, logger, message, what was noted, what the line adds."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **noted(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            said["stack"] = self.formatStack(record.stack_info)
        return masked(json.dumps(said, default=str))


class MaskedServer(ServerFormatter):
    """A line of the development server, which writes every address it is asked for."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))
