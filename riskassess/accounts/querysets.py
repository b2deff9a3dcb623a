"""What querysets of every app share."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model, covariant=True)


class Searchable(models.QuerySet[M]):
    """Rows that can be found by words."""

    def found_by(self, words: str, *fields: str) -> Self:
        """Rows in which every word occurs in one of the text `fields`."""
        found: Any = self
        for word in words.split():
            anywhere = models.Q()
            for field in fields:
                anywhere |= models.Q(**{f"{field}__icontains": word})
            found = found.filter(anywhere)
        return found  # type: ignore[no-any-return]
