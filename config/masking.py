"""Lines of the log without what opens a door: whoever holds a vendor's link can answer in its name."""

from __future__ import annotations

import logging
import re

from django.utils.log import ServerFormatter

_LINK = re.compile(r"(/ask/)[A-Za-z0-9_-]{43}")


def masked(text: str) -> str:
    """The text with the token of every vendor's link blotted out."""
    return _LINK.sub(r"\1…", text)


class Masked(logging.Formatter):
    """A line, its traceback with it."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))


class MaskedServer(ServerFormatter):
    """A line of the development server, which writes every address it is asked for."""

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))
