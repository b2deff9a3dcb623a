"""Makes or revokes API tokens of a person: only who has the server's console can."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from riskassess.accounts.models import AccessToken, User
from riskassess.accounts.roles import Can
from riskassess.accounts.tokens import DEFAULT_DAYS, SCOPES, make
from riskassess.kernel.errors import InvalidInput


class Command(BaseCommand):
    help = "Prints a new API token of a person. Send it as “Authorization: Bearer …”."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address that the person signs in with")
        parser.add_argument("--name", default="made on the console", help="what uses it")
        parser.add_argument("--days", type=int, default=DEFAULT_DAYS, help="how long it opens anything")
        parser.add_argument(
            "--scope", action="append", choices=[can.value for can in SCOPES], default=None,
            help="what it may do beside reading (may be given again); without any: all that the person may",
        )  # fmt: skip
        parser.add_argument(
            "--revoke", action="store_true", help="end all tokens of the person and make none"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email__iexact=options["email"]).first()
        if person is None:
            raise CommandError(f"Nobody signs in as {options['email']}. The page People lists who does.")
        if options["revoke"]:
            ended = AccessToken.objects.live(timezone.now()).filter(user=person)
            count = ended.update(revoked_at=timezone.now())
            self.stdout.write(f"{count} tokens of {person} ended.")
            return
        if not person.is_active:
            raise CommandError(f"{person} is not active; a token would open nothing.")
        scopes = [Can(scope) for scope in options["scope"]] if options["scope"] else SCOPES
        try:
            made = make(person, options["name"], scopes, options["days"])
        except InvalidInput as error:
            raise CommandError(f"{error} {error.hint}") from error
        self.stdout.write(made.key)
