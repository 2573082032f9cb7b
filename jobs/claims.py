"""How a worker takes jobs and keeps them.

The claim is two ordered probes, one for jobs aimed at this worker and one for jobs that anybody may take, each
answered by its own partial index, so that it costs the same whatever else waits. While some sites are full or
something is paused, `gh_open_jobs` in the database finds the best of the rest. `gh_pickup_next_job` means the same
for workers that are not written in Python.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.contrib.postgres.functions import RandomUUID
from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from jobs.events import EventType, NewEvent, record_many
from jobs.models import CLAIMABLE, SHARED, Claim, Job
from jobs.politeness import Closed, admit
from jobs.states import TRANSITIONS, Action

PROMOTION_LIMIT = 500
# So many sites may turn out to be full during one claim; the next claim goes on from there.
ROUNDS = 5
# Other workers may be taking the best ones at this moment.
SPARE = 32


def claim_jobs(worker_id: str, *, job_types: Collection[str], limit: int = 1) -> list[Job]:
    """Take up to `limit` due jobs for `worker_id`: aimed at it or at nobody, best priority, then oldest, first.

    Rows that another worker is taking are skipped, not waited for; no job is ever claimed twice. Sites never get more
    jobs than they have room for, and what is paused stays. Each claim raises the job's `attempt`, which fences off
    every earlier holder. One transaction. Source: CONTRACT section 9.
    """
    if limit < 1:
        return []
    claimed: list[Job] = []
    with transaction.atomic():
        promote_due_jobs()
        closed = Closed.now()
        for attempt in range(ROUNDS):
            best = _best(worker_id, job_types, limit - len(claimed), closed)
            admitted = admit(best, may_wait=attempt == 0)
            if admitted:
                claimed += _take(admitted, worker_id)
            if len(admitted) == len(best):
                break
            closed = closed.besides(job.host for job in best if job not in admitted)
    return claimed


def promote_due_jobs() -> int:
    """Let scheduled jobs whose time has come into the claim's indexes; answers how many."""
    due = (
        Job.objects.filter(CLAIMABLE, scheduled_at__isnull=False, is_due=False, scheduled_at__lte=Now())
        .order_by("scheduled_at")
        .select_for_update(skip_locked=True)
        .values_list("id", flat=True)[:PROMOTION_LIMIT]
    )
    found = list(due)
    return Job.objects.filter(id__in=found).update(is_due=True) if found else 0


def renew_leases(worker_id: str, claims: Iterable[Claim]) -> set[Claim]:
    """Give a sign of life for all these jobs in one statement; answers the claims that no longer hold."""
    held = {claim.job_id: claim for claim in claims}
    if not held:
        return set()
    mine = Job.objects.held().filter(
        Q(*[Q(id=claim.job_id, attempt=claim.attempt) for claim in held.values()], _connector=Q.OR),
        worker_id=worker_id,
    )
    if mine.update(last_heartbeat=Now()) == len(held):
        return set()
    kept = set(mine.values_list("id", flat=True))
    return {claim for job_id, claim in held.items() if job_id not in kept}


def _best(worker_id: str, job_types: Collection[str], limit: int, closed: Closed) -> list[Job]:
    claimable = Job.objects.claimable(job_types).select_for_update(skip_locked=True)
    if closed:
        return list(claimable.filter(id__in=_open_ids(worker_id, job_types, limit + SPARE, closed))[:limit])
    mine = claimable.filter(target_worker_id=worker_id)[:limit]
    shared = claimable.filter(SHARED)[:limit]
    candidates = {job.id: job for job in [*mine, *shared]}
    return sorted(candidates.values(), key=lambda job: (job.priority, job.created_at, job.id))[:limit]


def _open_ids(worker_id: str, job_types: Collection[str], limit: int, closed: Closed) -> list[UUID]:
    kinds = sorted(set(job_types) - closed.job_types)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT gh_open_jobs(%s, %s::text[], %s::text[], %s)",
            [worker_id, kinds, sorted(closed.hosts), limit],
        )
        return [job_id for (job_id,) in cursor.fetchall()]


def _take(jobs: list[Job], worker_id: str) -> list[Job]:
    """Mark the locked rows as claimed, in one statement however many they are; answers them fresh, in order."""
    target = TRANSITIONS[Action.CLAIM].target.value
    taken = Job.objects.filter(id__in=[job.id for job in jobs])
    taken.update(
        status=target,
        worker_id=worker_id,
        attempt=F("attempt") + 1,
        execution_attempt_id=RandomUUID(),
        last_heartbeat=Now(),
        updated_at=Now(),
    )
    fresh = taken.in_bulk()
    claimed = [
        NewEvent(
            EventType.STATUS_CHANGE,
            f"Claimed by {worker_id}",
            {"action": Action.CLAIM.value, "attempt": fresh[job.id].attempt},
            job.status,
            target,
        )
        for job in jobs
    ]
    record_many(zip((job.id for job in jobs), claimed, strict=True), actor=f"worker:{worker_id}")
    return [fresh[job.id] for job in jobs]
