"""`python -m sizhang.web account NAME --role ROLE [--person PERSON]`: make an account to sign in with."""

from __future__ import annotations

import getpass
import sys
from argparse import ArgumentParser

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from sizhang.core.errors import Words
from sizhang.store.models import Person
from sizhang.web.models import ROLES, Account


class Command(BaseCommand):
    """Make an account, or set the password, role and person of the one there is. The password comes from the terminal or standard input."""

    help = "Make an account to sign in with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--role", required=True, choices=[role for role, _ in ROLES])
        parser.add_argument("--person", help="the person of the ledger in whose name he books")

    def handle(self, *args: object, **options: str) -> None:
        person = Person.objects.filter(name=options["person"]).first() if options["person"] else None
        if options["person"] and person is None:
            raise CommandError(
                Words(
                    f"账本里没有人员{options['person']}。请先登记：sizhang person add。",
                    f"{options['person']} is no person of this ledger. Register it: sizhang person add.",
                ).lines()
            )
        if person is None and options["role"] in ("office", "reporter", "verifier"):
            raise CommandError(
                Words(
                    f"身份为 {options['role']} 的账号要以某人的名义记账。请写 --person。",
                    f"Who signs in as {options['role']} books in somebody's name. Give --person.",
                ).lines()
            )
        password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        account = Account.objects.filter(username=options["username"]).first() or Account(username=options["username"])
        account.role, account.person = options["role"], person
        try:
            validate_password(password, account)
        except ValidationError as fault:
            raise CommandError(" ".join(fault.messages)) from fault
        account.set_password(password)
        account.save()
        self.stdout.write(f"{account.username}: {account.role}")
