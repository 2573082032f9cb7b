"""Service keys: what each opens, what is kept of it, and who may issue it."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core import serializers
from django.core.management import CommandError, call_command
from django.test import Client
from rest_framework.test import APIClient
from standardwebhooks import Webhook

from jobs import encryption, keys
from jobs.models import Job, ServiceKey
from tests.factories import USER, make_person
from valet import sending

pytestmark = pytest.mark.django_db

BASE = "/api/v1/gh"
JOB = {"job_type": "scrape", "target_url": "https://x.example/", "task_description": "Read it"}


@pytest.fixture(autouse=True)
def encryption_key(settings: Any) -> None:
    settings.GH_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]


def issued(*scopes: str, name: str = "valet production") -> keys.Issued:
    return keys.issue(name, scopes or list(keys.SCOPES), actor="admin:olga")


def caller(key: str) -> APIClient:
    return APIClient(headers={"X-GH-Service-Key": key})


def test_a_key_opens_what_it_was_issued_for_and_leaves_its_name() -> None:
    reader, writer = caller(issued("read", name="reader").key), caller(issued("write", name="writer").key)
    created = writer.post(f"{BASE}/jobs", JOB, format="json")
    assert created.status_code == 201
    job = Job.objects.get(id=created.json()["id"])
    assert job.events.earliest("id").actor == "service:writer"
    assert reader.get(f"{BASE}/jobs/{job.id}").status_code == 200
    refused = reader.post(f"{BASE}/jobs/{job.id}/cancel")
    assert refused.status_code == 403
    assert "lacks the scope 'write'" in refused.json()["message"]
    assert writer.get(f"{BASE}/jobs").status_code == 403
    body = {"target_worker_id": "adam"}
    assert writer.post(f"{BASE}/valet/workers/deregister", body, format="json").status_code == 403


def test_a_revoked_key_opens_nothing_and_its_name_stays_taken() -> None:
    key = issued()
    assert caller(key.key).get(f"{BASE}/jobs").status_code == 200
    assert keys.revoke(key.row.id)
    assert not keys.revoke(key.row.id)
    assert caller(key.key).get(f"{BASE}/jobs").status_code == 401


@pytest.mark.parametrize(
    "spoil", [lambda k: k[:-1], lambda k: k[:-1] + "!", lambda k: k.upper(), lambda k: k + "x"]
)
def test_what_only_resembles_a_key_opens_nothing(spoil: Any) -> None:
    assert caller(spoil(issued().key)).get(f"{BASE}/jobs").status_code == 401


def test_neither_key_nor_secret_is_kept_readably() -> None:
    key = issued()
    kept = serializers.serialize("json", ServiceKey.objects.all())
    assert key.key not in kept
    assert key.key.rpartition("_")[2] not in kept
    assert key.signing_secret.removeprefix("whsec_") not in kept


def test_last_use_is_remembered_to_the_minute() -> None:
    key = issued()
    assert key.row.last_used_at is None
    for _ in range(2):
        caller(key.key).get(f"{BASE}/jobs")
    used = ServiceKey.objects.get(id=key.row.id).last_used_at
    assert used is not None
    caller(key.key).get(f"{BASE}/jobs")
    assert ServiceKey.objects.get(id=key.row.id).last_used_at == used


def test_callbacks_of_a_keys_jobs_are_signed_with_its_own_secret(settings: Any) -> None:
    key = issued()
    application = {
        "valet_task_id": "t-1",
        "valet_user_id": str(USER),
        "target_url": "https://x.example/",
        "profile": {"first_name": "Test", "last_name": "User", "email": "test@example.com"},
    }
    caller(key.key).post(f"{BASE}/valet/apply", application, format="json")
    caller(settings.GH_SERVICE_SECRET).post(
        f"{BASE}/valet/apply", application | {"valet_task_id": "t-2"}, format="json"
    )
    mine, shared = Job.objects.get(valet_task_id="t-1"), Job.objects.get(valet_task_id="t-2")
    fields = sending.headers("https://v.example/", "{}", "gh_1", keys.signing_secret_of(mine))
    Webhook(key.signing_secret).verify("{}", fields)
    assert keys.signing_secret_of(shared) != keys.signing_secret_of(mine)


def test_without_encryption_no_key_is_issued(settings: Any) -> None:
    settings.GH_ENCRYPTION_KEYS = []
    with pytest.raises(encryption.NotConfigured):
        issued()
    assert not ServiceKey.objects.exists()


@pytest.mark.parametrize("scopes", [[], ["everything"]])
def test_a_key_needs_scopes_that_exist(scopes: list[str]) -> None:
    with pytest.raises(ValueError, match="one or more of the scopes read, write, fleet"):
        keys.issue("k", scopes, actor="admin:olga")


class TestTheConsole:
    PAGE = "/admin/jobs/servicekey/"

    def sign_in(self, client: Client, role: str) -> None:
        client.force_login(make_person(role))

    def test_an_administrator_issues_sees_once_and_revokes(self, client: Client) -> None:
        self.sign_in(client, "administrator")
        shown = client.post(self.PAGE, {"name": "valet", "scopes": ["read", "write"]}).content.decode()
        found = re.search(r"gh_[0-9a-f]{12}_[\w-]{43}", shown)
        assert found
        assert caller(found[0]).get(f"{BASE}/jobs").status_code == 200
        listed = client.get(self.PAGE).content.decode()
        assert "valet" in listed
        assert found[0] not in listed
        row = ServiceKey.objects.get()
        assert row.created_by == "admin:administrator"
        client.post(f"{self.PAGE}{row.id}/revoke/")
        assert caller(found[0]).get(f"{BASE}/jobs").status_code == 401

    @pytest.mark.parametrize("role", ["viewer", "operator"])
    def test_nobody_below_sees_or_makes_any(self, client: Client, role: str) -> None:
        row = issued().row
        self.sign_in(client, role)
        assert client.get(self.PAGE).status_code == 403
        assert client.post(self.PAGE, {"name": "mine", "scopes": ["read"]}).status_code == 403
        assert client.post(f"{self.PAGE}{row.id}/revoke/").status_code == 403
        assert ServiceKey.objects.get().revoked_at is None

    def test_a_wrong_form_says_what_is_wrong(self, client: Client) -> None:
        issued(name="valet")
        self.sign_in(client, "administrator")
        assert (
            "choose another" in client.post(self.PAGE, {"name": "valet", "scopes": ["read"]}).content.decode()
        )
        assert "required" in client.post(self.PAGE, {"name": "other"}).content.decode()
        assert ServiceKey.objects.count() == 1


def run(*arguments: str) -> str:
    shown = io.StringIO()
    call_command("service_key", *arguments, stdout=shown)
    return shown.getvalue()


def test_keys_are_issued_listed_and_revoked_on_the_command_line(settings: Any) -> None:
    shown = run("issue", "valet production", "--scope=read", "--scope=read")
    key = re.findall(r"gh_\S+", shown)[0]
    assert "whsec_" in shown
    assert caller(key).get(f"{BASE}/jobs").status_code == 200
    assert caller(key).post(f"{BASE}/jobs", JOB, format="json").status_code == 403
    assert ServiceKey.objects.get().created_by.startswith("cli:")
    assert (key in run("list"), "valet production" in run("list")) == (False, True)
    with pytest.raises(CommandError, match="choose another"):
        run("issue", "valet production", "--scope=write")
    run("revoke", "valet production")
    assert caller(key).get(f"{BASE}/jobs").status_code == 401
    assert run("list").rstrip().endswith("revoked")
    for name in ("valet production", "nobody"):
        with pytest.raises(CommandError, match="no such living key"):
            run("revoke", name)
    settings.GH_ENCRYPTION_KEYS = []
    with pytest.raises(CommandError, match="GH_ENCRYPTION_KEYS"):
        run("issue", "other", "--scope=read")
