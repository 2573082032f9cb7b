"""Which sites and job types may be worked on now, and when a site's next page may be loaded.

All of it is kept in the database, because a site must be spared by all workers together: the jobs at work on it
are counted from the rows that workers hold, pauses and page loads have tables of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count
from django.db.models.functions import Now

from jobs.models import Job, QueuePause, SitePace

PACES_KEPT = timedelta(hours=1)

# Lock sites, in the order given, until the transaction ends.
_WAIT_FOR_LOCKS = """
SELECT host, pg_advisory_xact_lock(hashtextextended('gh_host:' || host, 0)) IS NOT NULL
FROM unnest(%s::text[]) AS host
"""
_TRY_LOCKS = """
SELECT host, pg_try_advisory_xact_lock(hashtextextended('gh_host:' || host, 0)) FROM unnest(%s::text[]) AS host
"""
# Take the next free moment of a site; answers the seconds until then.
_RESERVE_LOAD = """
INSERT INTO gh_site_pace AS pace (host, next_load_at)
VALUES (%(host)s, clock_timestamp() + make_interval(secs => %(pause)s))
ON CONFLICT (host) DO UPDATE
SET next_load_at = greatest(pace.next_load_at, clock_timestamp()) + make_interval(secs => %(pause)s)
RETURNING extract(epoch FROM next_load_at - clock_timestamp())::float8 - %(pause)s
"""


@dataclass(frozen=True, slots=True)
class Closed:
    """What nobody may claim at the moment: jobs of these hosts, and of these types."""

    hosts: frozenset[str] = frozenset()
    job_types: frozenset[str] = frozenset()

    @classmethod
    def now(cls) -> Self:
        """Give the sites at which as many jobs are at work as may be, and what operators have paused."""
        paused = QueuePause.objects.values_list("kind", "value")
        kinds: dict[str, set[str]] = {"host": _full_hosts(), "type": set()}
        for kind, value in paused:
            kinds[kind].add(value)
        return cls(frozenset(kinds["host"]), frozenset(kinds["type"]))

    def __bool__(self) -> bool:
        return bool(self.hosts or self.job_types)

    def besides(self, hosts: Iterable[str]) -> Closed:
        """Give the same with these hosts closed as well."""
        return Closed(self.hosts | frozenset(hosts), self.job_types)


def admit(jobs: Collection[Job], *, may_wait: bool) -> list[Job]:
    """Give those of the jobs, whose rows are locked, that their sites have room for, in the order given.

    Call it in the claim's transaction. It locks each site until the end of it, so that two workers never take the
    last place both. Only the first call of a transaction may wait for a site that another claim has locked (in the
    hosts' order, so that nobody waits in a circle); any other gives up on that site.
    """
    per_host = settings.GH_JOBS_PER_HOST
    hosts = sorted({job.host for job in jobs if job.host})
    if not (per_host and hosts):
        return list(jobs)
    room = dict.fromkeys(_locked(hosts, may_wait=may_wait), per_host)
    held = Job.objects.held().filter(host__in=room).order_by()
    for host, at_work in held.values("host").annotate(Count("id")).values_list("host", "id__count"):
        room[host] -= at_work
    admitted, taken = [], Counter[str]()
    for job in jobs:
        taken[job.host] += 1
        if not job.host or taken[job.host] <= room.get(job.host, 0):
            admitted.append(job)
    return admitted


def pause_queue(kind: QueuePause.Kind, value: str, *, actor: str, reason: str = "") -> QueuePause:
    """Let no worker claim jobs of this type, or for this host, until `unpause_queue`; running ones go on.

    Idempotent: the first pause's actor and reason stay.
    """
    pause, _ = QueuePause.objects.get_or_create(
        kind=kind, value=_spelling(kind, value), defaults={"actor": actor, "reason": reason}
    )
    return pause


def unpause_queue(kind: QueuePause.Kind, value: str) -> bool:
    """Let workers claim it again, at once; False when it was not paused."""
    with transaction.atomic():
        deleted, _ = QueuePause.objects.filter(kind=kind, value=_spelling(kind, value)).delete()
        if deleted:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_notify('gh_job_created', '')")
    return bool(deleted)


def reserve_load(host: str) -> float:
    """Take the site's next free moment for a page load; gives the seconds until then.

    One statement. The database's clock decides, and every worker's loads of one site are `GH_PAGE_PAUSE_SECONDS`
    apart.
    """
    if not (host and settings.GH_PAGE_PAUSE_SECONDS):
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute(_RESERVE_LOAD, {"host": host, "pause": settings.GH_PAGE_PAUSE_SECONDS})
        return max(0.0, float(cursor.fetchone()[0]))


def forget_paces() -> int:
    """Delete what is known of sites that nobody has visited for a while; gives how many."""
    return SitePace.objects.filter(next_load_at__lt=Now() - PACES_KEPT).delete()[0]


def _full_hosts() -> set[str]:
    per_host = settings.GH_JOBS_PER_HOST
    if not per_host:
        return set()
    at_work = Job.objects.held().exclude(host="").order_by().values("host").annotate(Count("id"))
    return set(at_work.filter(id__count__gte=per_host).values_list("host", flat=True))


def _locked(hosts: Collection[str], *, may_wait: bool) -> list[str]:
    lock = _WAIT_FOR_LOCKS if may_wait else _TRY_LOCKS
    with connection.cursor() as cursor:
        cursor.execute(lock, [list(hosts)])
        return [host for host, is_locked in cursor.fetchall() if is_locked]


def _spelling(kind: QueuePause.Kind, value: str) -> str:
    return value.strip().lower().rstrip(".") if kind == QueuePause.Kind.HOST else value.strip()
