"""How often somebody without an account may try: counted in the cache, a window at a time."""

from __future__ import annotations

import hashlib
import time

from django.core.cache import cache

WINDOW = 600  # seconds
MOST_WRONG_LINKS = (
    60  # from one address in a window; no number of tries finds a link, this saves the database
)
MOST_WORKBOOKS = 30  # brought back to one inquiry in a window: reading one costs up to seconds
MOST_FILES = 120  # sent with one inquiry in a window, the refused ones among them
MOST_ACCEPTING = 60  # of one invitation in a window: each try costs a hash of a password
MOST_SAVES = 1_200  # to one inquiry in a window: two a second, which nobody types


def within(what: str, whom: str, most: int) -> bool:
    """Whether `whom` has done `what` at most so often in this window, this time counted."""
    name = hashlib.sha256(whom.encode(errors="replace")).hexdigest()[:32]
    key = f"ask:{what}:{name}:{int(time.time()) // WINDOW}"
    cache.add(key, 0, WINDOW)
    try:
        return cache.incr(key) <= most
    except ValueError:  # it fell out of the cache in between: the window is over
        return True
