"""How a worker takes jobs and keeps them.

The claim is two ordered probes, one for jobs aimed at this worker and one for jobs that anybody may take, each
answered by its own partial index, so that it costs the same whatever else waits. `gh_pickup_next_job` in the
database means the same for workers that are not written in Python.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.contrib.postgres.functions import RandomUUID
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from jobs.events import EventType, NewEvent, record_many
from jobs.models import CLAIMABLE, SHARED, Claim, Job
from jobs.states import TRANSITIONS, Action

PROMOTION_LIMIT = 500


def claim_jobs(worker_id: str, *, job_types: Collection[str], limit: int = 1) -> list[Job]:
    """Take up to `limit` due jobs for `worker_id`: aimed at it or at nobody, best priority, then oldest, first.

    Rows that another worker is taking are skipped, not waited for; no job is ever claimed twice. Each claim raises
    the job's `attempt`, which fences off every earlier holder. One transaction. Source: CONTRACT section 9.
    """
    if limit < 1:
        return []
    with transaction.atomic():
        promote_due_jobs()
        best = _best(worker_id, job_types, limit)
        return _take(best, worker_id) if best else []


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


def _best(worker_id: str, job_types: Collection[str], limit: int) -> list[Job]:
    claimable = Job.objects.claimable(job_types).select_for_update(skip_locked=True)
    mine = claimable.filter(target_worker_id=worker_id)[:limit]
    shared = claimable.filter(SHARED)[:limit]
    candidates = {job.id: job for job in [*mine, *shared]}
    return sorted(candidates.values(), key=lambda job: (job.priority, job.created_at, job.id))[:limit]


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
