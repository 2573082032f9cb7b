"""What the clients tell of users, workers and the installation, against the real API over real HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.db.models.functions import Now
from pytest_django.live_server_helper import LiveServer

from ghosthands.client import JobNotResumableError, NotFoundError
from ghosthands.monitoring.snapshot import lookout
from jobs import registry
from jobs.models import BrowserSession, RememberedAnswer
from tests.factories import USER, make_job
from tests.ghosthands.conftest import Connect

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client(live_server: LiveServer, connect: Connect) -> Any:
    lookout.forget()
    return connect(live_server.url, settings.GH_SERVICE_SECRET)


def test_a_waiting_job_is_resumed_once(client: Any) -> None:
    job = make_job("paused", interaction_type="question", interaction_data={"message": "Visa?"})
    resumed = client.resume_job(job.id, resolution_notes="Done")
    assert (resumed.id, resumed.resolved_by) == (str(job.id), "human")
    with pytest.raises(JobNotResumableError) as refused:
        client.resume_job(job.id)
    assert refused.value.current_status == "pending"


def test_sessions_are_listed_and_erased(client: Any) -> None:
    for domain in ("a.example.com", "b.example.com", "c.example.com"):
        BrowserSession.objects.create(
            user_id=USER,
            domain=domain,
            session_data="x",
            encryption_key_id="k",
            expires_at=Now() + timedelta(days=1),
        )
    assert {session.domain for session in client.list_sessions(USER).sessions} >= {"a.example.com"}
    client.erase_session(USER, "a.example.com")
    with pytest.raises(NotFoundError):
        client.erase_session(USER, "a.example.com")
    assert client.erase_sessions(USER).deleted_count == 2

    settings.GH_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    kept = client.put_credentials(USER, "workday", username="test@example.com", password="hush")
    assert kept.site == "workday"
    assert "hush" not in repr(client.list_credentials(USER))
    assert client.erase_credentials(USER, "workday").deleted_count == 1
    with pytest.raises(NotFoundError):
        client.erase_credentials(USER, "workday")
    assert client.erase_credentials(USER).deleted_count == 0


def test_remembered_answers_are_corrected_and_forgotten(client: Any) -> None:
    for question in ("visa", "notice"):
        RememberedAnswer.objects.create(user_id=USER, question=question, question_key=question, answer="No")
    page = client.list_answers(USER, limit=1)
    assert (page.total, len(page.answers)) == (2, 1)
    assert client.correct_answer(USER, page.answers[0].id, "Yes").answer == "Yes"
    assert client.forget_answers(USER, page.answers[0].id).deleted_count == 1
    with pytest.raises(NotFoundError):
        client.correct_answer(USER, page.answers[0].id, "Yes")
    assert client.forget_answers(USER).deleted_count == 1


def test_usage_is_told(client: Any) -> None:
    usage = client.get_usage(USER)
    assert (usage.job_count, usage.current_month_cost_usd) == (0, 0.0)
    assert usage.remaining_budget_usd == usage.monthly_budget_usd


def test_workers_are_listed_and_deregistered(client: Any) -> None:
    registry.register("adam")
    [worker] = client.list_workers().workers
    assert (worker.worker_id, worker.status) == ("adam", "active")
    assert client.deregister_worker("adam", reason="sold").deregistered_workers == ("adam",)
    with pytest.raises(NotFoundError):
        client.deregister_worker("nobody")


def test_the_installation_is_told(client: Any) -> None:
    make_job()
    assert client.get_health().status == "degraded"
    assert client.get_version().service == "ghosthands"
    assert client.get_metrics().worker["queueDepth"] == 1
    assert [alert.id for alert in client.list_alerts().alerts] == ["no_workers"]
    assert client.list_models().default in {model.alias for model in client.list_models().models}
