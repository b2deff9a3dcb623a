"""The filter for a business unit, as every list of work has it."""

from __future__ import annotations

from typing import Any

import django_filters

from riskassess.accounts.held import asked_once
from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.people import person


def units_read_by(user: User) -> list[tuple[int, str]]:
    """Ids and names of the units whose work the person reads, by name.

    Members' own come with their roles; who reads everything costs one query more.
    """
    with asked_once():
        if user.reads_everything():
            return list(BusinessUnit.objects.visible_to(user).values_list("pk", "name"))
        own = {one.unit: one.name for one in user.held()} if user.is_active else {}
    return sorted(own.items(), key=lambda unit: unit[1])


class UnitFilter(django_filters.ChoiceFilter):  # type: ignore[misc]
    """One of the units whose work the person reads; the row's own is in `unit`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label": "Unit", "empty_label": "Any", **options})

    @property
    def field(self) -> Any:
        self.extra["choices"] = units_read_by(person(self.parent.request))
        return super().field
