"""Pictures of a run: who may see them, and what an address can reach."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import time_machine
from cryptography.fernet import Fernet
from django.contrib.auth.models import Permission, User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from rest_framework.test import APIClient

from jobs import artifacts, keys
from jobs.encryption import CannotDecrypt
from jobs.models import Job
from tests.factories import OTHER_USER, USER

PNG = b"\x89PNG\r\n\x1a\nnot really"


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    settings.MEDIA_ROOT = str(tmp_path / "media")
    yield tmp_path / "media"


@pytest.fixture
def job(job_factory: Callable[..., Job]) -> Job:
    return job_factory("completed", user_id=USER)


@pytest.fixture
def name(job: Job) -> str:
    return artifacts.save(job.id, "before submit", PNG)


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def test_a_name_tells_the_job_and_cannot_be_guessed(job: Job) -> None:
    names = {artifacts.save(job.id, "../../etc/Before Submit!", PNG) for _ in range(3)}
    assert len(names) == 3
    for name in names:
        assert name.startswith(f"artifacts/{job.id}/etc-Before-Submit-")
        assert artifacts.job_of(name) == job.id
        assert artifacts.read(name) == PNG


def test_the_service_the_owner_and_the_link_open_it(
    api: APIClient, user_api: Callable[..., APIClient], name: str
) -> None:
    link = path_of(artifacts.signed_url(name, "http://testserver/"))
    for client, address in ((api, f"/{name}"), (user_api(USER), f"/{name}"), (Client(), link)):
        response = client.get(address)
        assert (response.status_code, response.content) == (200, PNG)
        assert response["Content-Type"] == "image/png"
        assert response["Cache-Control"] == "private, no-store"
        assert response["X-Content-Type-Options"] == "nosniff"
    assert Client().post(link).status_code == 405


def test_nobody_else_learns_that_it_exists(user_api: Callable[..., APIClient], name: str) -> None:
    for client in (Client(), user_api(OTHER_USER), APIClient(headers={"X-GH-Service-Key": "wrong"})):
        assert client.get(f"/{name}").status_code == 404


def test_operators_see_it_in_their_session(name: str) -> None:
    client = Client()
    operator = User.objects.create_user("olga", is_staff=True)
    client.force_login(operator)
    assert client.get(f"/{name}").status_code == 404
    operator.user_permissions.add(Permission.objects.get(codename="view_job"))
    assert client.get(f"/{name}").status_code == 200
    User.objects.filter(id=operator.id).update(is_staff=False)
    assert client.get(f"/{name}").status_code == 404


def test_a_link_opens_one_file_for_seven_days(name: str, job: Job) -> None:
    link = path_of(artifacts.signed_url(name, "http://testserver"))
    other = artifacts.save(job.id, "after", PNG)
    signature = link.partition("?")[2]
    assert Client().get(f"/{other}?{signature}").status_code == 404
    assert Client().get(f"/{name}?{signature}x").status_code == 404
    assert Client().get(f"/{name}?signature=%00").status_code == 404
    with time_machine.travel(timezone.now() + timedelta(days=6), tick=False):
        assert Client().get(link).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        assert Client().get(link).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "secret.png",
        "../secret.png",
        "%2e%2e/secret.png",
        "{job}/../../secret.png",
        "{job}/..%2f..%2fsecret.png",
        "{job}/%00.png",
        "{job}/unknown.png",
        "{job}/notes.txt",
        "{job}/",
        "{job}",
        "//etc/passwd",
        "nobody/x.png",
    ],
)
def test_an_address_reaches_nothing_else(api: APIClient, media: Path, job: Job, path: str) -> None:
    default_storage.save("secret.png", ContentFile(PNG))
    (media / "artifacts" / str(job.id)).mkdir(parents=True)
    (media / "artifacts" / str(job.id) / "notes.txt").write_text("private")
    assert api.get(f"/artifacts/{path.format(job=job.id)}").status_code == 404


def test_answers_carry_links_that_open(api: APIClient, settings: Settings, job: Job, name: str) -> None:
    Job.objects.filter(id=job.id).update(screenshot_urls=[name, "https://elsewhere.example.com/1.png"])
    for url in (f"/api/v1/gh/jobs/{job.id}", "/api/v1/gh/jobs"):
        answer = api.get(url).json()
        ours, theirs = (answer["jobs"][0] if "jobs" in answer else answer)["screenshot_urls"]
        assert ours.startswith(f"http://testserver/{name}?signature=")
        assert Client().get(path_of(ours)).status_code == 200
        assert theirs == "https://elsewhere.example.com/1.png"

    settings.GH_PUBLIC_URL = "https://gh.example.com"
    picture = api.get(f"/api/v1/gh/valet/status/{job.id}").json()["result"]["screenshots"][0]
    assert picture.startswith(f"https://gh.example.com/{name}?signature=")


def test_a_trace_is_an_archive_that_lies_encrypted(api: APIClient, job: Job, settings: Any) -> None:
    settings.GH_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    name = artifacts.save(job.id, "trace", b"PK secret", kind="zip")
    shown = api.get(f"/{name}")
    assert (shown["Content-Type"], shown.content) == ("application/zip", b"PK secret")
    with default_storage.open(name) as stored:
        assert b"secret" not in stored.read()


def test_a_trace_can_be_read_after_the_keys_were_rotated(job: Job, settings: Any) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.GH_ENCRYPTION_KEYS = [old]
    name = artifacts.save(job.id, "trace", b"PK", kind="zip")
    settings.GH_ENCRYPTION_KEYS = [new, old]
    assert artifacts.read(name) == b"PK"
    settings.GH_ENCRYPTION_KEYS = [new]
    with pytest.raises(CannotDecrypt):
        artifacts.read(name)


def test_names_of_nobody_belong_to_no_job() -> None:
    assert artifacts.job_of(f"artifacts/{uuid.uuid4()}/../x.png") is None
    assert artifacts.read("artifacts/x.png") is None


def test_a_key_that_may_not_read_opens_no_picture(name: str, settings: Settings) -> None:
    settings.GH_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    for scope, status in ((keys.FLEET, 404), (keys.READ, 200)):
        key = keys.issue(f"only {scope}", [scope], actor="admin:olga").key
        assert Client().get(f"/{name}", headers={"X-GH-Service-Key": key}).status_code == status
