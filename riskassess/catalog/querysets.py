"""What all catalog querysets share. The catalog is the company's: every member of any unit reads it."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.db import models

from riskassess.accounts.models import BusinessUnit, User

M = TypeVar("M", bound=models.Model, covariant=True)


class CatalogQuerySet(models.QuerySet[M]):
    def visible_to(self, user: User) -> Self:
        """Everything, for people with a role in some unit; nothing for everybody else. One query."""
        return self if BusinessUnit.objects.visible_to(user).exists() else self.none()

    def found_by(self, words: str, *fields: str) -> Self:
        """Rows in which every word occurs in one of the text `fields`."""
        found: Any = self
        for word in words.split():
            anywhere = models.Q()
            for field in fields:
                anywhere |= models.Q(**{f"{field}__icontains": word})
            found = found.filter(anywhere)
        return found  # type: ignore[no-any-return]
