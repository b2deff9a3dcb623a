"""Nothing lost: processes killed, servers restarted and emptied, disks full, clocks wrong.

`make test` tries a few moments of each; `make faults` (FAULTS=full) tries them all and prints what it counted.
"""

from __future__ import annotations

import os

import pytest

FULL = os.environ.get("FAULTS") == "full"
only_in_full = pytest.mark.skipif(not FULL, reason="make faults tells it")


def told(story: str, **counts: int) -> None:
    """What a story counted; `make faults` shows it."""
    print(f"\n{story}: " + ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in counts.items()))
