"""The worker's main thread: claim into free slots, keep the leases, report, drain."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

from jobs import claims, fleet, lifecycle, maintenance, politeness, registry, remote, sessions
from jobs.models import LEASE, Claim, Job
from workers.browser_thread import BrowserThread
from workers.errands import Errands
from workers.executor import DEFAULT_ENGINE, settle
from workers.handlers import HANDLERS
from workers.job_run import JobRun
from workers.listener import CANCEL_PREFIX, CREATED, RESUMED, Listener
from workers.mailbox import Mailbox
from workers.outcomes import Completed, Outcome
from workers.status_server import Condition

log = logging.getLogger(__name__)

FLUSH_SECONDS = 0.5
MAINTENANCE_SECONDS = 30.0
STOP_SECONDS = 10.0
# Long before others may take our jobs back, we must have stopped working on them.
BLIND_SECONDS = LEASE.total_seconds() * 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a worker may do. `max_jobs` None means any number; `once` claims a single time."""

    concurrency: int = 1
    max_jobs: int | None = None
    once: bool = False
    drain_seconds: float = 30.0


class Duty:
    """Something to be done every so often."""

    def __init__(self, seconds: float, act: Callable[[], None]) -> None:
        self._seconds = seconds
        self._act = act
        self._due = 0.0

    def hasten(self) -> None:
        """Make it due now."""
        self._due = 0.0

    def seconds_left(self) -> float:
        return self._due - time.monotonic()

    def do_when_due(self) -> None:
        if self.seconds_left() <= 0:
            self._due = time.monotonic() + self._seconds
            self._act()


