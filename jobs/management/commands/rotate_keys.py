"""Take what is encrypted over to the first key of GH_ENCRYPTION_KEYS."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jobs import encryption
from jobs.rotation import rotate


class Command(BaseCommand):
    help = (
        "Encrypt everything that an older key of GH_ENCRYPTION_KEYS has encrypted with the first one. Put the new key "
        "in front, restart every process, run this, then leave the old key out."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not encryption.is_configured():
            raise CommandError("GH_ENCRYPTION_KEYS is not set, so nothing is encrypted.")
        done = rotate()
        self.stdout.write(f"{done.taken_over} taken over to key {encryption.key_id()}")
        if done.lost:
            raise CommandError(f"{done.lost} can be opened by no key of GH_ENCRYPTION_KEYS.")
