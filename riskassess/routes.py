"""Addresses of pages by the name of their route, for those that a page holds by the hundred.

`reverse` looks through all routes each time. What stands around the one argument of a route is always the same: it is
asked for once in a process.
"""

from __future__ import annotations

from functools import lru_cache

from django.urls import get_script_prefix, reverse


def address(route: str, of: int | str = "") -> str:
    """The address of a page; of a record's with its key or slug. NoReverseMatch where there is no such route."""
    before, after = _around(get_script_prefix(), route, bool(of))
    return f"{before}{of}{after}"


@lru_cache(maxsize=512)  # by the prefix as well: the site may stand below another path than a worker thinks
def _around(prefix: str, route: str, of_one: bool) -> tuple[str, str]:
    if not of_one:
        return reverse(route), ""
    before, _, after = reverse(route, args=["0"]).rpartition("0")
    return before, after
