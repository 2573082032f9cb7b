"""Invented jobs, workers and callbacks: a day in the life of a busy installation, the same each time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from jobs import registry
from jobs.models import Job, JobEvent, QueuePause, Worker
from jobs.politeness import pause_queue
from valet.models import CallbackDelivery

HOSTS = (
    "boards.greenhouse.io/acme",
    "jobs.lever.co/northwind",
    "contoso.wd5.myworkdayjobs.com",
    "careers.example.com",
)
WORKERS = (
    ("worker-eu-1", 4, 0),
    ("worker-eu-2", 4, 0),
    ("worker-us-1", 2, 0),
    ("adam", 2, 0),
    ("sarah", 2, 95),
)
FAILURES = (
    ("element_not_found", "The button 'Submit application' did not appear within {n} s", 5),
    ("timeout", "The run took longer than {n} s", 3),
    ("network_error", "https://careers.example.com/jobs/{n} did not answer", 2),
    ("posting_closed", "The posting is closed", 2),
    ("captcha_blocked", "The site asked {n} times for proof that a person is there", 1),
)
ASKED = [
    {"question": "Do you need sponsorship to work in Canada?", "kind": "radio", "options": ["Yes", "No"]},
    {"question": "Notice period", "kind": "text", "options": [], "help": "in weeks"},
    {"question": "Why do you want to work with us?", "kind": "textarea", "options": []},
]
QUESTIONS = (
    ("captcha", "The site shows a CAPTCHA before the second page"),
    ("question", "Three required questions have no answer"),
    ("verify_submission", "The worker was lost while the form was being sent"),
    ("2fa", "The site sent a code by mail"),
)


class Day:
    """Draws rows; `draw` is seeded, so that pictures change only when pages do."""

    def __init__(self) -> None:
        self.draw = random.Random(7)  # noqa: S311 - pictures, not secrets
        self.now = timezone.now()

    def fill(self) -> None:
        """Write everything."""
        self._register_workers()
        jobs = [*self._finished(), *self._waiting(), *self._working(), *self._asking()]
        Job.objects.bulk_create(jobs)
        for job in jobs:
            # The columns have defaults in the database only.
            Job.objects.filter(id=job.id).update(created_at=job.created_at)
        pause_queue(
            QueuePause.Kind.HOST, "jobs.lever.co", actor="admin:olga", reason="They ask for a CAPTCHA"
        )
        self._tell(jobs)
        self._call_back(jobs)

    def _register_workers(self) -> None:
        for name, slots, minutes in WORKERS:
            registry.register(name)
            Worker.objects.filter(worker_id=name).update(
                metadata={"max_concurrent": slots, "version": "0.1.0"},
                jobs_completed=self.draw.randrange(80, 900),
                last_heartbeat=self.now - timedelta(minutes=minutes, seconds=self.draw.randrange(4, 20)),
            )

    def _job(self, status: str, created: datetime, **fields: Any) -> Job:
        number = self.draw.randrange(1000, 9999)
        values: dict[str, Any] = {
            "id": UUID(int=self.draw.getrandbits(128), version=4),
            "job_type": self.draw.choice(["apply"] * 7 + ["scrape", "fill_form"]),
            "target_url": f"https://{self.draw.choice(HOSTS)}/jobs/{number}",
            "task_description": "Apply for the position",
            "input_data": {
                "user_data": {"first_name": "Test", "last_name": "User", "email": "test@example.com"}
            },
            "user_id": UUID(int=self.draw.randrange(1, 40)),
            "valet_task_id": f"task-{number}",
            "tags": ["spring"] if number % 3 else ["spring", "priority"],
            "status": status,
            "created_at": created,
            "updated_at": created,
        }
        return Job(**values | fields)

    def _finished(self) -> Iterator[Job]:
        for hours in range(24):
            busy = 26 + int(22 * abs(12 - (self.now.hour - hours) % 24) / -12 + 22)
            for _ in range(self.draw.randrange(busy - 8, busy + 8)):
                created = self.now - timedelta(hours=hours, minutes=self.draw.randrange(4, 60))
                ended = created + timedelta(seconds=self.draw.randrange(20, 130) + 40 * (hours % 5))
                times = {"started_at": created + timedelta(seconds=8), "completed_at": ended, "attempt": 1}
                worker = self.draw.choice(WORKERS[:3])[0]
                if self.draw.random() < 0.07:
                    code, message, _ = self.draw.choices(FAILURES, [weight for *_, weight in FAILURES])[0]
                    details = {"message": message.format(n=self.draw.randrange(10, 90))}
                    yield self._job(
                        "failed", created, worker_id=worker, error_code=code, error_details=details, **times
                    )
                elif self.draw.random() < 0.03:
                    yield self._job("cancelled", created, **times)
                else:
                    yield self._job("completed", created, worker_id=worker, **times)

    def _waiting(self) -> Iterator[Job]:
        for minutes in (52, 31, 8, 5, 3, 3, 2, 1, 1):
            # Aimed at workers that are rows only: the real one would take them away before the picture.
            target = (
                "sarah" if minutes > 30 else self.draw.choice(["worker-eu-1", "worker-eu-2", "worker-us-1"])
            )
            yield self._job("pending", self.now - timedelta(minutes=minutes), target_worker_id=target)

    def _working(self) -> Iterator[Job]:
        for worker, _, _ in (*WORKERS[:4], *WORKERS[:2], WORKERS[0]):
            created = self.now - timedelta(minutes=self.draw.randrange(1, 5))
            yield self._job(
                "running", created, worker_id=worker, attempt=1, started_at=created + timedelta(seconds=6),
                last_heartbeat=self.now, status_message="Page 2 of 4",
            )  # fmt: skip

    def _asking(self) -> Iterator[Job]:
        for hours, (kind, message) in enumerate(QUESTIONS, start=1):
            asked = self.now - timedelta(minutes=hours * 23)
            data = {"message": message, "questions": ASKED if kind == "question" else []}
            yield self._job(
                "paused", asked - timedelta(minutes=2), job_type="apply", interaction_type=kind, paused_at=asked,
                interaction_data=data, status_message=message, attempt=1,
                submit_armed_at=asked if kind == "verify_submission" else None,
            )  # fmt: skip

    def _tell(self, jobs: list[Job]) -> None:
        events = []
        for job in jobs:
            if job.status in {"running", "failed", "paused"}:
                share = self.draw.randrange(15, 90)
                note = {"progress_pct": share, "step": "contact", "description": "Contact details"}
                events += [
                    JobEvent(job=job, event_type="status_change", to_status="queued", actor="worker:adam",
                             message="Claimed", metadata={"action": "claim", "attempt": 1}),
                    JobEvent(job=job, event_type="progress_update", actor="worker:adam",
                             message="Contact details", metadata=note),
                ]  # fmt: skip
        JobEvent.objects.bulk_create(events)

    def _call_back(self, jobs: list[Job]) -> None:
        ended = [job for job in jobs if job.status in {"completed", "failed"}][:9]
        CallbackDelivery.objects.bulk_create(
            CallbackDelivery(
                job=job, status=job.status, payload={}, attempts=number // 3,
                dead_at=self.now if number == 8 else None,
                next_attempt_at=self.now + timedelta(hours=1),
            )
            for number, job in enumerate(ended)
        )  # fmt: skip
