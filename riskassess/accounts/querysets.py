"""What querysets of every app share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from riskassess.accounts.held import asked_once
from riskassess.recording import M as M
from riskassess.recording import Recorded

if TYPE_CHECKING:
    from riskassess.accounts.models import User

MOST_KEYS = 500


class Searchable(Recorded[M]):
    """Rows that can be found by words."""

    def found_by(self, words: str, *fields: str) -> Self:
        """Rows in which every word occurs in one of the text `fields`, each row once.

        For a field of a related record (`seller__name`) that record is looked for first: one query a word. A
        database that is told which few records match finds their rows by index; told only how to look for
        them, it guesses, and reads the whole table.
        """
        found: Any = self
        for word in words.split():
            anywhere = Q()
            for field in fields:
                anywhere |= _occurs(self.model, field, word)
            found = found.filter(anywhere)
        return found  # type: ignore[no-any-return]


def _occurs(model: type[models.Model], path: str, word: str) -> Q:
    """That the word occurs in the field at `path`: one of the model's own, or one of a related record's."""
    name, _, rest = path.partition("__")
    if not rest:
        return Q(**{f"{name}__icontains": word})
    relation: Any = model._meta.get_field(name)
    column, key = (relation.attname, "pk") if relation.many_to_one else ("pk", relation.field.attname)
    related = relation.related_model._base_manager.filter(**{f"{rest}__icontains": word})
    keys = related.order_by().values_list(key, flat=True)
    few = list(keys[: MOST_KEYS + 1])
    if len(few) <= MOST_KEYS:
        return Q(**{f"{column}__in": few})
    return Q(**{f"{path}__icontains": word}) if relation.many_to_one else Q(pk__in=keys)


def read_by(user: User, unit: str = "unit") -> Q:
    """Rows whose unit (`unit` is the path to it) is one whose work `user` may read. One query beside."""
    if not user.is_authenticated or not user.is_active:
        return Q(pk__in=[])
    with asked_once():
        if user.reads_everything():
            return ~Q(pk__in=[])  # not Q(): of two conditions joined by "or", Django drops one that is empty
        return Q(**{f"{unit}__in": sorted({one.unit for one in user.held()})})
