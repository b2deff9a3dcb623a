"""Lets a named person in for hours, in an emergency: only who has the server's console can."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from riskassess.accounts.models import BusinessUnit, User
from riskassess.accounts.roles import Role
from riskassess.kernel.errors import RiskassessError
from riskassess.people.emergency import DEFAULT_HOURS, MOST_HOURS, let_in
from riskassess.recording import acting


class Command(BaseCommand):
    help = (
        "Gives a person a role in a unit for hours. It needs a reason, is in the audit trail, is mailed to all "
        "administrators, is shown on each page while it lasts, and ends by itself. To read a unit's work, "
        "“requester” is enough."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address that the person signs in with")
        parser.add_argument("--unit", required=True, help="the business unit, by its name")
        parser.add_argument("--role", required=True, choices=[role.value for role in Role])
        parser.add_argument("--reason", required=True, help="why, as a reader of the trail understands it")
        parser.add_argument(
            "--hours", type=int, default=DEFAULT_HOURS, help=f"1 to {MOST_HOURS}, {DEFAULT_HOURS} without it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email__iexact=options["email"]).first()
        if person is None:
            raise CommandError(f"Nobody signs in as {options['email']}.")
        unit = BusinessUnit.objects.filter(name=options["unit"]).first()
        if unit is None:
            names = ", ".join(BusinessUnit.objects.values_list("name", flat=True)) or "none yet"
            raise CommandError(f"There is no unit {options['unit']}. There are: {names}.")
        try:
            with acting(through="command break_glass"):
                access = let_in(
                    person,
                    unit,
                    Role(options["role"]),
                    hours=options["hours"],
                    reason=options["reason"],
                    operator=_operator(),
                )
        except RiskassessError as error:
            raise CommandError(str(error)) from error
        until = timezone.localtime(access.until)
        self.stdout.write(f"{access} until {until:%Y-%m-%d %H:%M %Z}. Administrators are told.")


def _operator() -> str:
    """Who runs this, as the machine knows them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name, as in some containers
        return "somebody at the console"
