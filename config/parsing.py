"""What the API takes as a body: JSON, and forms with files where a resource takes files."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.utils.json import strict_constant


class Json(BaseParser):
    """JSON in UTF-8 (RFC 8259), no longer than DATA_UPLOAD_MAX_MEMORY_SIZE bytes."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Raises ParseError for what is no JSON, RequestDataTooBig for too much of it."""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(limit + 1)
        if len(raw) > limit:
            raise RequestDataTooBig(f"The body is longer than {limit:,} bytes.")
        try:
            return json.loads(raw.decode(), parse_constant=strict_constant, parse_float=_finite)
        except UnicodeDecodeError as error:
            raise ParseError("The body is not JSON: it is not UTF-8.") from error
        except ValueError as error:
            raise ParseError(f"The body is not JSON: {error}") from error
        except RecursionError as error:
            raise ParseError("The body is not JSON that can be read: it is nested too deeply.") from error


def _finite(text: str) -> float:
    """The number; 1e999 is none that could be kept or said again."""
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:50]} is too large a number")
    return number
