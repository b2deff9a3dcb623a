"""What the shared cache holds, as JSON: Django's own way is pickle, and reading a pickle runs what it says.

With it, whoever writes to Redis could run a program in every web process; with this, they can forget how often
somebody tried a password.
"""

from __future__ import annotations

import json
from typing import Any


class Plain:
    """Counts as they are, so that Redis itself can raise them; all else as JSON. A tuple comes back as a list."""

    def dumps(self, value: Any) -> bytes | int:
        if type(value) is int:
            return value
        return json.dumps(value).encode()

    def loads(self, kept: bytes | str) -> Any:
        """Raises ValueError for what is no JSON, such as a pickle of the release before."""
        return json.loads(kept)
