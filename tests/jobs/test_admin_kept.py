"""What is kept of users, in the console: looked for and erased, never shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.contrib.admin.models import DELETION, LogEntry
from django.db.models.functions import Now
from django.test import Client

from jobs import credentials, sessions
from jobs.models import BrowserSession, Credential, RememberedAnswer
from tests.factories import OTHER_USER, USER, make_person

SESSIONS = "/admin/jobs/browsersession/"
CREDENTIALS = "/admin/jobs/credential/"
ANSWERS = "/admin/jobs/rememberedanswer/"
COOKIE = {"name": "sid", "value": "c00kie", "domain": "jobs.example.com", "path": "/"}

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(make_person("administrator"))
    return client


@pytest.fixture(autouse=True)
def kept(settings: Any, db: Any) -> None:
    """Two users, each known to two sites."""
    settings.GH_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    for user in (USER, OTHER_USER):
        for host in ("jobs.example.com", "other.example"):
            state = {"cookies": [{**COOKIE, "domain": host}], "origins": []}
            assert sessions.save(user, f"https://{host}/", state) == host
            credentials.put(user, host, username="test@example.com", password="pa55")


@pytest.mark.parametrize(("address", "model"), [(SESSIONS, BrowserSession), (CREDENTIALS, Credential)])
class TestWhatSitesKnowUsersBy:
    def test_is_listed_without_secrets(self, admin: Client, address: str, model: Any) -> None:
        page = admin.get(address).content.decode()
        assert page.count("jobs.example.com</b>") == 2
        for secret in ("c00kie", "pa55", "test@example.com"):
            assert secret not in page
        assert admin.get(f"{address}?q={USER}").content.decode().count("</b></th>") == 2
        assert admin.get(f"{address}?q=other").content.decode().count("</b></th>") == 2
        assert "Nothing fits" in admin.get(f"{address}?q=nowhere").content.decode()
        assert admin.get(f"{address}{model.objects.all()[0].pk}/change/").status_code == 302

    def test_one_is_erased_once_that_was_confirmed(self, admin: Client, address: str, model: Any) -> None:
        row = model.objects.get(user_id=USER, **{model_site(model): "other.example"})
        asked = admin.post(f"{address}erase/", {"row": row.pk}).content.decode()
        assert "cannot be undone" in asked
        assert model.objects.count() == 4
        assert admin.post(f"{address}erase/", {"row": row.pk, "go": "1"}).status_code == 302
        assert model.objects.filter(user_id=USER).count() == 1
        entry = LogEntry.objects.get()
        assert (entry.user.username, entry.action_flag, entry.object_id) == (
            "administrator", DELETION, str(row.pk),
        )  # fmt: skip

    def test_all_of_one_user_are_erased(self, admin: Client, address: str, model: Any) -> None:
        assert admin.post(f"{address}erase/", {"user": str(USER), "go": "1"}).status_code == 302
        assert set(model.objects.values_list("user_id", flat=True)) == {OTHER_USER}
        assert LogEntry.objects.count() == 2

    @pytest.mark.parametrize("form", [{}, {"row": "x"}, {"user": ""}, {"row": "", "user": str(USER)}])
    def test_nothing_named_erases_nothing(self, admin: Client, address: str, model: Any, form: Any) -> None:
        assert admin.post(f"{address}erase/", {**form, "go": "1"}).status_code == 404
        assert admin.get(f"{address}erase/").status_code == 405
        assert model.objects.count() == 4

    @pytest.mark.parametrize("role", ["viewer", "operator"])
    def test_is_for_administrators(self, client: Client, address: str, model: Any, role: str) -> None:
        client.force_login(make_person(role))
        assert client.get(address).status_code == 403
        assert client.post(f"{address}erase/", {"user": str(USER), "go": "1"}).status_code == 403
        assert client.get(ANSWERS).status_code == 403
        assert ">Data<" not in client.get("/admin/").content.decode()
        assert model.objects.count() == 4


def model_site(model: Any) -> str:
    return "domain" if model is BrowserSession else "site"


def test_an_expired_session_and_a_refused_password_are_marked(admin: Client) -> None:
    BrowserSession.objects.filter(user_id=USER).update(expires_at=Now() - timedelta(hours=1))
    credentials.refuse(Credential.objects.filter(user_id=USER)[0].id)
    assert admin.get(SESSIONS).content.decode().count(">expired<") == 2
    assert admin.get(CREDENTIALS).content.decode().count(">refused 0s ago<") == 1


def test_administrators_correct_answers_and_erase_a_users(admin: Client) -> None:
    for user in (USER, OTHER_USER):
        RememberedAnswer.objects.create(user_id=user, question="Notice?", question_key="notice", answer="4")
    answer = RememberedAnswer.objects.get(user_id=USER)
    page = admin.get(f"{ANSWERS}?q={USER}").content.decode()
    assert "Notice?" in page
    assert 'aria-label="Data"' in page
    assert admin.post(f"{ANSWERS}{answer.id}/change/", {"answer": "8"}).status_code == 302
    answer.refresh_from_db()
    assert (answer.answer, answer.answered_by) == ("8", "admin:administrator")
    erase = {"action": "delete_selected", "_selected_action": [answer.id], "post": "yes"}
    assert admin.post(ANSWERS, erase).status_code == 302
    assert RememberedAnswer.objects.get().user_id == OTHER_USER
    assert LogEntry.objects.filter(action_flag=DELETION).count() == 1
