"""Sessions and credentials: whose, for which site, encrypted, and erased on request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connection
from django.db.models.functions import Now
from rest_framework.test import APIClient

from jobs import artifacts, credentials, encryption, lifecycle, sessions
from jobs.models import BrowserSession, Credential
from jobs.sites import sites_of
from tests.factories import OTHER_USER, USER, make_job
from valet.models import CallbackDelivery

pytestmark = pytest.mark.django_db

URL = "https://www.jobs.example.com/apply/1"
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture(autouse=True)
def keys(settings: Any) -> None:
    settings.GH_ENCRYPTION_KEYS = [OLD]


def cookie(domain: str, name: str = "ticket") -> dict[str, str]:
    return {"name": name, "value": f"{name}-of-{domain}", "domain": domain, "path": "/"}


def origin(url: str) -> dict[str, Any]:
    return {"origin": url, "localStorage": [{"name": "token", "value": "abc"}]}


STATE = {
    "cookies": [
        cookie("jobs.example.com"),
        cookie(".example.com"),
        cookie("www.jobs.example.com"),
        cookie("tracker.example.net"),
        cookie("other.example.com"),
        cookie("evil-jobs.example.com"),
    ],
    "origins": [origin("https://jobs.example.com"), origin("https://cdn.example.net")],
}


def test_only_the_sites_own_part_is_kept_and_given_back_to_its_user_alone() -> None:
    assert sessions.save(USER, URL, STATE) == "jobs.example.com"
    state = sessions.restore(USER, "https://jobs.example.com:8443/other")
    assert state is not None
    assert [c["domain"] for c in state["cookies"]] == [
        "jobs.example.com",
        ".example.com",
        "www.jobs.example.com",
    ]
    assert [o["origin"] for o in state["origins"]] == ["https://jobs.example.com"]
    assert sessions.restore(OTHER_USER, URL) is None
    assert sessions.restore(USER, "https://other.example.com/") is None
    assert sessions.restore(None, URL) is None


def test_what_is_kept_cannot_be_read_in_the_database() -> None:
    sessions.save(USER, URL, STATE)
    credentials.put(USER, "example.com", username="rosalind@example.com", password="Tern-heron-4711")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM gh_browser_sessions t")
        kept = cursor.fetchone()[0]
        cursor.execute("SELECT row_to_json(t)::text FROM gh_credentials t")
        kept += cursor.fetchone()[0]
    assert not [word for word in ("ticket", "abc", "rosalind", "Tern") if word in kept]
    assert kept.count(encryption.key_id()) == 2
    assert OLD not in kept


def test_nothing_is_kept_without_a_key_a_user_or_anything_to_keep(settings: Any) -> None:
    assert sessions.save(None, URL, STATE) == ""
    assert sessions.save(USER, "https://elsewhere.example.org/", STATE) == ""
    settings.GH_ENCRYPTION_KEYS = []
    assert sessions.save(USER, URL, STATE) == ""
    assert sessions.restore(USER, URL) is None
    assert not BrowserSession.objects.exists()


def test_an_expired_session_is_neither_used_nor_kept() -> None:
    sessions.save(USER, URL, STATE)
    BrowserSession.objects.update(expires_at=Now())
    assert sessions.restore(USER, URL) is None
    assert sessions.prune() == 1


def test_valet_is_told_of_a_session_of_that_user_at_that_site(api: APIClient) -> None:
    def told(**fields: Any) -> bool:
        job = make_job("running", callback_url="https://valet.example.com/hook", **fields)
        answer = api.get(f"/api/v1/gh/valet/status/{job.id}").json()["browser_session_available"]
        lifecycle.complete(job.claim, result_data={}, summary="Done")
        delivery = CallbackDelivery.objects.get(job=job)
        assert delivery.payload["browser_session_available"] is answer
        return bool(answer)

    sessions.save(USER, URL, STATE)
    assert told(user_id=USER, target_url="https://www.jobs.example.com/other")
    assert not told(user_id=USER, target_url="https://elsewhere.example.org/")
    assert not told(user_id=OTHER_USER, target_url=URL)
    assert not told(user_id=None, target_url=URL)
    BrowserSession.objects.update(expires_at=Now())
    assert not told(user_id=USER, target_url=URL)


def test_both_spellings_of_the_sessions_endpoints(api: APIClient) -> None:
    base = "/api/v1/gh"
    for url in (URL, "https://lever.example.org/", "https://a.example.net/"):
        sessions.save(USER, url, {"cookies": [cookie(url.split("/")[2].removeprefix("www."))]})
    sessions.save(OTHER_USER, URL, STATE)

    listed = api.get(f"{base}/sessions?user_id={USER}").json()
    assert (listed["total"], len(listed["sessions"])) == (3, 3)
    assert set(listed["sessions"][0]) == {
        "id", "user_id", "domain", "created_at", "last_used_at", "expires_at",
    }  # fmt: skip
    theirs = api.get(f"{base}/valet/sessions/{USER}").json()
    assert (theirs["user_id"], theirs["count"]) == (str(USER), 3)
    assert theirs["sessions"] == listed["sessions"]

    session = BrowserSession.objects.get(user_id=USER, domain="jobs.example.com")
    erased = api.delete(f"{base}/sessions?user_id={USER}&domain=www.jobs.example.com").json()
    assert erased == {"deleted": True, "session_id": str(session.id)}
    again = api.delete(f"{base}/sessions?user_id={USER}&domain=jobs.example.com")
    assert (again.status_code, again.json()) == (200, {"deleted": False, "session_id": None})
    one = api.delete(f"{base}/valet/sessions/{USER}/a.example.net")
    assert one.json() == {"user_id": str(USER), "domain": "a.example.net", "deleted": True}
    assert api.delete(f"{base}/valet/sessions/{USER}/a.example.net").status_code == 404
    assert api.delete(f"{base}/valet/sessions/{USER}").json() == {"user_id": str(USER), "deleted_count": 1}
    erased = api.delete(f"{base}/sessions?user_id={OTHER_USER}&all=true").json()
    assert erased == {"deleted_count": 1, "user_id": str(OTHER_USER)}
    assert not BrowserSession.objects.exists()


def test_users_see_to_their_own_only(user_api: Callable[[UUID], APIClient], api: APIClient) -> None:
    base = "/api/v1/gh"
    sessions.save(USER, URL, STATE)
    mine, other = user_api(USER), user_api(OTHER_USER)
    assert mine.get(f"{base}/sessions").json()["total"] == 1
    assert other.get(f"{base}/sessions").json()["total"] == 0
    assert other.get(f"{base}/sessions?user_id={USER}").status_code == 403
    assert other.delete(f"{base}/sessions?user_id={USER}&all=true").status_code == 403
    assert other.get(f"{base}/users/{USER}/credentials").status_code == 403
    assert mine.get(f"{base}/valet/sessions/{USER}").status_code == 401
    assert api.get(f"{base}/sessions").status_code == 422
    assert api.delete(f"{base}/sessions?user_id={USER}").status_code == 422
    assert api.get(f"{base}/valet/sessions/nobody").status_code == 404


def test_credentials_are_set_listed_used_and_erased_but_never_shown(api: APIClient) -> None:
    at = f"/api/v1/gh/users/{USER}/credentials"
    secret = {"username": "rosalind@example.com", "password": "Tern-heron-4711"}
    answers = [
        api.put(f"{at}/Workday", secret, format="json"),
        api.put(f"{at}/www.Example.com", secret | {"password": "old"}, format="json"),
        api.put(f"{at}/example.com", secret, format="json"),
        api.get(at),
        api.put(f"{at}/example.com", {"username": "rosalind@example.com", "password": 4711}, format="json"),
        api.put(f"{at}/no-site", secret, format="json"),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 422, 404]
    assert [row["site"] for row in answers[3].json()["credentials"]] == ["example.com", "workday"]
    assert not [a for a in answers if any(word in a.content.decode() for word in ("rosalind", "Tern"))]

    login = credentials.take(USER, "https://acme.wd5.myworkdayjobs.com/login")
    assert login is not None
    assert (login.username, login.password) == (secret["username"], secret["password"])
    assert "Tern" not in repr(login)
    assert credentials.take(USER, "https://jobs.example.com/") is not None
    assert credentials.take(USER, "https://example.com.evil.test/") is None
    assert credentials.take(OTHER_USER, "https://jobs.example.com/") is None

    credentials.refuse(login.credential_id)
    assert credentials.take(USER, "https://acme.wd5.myworkdayjobs.com/") is None
    api.put(f"{at}/workday", secret, format="json")
    assert credentials.take(USER, "https://acme.wd5.myworkdayjobs.com/") is not None

    assert api.delete(f"{at}/workday").json() == {"user_id": str(USER), "deleted_count": 1}
    assert api.delete(f"{at}/workday").status_code == 404
    assert api.delete(at).json()["deleted_count"] == 1
    assert not Credential.objects.exists()


def test_credentials_need_a_key(api: APIClient, settings: Any) -> None:
    settings.GH_ENCRYPTION_KEYS = []
    answer = api.put(
        f"/api/v1/gh/users/{USER}/credentials/example.com", {"username": "a", "password": "b"}, format="json"
    )
    assert (answer.status_code, answer.json()["details"][0]["code"]) == (422, "no_encryption_key")


def test_an_address_belongs_to_its_host_those_above_and_its_platform() -> None:
    assert sites_of("https://www.linkedin.com/jobs") == ["linkedin.com", "linkedin"]
    assert sites_of("https://acme.wd5.myworkdayjobs.com/x") == [
        "acme.wd5.myworkdayjobs.com", "wd5.myworkdayjobs.com", "myworkdayjobs.com", "workday",
    ]  # fmt: skip
    assert sites_of("http://127.0.0.1:8000/") == ["127.0.0.1"]
    assert sites_of("about:blank") == []


def test_rotation_takes_everything_over_to_the_first_key(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    sessions.save(USER, URL, STATE)
    credentials.put(USER, "example.com", username="rosalind@example.com", password="Tern-heron-4711")
    job = make_job()
    trace = artifacts.save(job.id, "trace", b"PK-trace", kind="zip")
    picture = artifacts.save(job.id, "page", b"PNG")
    job.artifact_urls = [trace, picture, "https://elsewhere.example.com/trace.zip"]
    job.save(update_fields=["artifact_urls"])

    settings.GH_ENCRYPTION_KEYS = [NEW, OLD]
    call_command("rotate_keys")

    settings.GH_ENCRYPTION_KEYS = [NEW]
    assert sessions.restore(USER, URL) is not None
    login = credentials.take(USER, "https://example.com/")
    assert login is not None
    assert login.password == "Tern-heron-4711"
    key_ids = {BrowserSession.objects.get().encryption_key_id, Credential.objects.get().encryption_key_id}
    assert key_ids == {encryption.key_id()}
    job.refresh_from_db()
    assert artifacts.read(job.artifact_urls[0]) == b"PK-trace"
    assert job.artifact_urls[1:] == [picture, "https://elsewhere.example.com/trace.zip"]
    assert artifacts.read(trace) is None
