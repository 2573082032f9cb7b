"""The console's first page, and the export."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

import pytest
from cryptography.fernet import Fernet
from django.http import StreamingHttpResponse
from django.test import Client
from django.utils import timezone

from jobs import registry
from jobs.admin import export
from jobs.models import Job, Worker
from tests.factories import make_job
from valet.models import CallbackDelivery

QUERY_BUDGET = 12


def dashboard(client: Client) -> str:
    answer = client.get("/admin/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_root_leads_to_the_dashboard(admin_client: Client) -> None:
    assert admin_client.get("/").headers["Location"] == "/admin/"


def test_an_empty_installation_says_what_to_do(admin_client: Client) -> None:
    page = dashboard(admin_client)
    for words in ("Nothing waits", "Nobody is waited for", "Nothing failed", "runworker"):
        assert words in page


def test_it_tells_that_nothing_secret_can_be_kept(admin_client: Client, settings: Any) -> None:
    settings.GH_ENCRYPTION_KEYS = []
    assert "<code>GH_ENCRYPTION_KEYS</code> is not set" in dashboard(admin_client)
    settings.GH_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert "GH_ENCRYPTION_KEYS" not in dashboard(admin_client)


def test_it_tells_what_waits_what_runs_and_who_works(admin_client: Client) -> None:
    registry.register("adam")
    Worker.objects.update(metadata={"max_concurrent": 3, "version": "0.1.0"})
    waiting = make_job("pending", created_at=timezone.now() - timedelta(hours=3))
    running = make_job("running")
    asking = make_job("paused", interaction_type="captcha", paused_at=timezone.now() - timedelta(minutes=30))
    make_job("completed")
    page = dashboard(admin_client)
    for job in (waiting, running, asking):
        assert str(job.id) in page
    for words in ("The site shows a CAPTCHA.", "30m", "3h", "1 of 3 slots busy", "1 completed", "100 %"):
        assert words in page


def test_failures_alike_are_one_line_with_a_retry_of_them_all(admin_client: Client) -> None:
    for number in (30, 45, 60):
        make_job("failed", error_code="timeout", error_details={"message": f"Waited {number} s"})
    make_job("failed", error_code="timeout", error_details={"message": "The page never opened"})
    make_job("failed", error_code="posting_closed", error_details="closed")
    page = dashboard(admin_client)
    assert page.count(">Retry group<") == 3
    assert '<b class="gh-times">3' in page
    group = Job.objects.filter(error_details__message="Waited 30 s").values_list(
        "error_fingerprint", flat=True
    )[0]
    assert f"status%3Dfailed%26failure%3D{group}" in page


def test_callbacks_that_wait_and_that_were_given_up_are_counted(admin_client: Client) -> None:
    job = make_job("completed")
    for attempts, dead in ((0, None), (3, None), (12, timezone.now())):
        CallbackDelivery.objects.create(
            job=job, status="completed", payload={}, attempts=attempts, dead_at=dead
        )
    page = dashboard(admin_client)
    callbacks = "/admin/valet/callbackdelivery/"
    assert f'<dt>Waiting</dt><dd><a href="{callbacks}">2</a></dd>' in page
    assert "<dt>Tried again</dt><dd>1</dd>" in page
    assert f'<dt>Given up</dt><dd><a href="{callbacks}?state=dead">1</a></dd>' in page


def test_it_keeps_to_its_query_budget(admin_client: Client, django_assert_max_num_queries: Any) -> None:
    for status in ("pending", "running", "paused", "failed", "completed"):
        for _ in range(8):
            make_job(status)
    registry.register("adam")
    with django_assert_max_num_queries(QUERY_BUDGET):
        dashboard(admin_client)


def rows(answer: Any) -> list[list[str]]:
    chunks = cast("Iterator[bytes]", cast("StreamingHttpResponse", answer).streaming_content)
    return list(csv.reader(io.StringIO(b"".join(chunks).decode())))


def test_the_export_holds_the_filters_jobs_and_nobodys_data(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "CHUNK", 2)
    wanted = [make_job("failed", error_code="timeout", tags=["=1+1"]) for _ in range(3)]
    make_job("pending")
    answer = admin_client.get("/admin/jobs/job/export/?status=failed")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="jobs.csv"'
    heading, *found = rows(answer)
    assert {row[0] for row in found} == {str(job.id) for job in wanted}
    first = dict(zip(heading, found[0], strict=True))
    assert (first["status"], first["error"], first["tags"]) == ("failed", "timeout", "'=1+1")
    assert "example.com" in first["address"]
    assert not any("test@example.com" in cell or "User" in cell for row in found for cell in row)


def test_the_export_is_bounded(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MOST_ROWS", 3)
    monkeypatch.setattr(export, "CHUNK", 2)
    for _ in range(5):
        make_job("pending")
    assert len(rows(admin_client.get("/admin/jobs/job/export/"))) == 4