class Runner:
    """Works on the jobs of one worker id until told to stop.

    Only the thread that calls `run` touches the database through the ORM; everybody else posts to the mailbox.
    """

    def __init__(
        self,
        worker_id: str,
        limits: Limits,
        *,
        headless: bool = True,
        ready: Callable[[], None] = lambda: None,
    ) -> None:
        """Prepare a worker; `ready` is called when the database knows it and its browser can be used."""
        self.worker_id = worker_id
        self.limits = limits
        self._ready = ready
        self.mailbox = Mailbox()
        self._browser = BrowserThread(self.mailbox, finished=self._on_finished, headless=headless)
        self._listener = Listener(
            settings.DATABASE_DIRECT_URL, worker_id, heard=self._on_notification, name_lost=self._on_name_lost
        )
        self._errands = Errands()
        self._runs: dict[UUID, JobRun] = {}
        self._outcomes: list[tuple[JobRun, Outcome | None]] = []
        self._unstarted: list[Job] = []
        self._claimed_jobs = 0
        self._has_claimed = False
        self._draining = False
        self._aborting = False
        self._drain_until = float("inf")
        self._orders = registry.Orders()
        self._standing_by = False
        self._cancelled_by_others: set[UUID] = set()
        self._began_at = self._turned_at = self._in_touch_at = time.monotonic()
        self._beat_at: float | None = None
        self._claim = Duty(settings.GH_POLL_SECONDS, self._claim_jobs)
        self._keep = Duty(min(settings.GH_POLL_SECONDS, 10.0), self._keep_leases)
        self._maintain = Duty(MAINTENANCE_SECONDS, self._maintain_queue)

    # ---- Life ------------------------------------------------------------------------------------------

    def run(self) -> bool:
        """Work until drained or aborted; True when everything was brought to its end in peace.

        Raises NameTaken when another live worker has the id.
        """
        self._listener.start()
        try:
            self._browser.start()
            self._register()
            self._errands.start()
            self._ready()
            while not self._is_finished():
                self.step()
                self.mailbox.serve(self._seconds_to_next_duty())
            return not self._aborting
        finally:
            self._close()

    def step(self) -> None:
        """Do everything that is due, once. A database that does not answer is tried again later."""
        self._turned_at = time.monotonic()
        try:
            self._settle_outcomes()
            self._keep.do_when_due()
            self._flush_runs()
            self._maintain.do_when_due()
            if self._free_slots() > 0:
                self._claim.do_when_due()
            self._start_claimed()
        except (OperationalError, InterfaceError) as error:
            log.warning("the database does not answer: %s", str(error).strip())
            connection.close()
        self._mind_the_time()

    def drain(self) -> None:
        """Claim nothing more and let what runs finish; a second call stops it and gives it back."""
        if self._draining:
            self._abort()
            return
        log.info("draining: %d running; again to stop at once", len(self._runs))
        self._draining = True
        self._drain_until = time.monotonic() + self.limits.drain_seconds

    def stand_by(self) -> None:
        """Claim nothing more, let what runs finish, and stay; may be called in any thread."""
        self._standing_by = True
        self.mailbox.post(self._keep.hasten)

    def condition(self) -> Condition:
        """Tell how the worker is; may be asked in any thread."""
        now = time.monotonic()
        return Condition(
            active_jobs=len(self._runs) + len(self._unstarted),
            max_concurrent=self.limits.concurrency,
            is_draining=self._draining or self._is_told_to_wait(),
            uptime=now - self._began_at,
            since_turn=now - self._turned_at,
            since_heartbeat=None if self._beat_at is None else now - self._beat_at,
        )

    def _abort(self) -> None:
        if self._aborting:
            return
        log.info("stopping: giving back %d jobs", len(self._runs))
        self._draining = self._aborting = True
        self._drain_until = time.monotonic() + STOP_SECONDS
        self._stop_runs()

    def _mind_the_time(self) -> None:
        """Stop what must not go on: runs past the drain limit, and runs whose lease nobody could renew."""
        now = time.monotonic()
        if now - self._in_touch_at > BLIND_SECONDS and self._runs:
            log.error("no database for %.0f s: stopping all runs before others take them over", BLIND_SECONDS)
            self._stop_runs()
        if self._draining and not self._aborting and now > self._drain_until:
            log.warning("jobs still running after %.0f s of draining", self.limits.drain_seconds)
            self._abort()

    def _is_finished(self) -> bool:
        if self._aborting and time.monotonic() > self._drain_until:
            return True
        return self._is_closed_to_work() and not (self._runs or self._outcomes or self._unstarted)

    def _is_closed_to_work(self) -> bool:
        spent = self.limits.max_jobs is not None and self._claimed_jobs >= self.limits.max_jobs
        return self._draining or spent or (self.limits.once and self._has_claimed)

    def _seconds_to_next_duty(self) -> float:
        waits = [self._keep.seconds_left(), self._maintain.seconds_left()]
        if self._free_slots() > 0:
            waits.append(self._claim.seconds_left())
        if self._runs or self._outcomes or self._unstarted or self._draining:
            waits.append(FLUSH_SECONDS)
        return max(0.0, min(waits)) if not self._is_finished() else 0.0

    def _register(self) -> None:
        registry.register(
            self.worker_id,
            ec2_instance_id=settings.EC2_INSTANCE_ID or None,
            ec2_ip=settings.EC2_IP or None,
            metadata={
                **({"asg_name": settings.AWS_ASG_NAME} if settings.AWS_ASG_NAME else {}),
                "max_concurrent": self.limits.concurrency,
                "version": settings.SPECTACULAR_SETTINGS["VERSION"],
                "commit": settings.GH_COMMIT_SHA,
                "job_types": sorted(HANDLERS),
            },
        )
        for job in maintenance.rescue_jobs_of(self.worker_id):
            log.info("job %s of an earlier %s is now %s", job.short_id, self.worker_id, job.status)

    def _close(self) -> None:
        self._browser.close()
        self.mailbox.serve_waiting()
        try:
            self._settle_outcomes()
            for run in self._runs.values():
                self._give_back(run.claim)
            for job in self._unstarted:
                self._give_back(job.claim)
            registry.sign_off(self.worker_id)
        except (OperationalError, InterfaceError) as error:
            log.error("the database does not answer; other workers rescue what is left: %s", error)
        self._errands.close()
        self._listener.close()

    # ---- Duties ----------------------------------------------------------------------------------------

    def _free_slots(self) -> int:
        if self._is_closed_to_work() or self._is_told_to_wait():
            return 0
        free = self.limits.concurrency - len(self._runs) - len(self._unstarted)
        if self.limits.max_jobs is not None:
            free = min(free, self.limits.max_jobs - self._claimed_jobs)
        return free

    def _claim_jobs(self) -> None:
        claimed = claims.claim_jobs(self.worker_id, job_types=HANDLERS.keys(), limit=self._free_slots())
        self._claimed_jobs += len(claimed)
        self._unstarted += claimed
        if claimed and self._free_slots() > 0:
            self._claim.hasten()
        self._has_claimed = True

    def _start_claimed(self) -> None:
        # A job that was stopped here and claimed anew waits until its earlier browser context is closed.
        for job in [job for job in self._unstarted if job.id not in self._runs]:
            self._start(job.claim)
            self._unstarted.remove(job)
            self._listener.watch(set(self._runs))

    def _start(self, claim: Claim) -> None:
        try:
            refused = lifecycle.refuse(claim)
            job = refused or lifecycle.start(claim, engine_type=DEFAULT_ENGINE)
            if refused is None:
                self._runs[job.id] = self._browser.run(job, lifecycle.take_resolution(claim))
            log.info("job %s (%s) is %s", job.short_id, job.job_type, job.status)
        except (lifecycle.LostClaim, lifecycle.InvalidTransition):
            log.info("job %s was taken back before it started", claim.job_id)

    def _keep_leases(self) -> None:
        self._cancel_what_others_cancelled()
        if self._standing_by:
            registry.ask_to_drain(self.worker_id)
        held = [run.claim for run in self._runs.values()] + [job.claim for job in self._unstarted]
        lost = claims.renew_leases(self.worker_id, held)
        current = next(iter(self._runs), None)
        self._obey(registry.beat(self.worker_id, current_job_id=current, draining=self._draining))
        self._in_touch_at = self._beat_at = time.monotonic()
        for claim in lost & {run.claim for run in self._runs.values()}:
            self._browser.stop(claim.job_id)

    def _is_told_to_wait(self) -> bool:
        return self._standing_by or self._orders.forbid_claims

    def _obey(self, orders: registry.Orders) -> None:
        if orders == self._orders:
            return
        self._orders = orders
        self._standing_by = False
        log.info("asked to claim nothing more" if orders.forbid_claims else "asked to claim again")
        self._claim.hasten()

    def _cancel_what_others_cancelled(self) -> None:
        """Cancel the jobs whose cancellation was only notified; mostly their rows say so already."""
        for job_id in list(self._cancelled_by_others):
            run = self._runs.get(job_id)
            if run and Job.objects.held_by(run.claim).exists():
                # A job that is sending its form is held instead; either way it is no longer ours.
                with contextlib.suppress(lifecycle.InvalidTransition):
                    lifecycle.cancel(run.claim.job_id, actor="database", reason="Cancelled by a notification")
            self._cancelled_by_others.discard(job_id)

    def _flush_runs(self) -> None:
        for run in self._runs.values():
            self._flush(run)

    def _flush(self, run: JobRun) -> None:
        try:
            run.flush()
        except lifecycle.LostClaim:
            self._browser.stop(run.claim.job_id)

    def _maintain_queue(self) -> None:
        for job in maintenance.rescue_lost_jobs():
            log.info("rescued job %s: it is now %s", job.short_id, job.status)
        maintenance.expire_overdue_jobs()
        fleet.end_overdue_jobs()
        sessions.prune()
        politeness.forget_paces()
        remote.sweep()

    def _settle_outcomes(self) -> None:
        while self._outcomes:
            run, outcome = self._outcomes[0]
            try:
                run.record_cost()
                run.flush(everything=True)
                if outcome is None:
                    self._give_back(run.claim)
                else:
                    job = settle(run.claim, outcome)
                    if job.is_terminal:
                        registry.count(self.worker_id, completed=isinstance(outcome, Completed))
                    log.info("job %s is %s: %s", job.short_id, job.status, job.status_message)
            except (lifecycle.LostClaim, lifecycle.InvalidTransition):
                log.info("job %s is no longer ours", run.claim.job_id)
            del self._outcomes[0]
            self._claim.hasten()

    def _give_back(self, claim: Claim) -> None:
        # Cancelled or rescued meanwhile: then nothing of it is ours.
        with contextlib.suppress(lifecycle.LostClaim):
            lifecycle.release(claim, message=f"Given back by {self.worker_id}")

    def _stop_runs(self) -> None:
        for job_id in self._runs:
            self._browser.stop(job_id)

    # ---- What others tell ------------------------------------------------------------------------------

    def _on_finished(self, run: JobRun, outcome: Outcome | None) -> None:
        self._runs.pop(run.claim.job_id, None)
        self._outcomes.append((run, outcome))
        self._listener.watch(set(self._runs))

    def _on_notification(self, channel: str) -> None:
        if channel.startswith(CANCEL_PREFIX):
            job_id = UUID(channel.removeprefix(CANCEL_PREFIX))
            self.mailbox.post(lambda: self._cancelled_by_others.add(job_id))
        reactions = {CREATED: self._claim.hasten, RESUMED: self._hasten_runs}
        self.mailbox.post(reactions.get(channel, self._keep.hasten))

    def _hasten_runs(self) -> None:
        for run in self._runs.values():
            run.hasten()

    def _on_name_lost(self) -> None:
        log.error("another worker took the name %s while the database was away", self.worker_id)
        self.mailbox.post(self._abort)
