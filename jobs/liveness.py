"""Which workers are there. Told from the age of their heartbeat, never from what they last said of themselves."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from jobs.models import LEASE, Worker


def alive() -> QuerySet[Worker]:
    """Give the workers that gave a sign of life within the lease and did not sign off."""
    return Worker.objects.filter(last_heartbeat__gte=Now() - LEASE).exclude(status="offline")


def alive_workers(worker_ids: Iterable[str]) -> set[str]:
    """Give those of `worker_ids` that are there: registered so, or taking jobs on behalf of such a name."""
    wanted = set(worker_ids)
    there = alive().filter(Q(worker_id__in=wanted) | Q(target_worker_id__in=wanted))
    names = {name for pair in there.values_list("worker_id", "target_worker_id") for name in pair if name}
    return names & wanted
