"""What all catalog querysets share. The catalog is the company's: every member of any unit reads it."""

from __future__ import annotations

from typing import Self

from riskassess.accounts.models import User
from riskassess.accounts.querysets import M, Searchable


class CatalogQuerySet(Searchable[M]):
    def visible_to(self, user: User) -> Self:
        """Everything, for people with a role in some unit; nothing for everybody else. One query."""
        return self if user.is_authenticated and user.is_member() else self.none()
