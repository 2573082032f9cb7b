"""Issue, list and revoke service keys where there is no console."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, transaction

from jobs import keys
from jobs.encryption import NotConfigured
from jobs.management.operator import operator
from jobs.models import ServiceKey
from jobs.presentation import shown_text

EXAMPLES = """\
examples:
  manage.py service_key issue "valet production" --scope read --scope write
  manage.py service_key list
  manage.py service_key revoke "valet production"

A key is shown once, when it is issued: it is kept as a hash. Exit status: 0 done, 1 refused."""


class Command(BaseCommand):
    help = "Issue, list and revoke the keys of services that call the API."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.epilog = EXAMPLES
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        verbs = parser.add_subparsers(dest="verb", metavar="COMMAND", required=True)
        issue = verbs.add_parser("issue", help="make a key and show it, once")
        issue.add_argument("name", type=_name, help="who will use it; histories tell it")
        issue.add_argument(
            "--scope", action="append", required=True, choices=sorted(keys.SCOPES), help="may be repeated"
        )
        issue.set_defaults(run=self.issue)
        verbs.add_parser("list", help="list keys, without themselves").set_defaults(run=self.show)
        revoke = verbs.add_parser("revoke", help="end a key's life at once")
        revoke.add_argument("name")
        revoke.set_defaults(run=self.revoke)

    def handle(self, *args: Any, **options: Any) -> None:
        options["run"](options)

    def issue(self, options: dict[str, Any]) -> None:
        try:
            with transaction.atomic():
                issued = keys.issue(options["name"], set(options["scope"]), actor=operator())
        except IntegrityError as error:
            raise CommandError("There is, or was, a key of this name: choose another.") from error
        except NotConfigured as error:
            raise CommandError(
                "Set GH_ENCRYPTION_KEYS first: the key's signing secret has to be kept encrypted."
            ) from error
        self.stdout.write(f"Key:             {issued.key}")
        self.stdout.write(f"Signing secret:  {issued.signing_secret}")

    def show(self, options: dict[str, Any]) -> None:
        for row in ServiceKey.objects.order_by("name"):
            used = f"last used {row.last_used_at:%Y-%m-%d}" if row.last_used_at else "never used"
            state = "revoked" if row.revoked_at else used
            self.stdout.write(
                f"{shown_text(row.name)}  gh_{row.prefix}_...  {', '.join(row.scopes)}  {state}"
            )

    def revoke(self, options: dict[str, Any]) -> None:
        row = ServiceKey.objects.filter(name=options["name"]).first()
        if row is None or not keys.revoke(row.id):
            raise CommandError("There is no such living key.")
        self.stdout.write(f"The key {row.name!r} opens nothing any more.")


def _name(given: str) -> str:
    if not 0 < len(given.strip()) <= 60:
        raise argparse.ArgumentTypeError("a name has 1 to 60 characters")
    return given.strip()
