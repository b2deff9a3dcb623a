"""Makes, renews or revokes the API token of a person: only who has the server's console can."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from rest_framework.authtoken.models import Token

from riskassess.accounts.models import User


class Command(BaseCommand):
    help = "Prints a person's API token, made if there is none. Send it as “Authorization: Token …”."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address that the person signs in with")
        change = parser.add_mutually_exclusive_group()
        change.add_argument("--renew", action="store_true", help="end the present token and make another")
        change.add_argument("--revoke", action="store_true", help="end the present token and make none")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email__iexact=options["email"]).first()
        if person is None:
            raise CommandError(f"Nobody signs in as {options['email']}. The admin site lists people.")
        if not (person.is_active or options["revoke"]):
            raise CommandError(f"{person} is not active; a token would open nothing.")
        with transaction.atomic():
            if options["renew"] or options["revoke"]:
                Token.objects.filter(user=person).delete()
            if options["revoke"]:
                self.stdout.write(f"{person} has no token now.")
                return
            token, _ = Token.objects.get_or_create(user=person)
        self.stdout.write(token.key)
