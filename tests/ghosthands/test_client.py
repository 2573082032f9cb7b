"""Both clients against the real API over real HTTP, one test for each call and each refusal."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import jwt
import pytest
from django.conf import settings
from django.db import connection
from pytest_django.live_server_helper import LiveServer

from ghosthands.client import (
    Cost,
    DuplicateIdempotencyKeyError,
    JobNotCancellableError,
    JobNotFoundError,
    JobNotRetryableError,
    JobStatus,
    UnauthorizedError,
    ValetFailure,
    ValidationError,
    WaitTimeoutError,
)
from jobs import lifecycle
from jobs.models import Job
from tests.factories import OTHER_USER, PROFILE, USER, claim_of, make_job
from tests.ghosthands.conftest import Connect

pytestmark = pytest.mark.django_db(transaction=True)

TARGET = "http://127.0.0.1/careers"
JOB: Any = {"job_type": "apply", "target_url": TARGET, "task_description": "Apply to position"}
VALET: Any = {"valet_task_id": "valet-123", "valet_user_id": USER, "target_url": TARGET}


@pytest.fixture
def client(live_server: LiveServer, connect: Connect) -> Any:
    return connect(live_server.url, settings.GH_SERVICE_SECRET)


def token_of(user_id: UUID) -> str:
    return jwt.encode({"sub": str(user_id), "exp": 4102444800}, settings.GH_JWT_SECRET, algorithm="HS256")


def in_a_thread(step: Callable[[], object]) -> None:
    """Do what a worker does, whichever loop the caller is in."""

    def run() -> None:
        try:
            step()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


class TestCreating:
    def test_routes_to_a_worker(self, client: Any) -> None:
        created = client.create_job(**JOB, target_worker_id="worker-adam")
        assert created.status == "pending"
        assert created.created_at.tzinfo is not None
        assert Job.objects.get(id=created.id).target_worker_id == "worker-adam"
        assert client.get_job(created.id).target_worker_id == "worker-adam"

    @pytest.mark.parametrize("target", [{}, {"target_worker_id": None}])
    def test_any_worker_without_a_target(self, client: Any, target: dict[str, None]) -> None:
        assert client.get_job(client.create_job(**JOB, **target).id).target_worker_id is None

    def test_sends_every_field(self, client: Any) -> None:
        later = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
        fields: dict[str, Any] = {
            **JOB,
            "user_id": USER,
            "input_data": {"user_data": PROFILE},
            "priority": 2,
            "scheduled_at": later,
            "max_retries": 1,
            "timeout_seconds": 60,
            "tags": ("a", "b"),
            "idempotency_key": "key-1",
            "metadata": {"source": "test"},
            "target_worker_id": "adam",
        }
        job = client.get_job(client.create_job(**fields).id)
        found = {name: getattr(job, name) for name in fields}
        assert found == fields | {"user_id": str(USER)}

    def test_batch(self, client: Any) -> None:
        created = client.create_jobs(
            [{**JOB, "target_worker_id": "adam"}, JOB], user_id=USER, defaults={"priority": 1}
        )
        jobs = [client.get_job(job_id) for job_id in created.job_ids]
        assert created.created == 2
        assert [job.target_worker_id for job in jobs] == ["adam", None]
        assert {(job.user_id, job.priority) for job in jobs} == {(str(USER), 1)}

    def test_one_bad_job_refuses_the_batch(self, client: Any) -> None:
        with pytest.raises(ValidationError) as caught:
            client.create_jobs([JOB, {**JOB, "target_url": "nonsense"}])
        assert [problem.field for problem in caught.value.details] == ["jobs.1.target_url"]
        assert not Job.objects.exists()

    def test_duplicate_key(self, client: Any) -> None:
        first = client.create_job(**JOB, idempotency_key="key-1")
        with pytest.raises(DuplicateIdempotencyKeyError) as caught:
            client.create_job(**JOB, idempotency_key="key-1")
        assert (caught.value.existing_job_id, caught.value.existing_status) == (first.id, "pending")
        assert caught.value.request_id

    def test_too_long_a_target(self, client: Any) -> None:
        with pytest.raises(ValidationError, match="target_worker_id") as caught:
            client.create_job(**JOB, target_worker_id="x" * 101)
        assert caught.value.status_code == 422

    @pytest.mark.parametrize("text", ["nul \x00", "lone \ud800"])
    def test_what_the_database_cannot_hold(self, client: Any, text: str) -> None:
        with pytest.raises(ValidationError):
            client.create_job(**JOB | {"task_description": text})

    def test_too_large_a_body(self, client: Any) -> None:
        with pytest.raises(ValidationError) as caught:
            client.create_job(**JOB, metadata={"text": "x" * 1_100_000})
        assert caught.value.status_code == 413


class TestReading:
    def test_status(self, client: Any) -> None:
        job = make_job("running", status_message="Filling the form", target_worker_id="adam")
        status = client.get_job_status(job.id)
        assert (status.id, status.status, status.status_message) == (
            str(job.id),
            "running",
            "Filling the form",
        )
        assert status.started_at is not None
        assert abs(status.started_at - job.started_at) < timedelta(milliseconds=1)
        assert not status.is_finished

    def test_a_row_as_another_program_leaves_it(self, client: Any) -> None:
        job = client.get_job(
            make_job("failed", error_code="timeout", error_details={"message": "Too slow"}).id
        )
        assert (job.error_code, job.error_details) == ("timeout", {"message": "Too slow"})
        assert job.is_finished
        assert not job.is_completed

    def test_list(self, client: Any) -> None:
        failed = make_job("failed", user_id=USER)
        cancelled = make_job("cancelled", user_id=USER, job_type="scrape")
        make_job("pending", user_id=OTHER_USER)
        page = client.list_jobs(user_id=USER, status=["failed", "cancelled"], sort="created_at:asc", limit=1)
        assert (page.total, page.limit, page.offset) == (2, 1, 0)
        assert [job.id for job in page.jobs] == [str(failed.id)]
        assert [job.id for job in client.list_jobs(job_type="scrape").jobs] == [str(cancelled.id)]
        assert client.list_jobs().total == 3

    def test_a_refused_filter(self, client: Any) -> None:
        with pytest.raises(ValidationError, match="limit"):
            client.list_jobs(limit=1000)

    def test_events(self, client: Any) -> None:
        created = client.create_job(**JOB)
        client.cancel_job(created.id)
        page = client.get_job_events(created.id, event_type="status_change")
        assert [event.to_status for event in page.events] == ["pending", "cancelled"]
        assert page.events[0].job_id == created.id
        second = client.get_job_events(created.id, event_type="status_change", limit=1, offset=1)
        assert second.total == 2
        assert second.events[0].from_status == "pending"

    @pytest.mark.parametrize(
        "call",
        ["get_job", "get_job_status", "get_job_events", "cancel_job", "retry_job", "valet_status"],
    )
    def test_no_such_job(self, client: Any, call: str) -> None:
        unknown = uuid4()
        with pytest.raises(JobNotFoundError) as caught:
            getattr(client, call)(unknown)
        assert caught.value.job_id == str(unknown)
        assert caught.value.status_code == 404


class TestCancelAndRetry:
    def test_cancel(self, client: Any) -> None:
        job = make_job("pending")
        cancelled = client.cancel_job(job.id)
        job.refresh_from_db()
        assert (cancelled.id, cancelled.status, job.status) == (str(job.id), "cancelled", "cancelled")
        assert cancelled.cancelled_at is not None

    def test_cancel_of_a_finished_job(self, client: Any) -> None:
        with pytest.raises(JobNotCancellableError) as caught:
            client.cancel_job(make_job("completed").id)
        assert caught.value.current_status == "completed"

    def test_retry(self, client: Any) -> None:
        job = make_job("failed", target_worker_id="adam")
        retried = client.retry_job(job.id)
        assert (retried.status, retried.retry_count) == ("pending", 1)
        assert client.get_job(job.id).target_worker_id == "adam"

    def test_retry_of_a_running_job(self, client: Any) -> None:
        with pytest.raises(JobNotRetryableError) as caught:
            client.retry_job(make_job("running").id)
        assert caught.value.current_status == "running"

    def test_retry_of_what_may_have_been_sent_wants_a_confirmation(self, client: Any) -> None:
        job = make_job("failed", submit_armed_at=datetime.now(UTC))
        with pytest.raises(JobNotRetryableError) as caught:
            client.retry_job(job.id)
        assert caught.value.reason
        assert client.retry_job(job.id, confirm_resubmit=True).status == "pending"


class TestValet:
    def test_apply(self, client: Any) -> None:
        applied = client.valet_apply(
            **VALET, profile=PROFILE, qa_answers={"Why?": "Because."}, target_worker_id="worker-prod-1"
        )
        job = client.get_job(applied.job_id)
        assert (applied.valet_task_id, applied.status) == ("valet-123", "pending")
        assert (job.job_type, job.target_worker_id, job.user_id) == ("apply", "worker-prod-1", str(USER))
        assert job.input_data["qa_overrides"] == {"Why?": "Because."}

    def test_task(self, client: Any) -> None:
        task = client.valet_task(**VALET, job_type="scrape", task_description="Extract the details")
        assert client.get_job(task.job_id).job_type == "scrape"

    def test_status(self, client: Any) -> None:
        applied = client.valet_apply(**VALET, profile=PROFILE, target_worker_id="adam")
        status = client.valet_status(applied.job_id)
        assert (status.job_id, status.valet_task_id) == (applied.job_id, "valet-123")
        assert (status.status, status.target_worker_id) == ("pending", "adam")
        assert status.timestamps.created_at == applied.created_at
        assert status.cost == Cost()

    def test_status_of_a_failed_job(self, client: Any) -> None:
        job = make_job("failed", error_code="timeout", error_details={"message": "Too slow"})
        status = client.valet_status(job.id)
        assert status.error == ValetFailure(code="timeout", message="Too slow", details=status.error.details)

    def test_status_of_a_completed_job(self, client: Any) -> None:
        job = make_job("completed", result_data={"confirmation_id": "C-1"}, result_summary="Sent")
        result = client.valet_status(job.id).result
        assert (result.data, result.summary, result.screenshots) == ({"confirmation_id": "C-1"}, "Sent", ())

    def test_status_of_a_job_that_waits_for_a_person(self, client: Any) -> None:
        job = make_job(
            "paused",
            interaction_type="captcha",
            interaction_data={"page_url": TARGET, "timeout_seconds": 300},
            paused_at=datetime.now(UTC),
        )
        interaction = client.valet_status(job.id).interaction
        assert (interaction.type, interaction.page_url, interaction.timeout_seconds) == (
            "captcha",
            TARGET,
            300,
        )
        assert interaction.paused_at is not None

    def test_duplicate_key(self, client: Any) -> None:
        first = client.valet_apply(**VALET, profile=PROFILE, idempotency_key="key-1")
        with pytest.raises(DuplicateIdempotencyKeyError) as caught:
            client.valet_apply(**VALET, profile=PROFILE, idempotency_key="key-1")
        assert (caught.value.existing_job_id, caught.value.existing_status) == (first.job_id, "pending")

    def test_refused_profile(self, client: Any) -> None:
        with pytest.raises(ValidationError) as caught:
            client.valet_apply(**VALET, profile={"first_name": "Ada"})
        assert {problem.field for problem in caught.value.details} >= {"profile.last_name", "profile.email"}


class TestCallers:
    def test_a_wrong_key(self, live_server: LiveServer, connect: Connect) -> None:
        with pytest.raises(UnauthorizedError):
            connect(live_server.url, "wrong-key").list_jobs()

    def test_the_whole_base_address_works_too(self, live_server: LiveServer, connect: Connect) -> None:
        client = connect(f"{live_server.url}/api/v1/gh/", settings.GH_SERVICE_SECRET)
        assert client.list_jobs().total == 0

    def test_a_user_sees_only_their_own(self, live_server: LiveServer, connect: Connect) -> None:
        mine, other = make_job(user_id=USER), make_job(user_id=OTHER_USER)
        user = connect(live_server.url, token=token_of(USER))
        assert [job.id for job in user.list_jobs().jobs] == [str(mine.id)]
        with pytest.raises(JobNotFoundError):
            user.get_job(other.id)

    def test_anothers_key_is_taken_but_not_shown(self, live_server: LiveServer, connect: Connect) -> None:
        make_job(user_id=OTHER_USER, idempotency_key="key-1")
        with pytest.raises(DuplicateIdempotencyKeyError) as caught:
            connect(live_server.url, token=token_of(USER)).create_job(**JOB, idempotency_key="key-1")
        assert caught.value.existing_job_id is None


class TestWaiting:
    def test_follows_a_job_to_its_end(self, client: Any) -> None:
        claim = claim_of(make_job("running"))
        steps = deque(
            [
                partial(lifecycle.report, claim, [], status_message="Filling the form"),
                partial(lifecycle.complete, claim, result_data={"confirmation": "C-1"}, summary="Sent"),
            ]
        )
        seen: list[str | None] = []

        def work(status: JobStatus) -> None:
            seen.append(status.status_message)
            if steps:
                in_a_thread(steps.popleft())

        job = client.wait_for_completion(claim.job_id, timeout=30, poll_interval=0.01, on_progress=work)
        assert seen == [None, "Filling the form", "Sent"]
        assert job.is_completed
        assert job.result_data == {"confirmation": "C-1"}

    def test_gives_up(self, client: Any) -> None:
        job = make_job("paused")
        with pytest.raises(WaitTimeoutError) as caught:
            client.wait_for_completion(job.id, timeout=0.05, poll_interval=0.01)
        assert caught.value.last_status == "paused"
