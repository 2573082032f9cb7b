"""Files in a bucket, on a real server that speaks S3."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3
import pytest
from cryptography.fernet import Fernet
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from moto.server import ThreadedMotoServer

from ghosthands import checks
from jobs import artifacts, retention
from tests.factories import make_job
from workers.context import JobSpec, ResumeUnavailable
from workers.resumes import ResumeSource

BUCKET = "ghosthands"
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(endpoint: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_MAX_ATTEMPTS": "1",
    }.items():
        monkeypatch.setenv(name, value)
    boto3.client("s3", endpoint_url=endpoint).create_bucket(Bucket=BUCKET)
    use(settings, endpoint)
    return endpoint


def use(settings: Any, endpoint: str) -> None:
    options = {"bucket_name": BUCKET, "endpoint_url": endpoint, "file_overwrite": False}
    backend = "ghosthands.object_storage.ObjectStorage"
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": backend, "OPTIONS": options}}


def fetch(folder: Path, **ref: str) -> Path | None:
    spec = JobSpec("1", "apply", "https://example.com/", "", {}, resume_ref=ref)
    return asyncio.run(ResumeSource(folder, "http://127.0.0.1:1").fetch(spec))


@pytest.mark.django_db
def test_pictures_and_recordings_are_kept_read_and_deleted(bucket: str, settings: Any) -> None:
    settings.GH_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    settings.GH_RETENTION_DAYS = 1
    job = make_job("completed", completed_at="2026-01-01T00:00:00Z")
    picture, trace = (
        artifacts.save(job.id, "page", b"png"),
        artifacts.save(job.id, "trace", b"zip", kind="zip"),
    )
    assert (artifacts.read(picture), artifacts.read(trace)) == (b"png", b"zip")
    assert artifacts.read_sealed(trace) not in (None, b"zip")
    assert artifacts.read(picture.replace(str(job.id), str(uuid4()))) is None
    job.screenshot_urls, job.artifact_urls = [picture], [trace]
    job.save(update_fields=["screenshot_urls", "artifact_urls"])
    assert retention.prune_old_jobs() == 1
    assert not default_storage.exists(picture)
    assert not default_storage.exists(trace)


def test_a_resume_is_fetched_by_its_key(bucket: str, tmp_path: Path) -> None:
    assert default_storage.save("cv/ada.pdf", ContentFile(PDF)) == "cv/ada.pdf"
    for place in ("s3_key", "storage_path"):
        file = fetch(tmp_path, **{place: "cv/ada.pdf"})
        assert file
        assert (file.name, file.read_bytes()) == ("ada.pdf", PDF)
    with pytest.raises(ResumeUnavailable, match="no file at the given path"):
        fetch(tmp_path, s3_key="cv/nobody.pdf")


def test_a_bucket_that_does_not_answer_is_no_fault_of_ours(
    bucket: str, settings: Any, tmp_path: Path
) -> None:
    use(settings, "http://127.0.0.1:1")
    with pytest.raises(ResumeUnavailable):
        fetch(tmp_path, s3_key="cv/ada.pdf")
    with pytest.raises(OSError, match="object storage"):
        default_storage.save("cv/ada.pdf", ContentFile(PDF))


def test_a_bucket_without_its_packages_is_reported(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.GH_S3_BUCKET = BUCKET
    assert list(checks.the_bucket_can_be_used()) == []
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert [message.id for message in checks.the_bucket_can_be_used()] == ["ghosthands.E005"]
