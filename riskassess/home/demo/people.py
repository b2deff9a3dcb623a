"""The people of the demo and their business units."""

from __future__ import annotations

from django.db import transaction

from riskassess.accounts.models import BusinessUnit, Membership, User
from riskassess.accounts.roles import Role
from riskassess.home.demo.entries import PersonEntry
from riskassess.home.demo.reading import entries
from riskassess.kernel.errors import InvalidInput


@transaction.atomic
def load_people(password: str) -> dict[str, int]:
    """The people, each in a unit and role. The password is set for those made now; nobody's is changed."""
    people = entries("people", PersonEntry)
    for email, entry in people.items():
        if entry.role not in set(Role):
            raise InvalidInput(f"{entry.role} is no role.", where=f"people.yaml, {email}")
        unit, _ = BusinessUnit.objects.get_or_create(name=entry.unit)
        person = User.objects.filter(email__iexact=email).first()
        if person is None:
            person = User.objects.create_user(email, password, name=entry.name)
        Membership.objects.get_or_create(user=person, unit=unit, role=entry.role)
    return {"people": len(people), "business units": len({entry.unit for entry in people.values()})}
