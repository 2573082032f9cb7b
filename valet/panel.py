"""What the console's first page says of callbacks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest

from jobs.admin.counting import count_each, told
from jobs.admin.dashboard import Panel
from valet.models import DEAD, WAITING, CallbackDelivery

CAP: Final = 999


@dataclass(frozen=True, slots=True)
class Callbacks:
    waiting: str
    retried: str
    dead: str


def callbacks(request: HttpRequest) -> Panel | None:
    """Count what VALET has not heard yet, what had to be tried again, and what was given up."""
    rows = CallbackDelivery.objects.all()
    counts = count_each(
        {
            "waiting": rows.filter(WAITING)[: CAP + 1],
            "retried": rows.filter(WAITING, attempts__gt=1)[: CAP + 1],
            "dead": rows.filter(DEAD)[: CAP + 1],
        }
    )
    shown = {name: told(number, CAP) for name, number in counts.items()}
    return Panel("admin/valet/panel.html", Callbacks(**shown))
