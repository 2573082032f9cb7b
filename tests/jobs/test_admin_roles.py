"""The three roles, and what each may do by any address of the console."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from jobs import registry, roles
from jobs.models import Job, JobEvent
from tests.factories import PROFILE, make_job, make_person

HARMLESS_POSTS = {"login", "logout", "password_change", "jsi18n", "autocomplete", "view_on_site"}


@pytest.fixture
def sign_in(client: Client, db: Any) -> Any:
    """Give a function that signs somebody with a role in."""
    roles.grant(apps)

    def sign(role: str) -> Client:
        user = User.objects.create_user(role, password="secret", is_staff=True)
        user.groups.set(Group.objects.filter(name=role))
        client.force_login(user)
        return client

    return sign


def console_addresses(job: Job) -> list[str]:
    """Give every address of the console that takes a job, or none."""
    found = []

    def walk(patterns: list[Any]) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns)
            elif isinstance(pattern, URLPattern) and pattern.name and pattern.name not in HARMLESS_POSTS:
                takes = pattern.pattern.converters
                if not takes and not pattern.pattern.regex.groups:
                    found.append(reverse(f"admin:{pattern.name}"))
                elif set(takes) == {"job_id"}:
                    found.append(reverse(f"admin:{pattern.name}", args=[job.id]))

    walk([one for one in get_resolver().url_patterns if getattr(one, "app_name", "") == "admin"])
    return found


def test_a_viewer_acts_by_no_address(sign_in: Any) -> None:
    client = sign_in("viewer")
    job = make_job("failed")
    addresses = console_addresses(job)
    assert f"/admin/jobs/job/{job.id}/retry/" in addresses
    assert {"/admin/jobs/worker/drain/", "/admin/valet/callbackdelivery/send-again/"} < set(addresses)
    picked = {"job": str(job.id), "go": "1", "confirm": "resubmit", "every": "filter"}
    for address in addresses:
        answer = client.post(f"{address}?list=status%3Dfailed", picked)
        assert answer.status_code in {403, 404, 405} or address == "/admin/", address
    assert Job.objects.get(id=job.id).status == "failed"
    assert not JobEvent.objects.exists()
    page = client.get(f"/admin/jobs/job/{job.id}/change/").content.decode()
    assert "formaction" not in page
    assert "formaction" not in client.get("/admin/jobs/job/").content.decode()
    assert "formaction" not in client.get("/admin/").content.decode()


def test_a_viewer_is_offered_no_verb_on_any_page(sign_in: Any) -> None:
    client = sign_in("viewer")
    make_job("pending", target_worker_id="nobody")
    registry.register("adam")
    seen = 0
    for address in console_addresses(make_job("failed")):
        answer = client.get(address)
        if answer.status_code == 200 and not answer.streaming:
            seen += 1
            assert "formaction" not in answer.content.decode(), address
    assert seen >= 5


def test_an_operator_reaches_nothing_of_an_administrators(sign_in: Any) -> None:
    client = sign_in("operator")
    registry.register("adam")
    closed = ("browsersession", "credential", "rememberedanswer", "servicekey", "/auth/", "reveal")
    addresses = [one for one in console_addresses(make_job("failed")) if any(name in one for name in closed)]
    assert len(addresses) > 10
    for address in addresses:
        answers = {client.get(address).status_code, client.post(address, {"go": "1"}).status_code}
        assert answers <= {403, 405}, address


def test_a_stranger_is_asked_who_he_is_everywhere(client: Client, db: Any) -> None:
    job = make_job("failed")
    for address in console_addresses(job):
        for answer in (client.get(address), client.post(address, {"go": "1", "every": "filter"})):
            assert answer.headers["Location"].startswith("/admin/login/"), address
    assert Job.objects.get(id=job.id).status == "failed"


def test_each_role_holds_what_the_one_before_it_holds() -> None:
    assert roles.VIEWER < roles.OPERATOR < roles.ADMINISTRATOR


def test_an_operator_acts_but_sees_no_personal_data(sign_in: Any) -> None:
    client = sign_in("operator")
    job = make_job("pending")
    assert client.post(f"/admin/jobs/job/{job.id}/reveal/").status_code == 403
    assert client.post(f"/admin/jobs/job/{job.id}/cancel/").status_code == 302
    assert Job.objects.get(id=job.id).status == "cancelled"


def test_a_look_at_personal_data_is_written_down_and_never_cached(sign_in: Any) -> None:
    client = sign_in("administrator")
    job = make_job("pending")
    masked = client.get(f"/admin/jobs/job/{job.id}/change/").content.decode()
    assert PROFILE["email"] not in masked
    assert client.get(f"/admin/jobs/job/{job.id}/reveal/").status_code == 405
    answer = client.post(f"/admin/jobs/job/{job.id}/reveal/")
    assert PROFILE["email"] in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    looked = JobEvent.objects.get(job=job, event_type="data_revealed")
    assert looked.actor == "admin:administrator"
    assert PROFILE["email"] not in client.get(f"/admin/jobs/job/{job.id}/change/").content.decode()


def test_a_look_needs_the_csrf_token(admin_user: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    job = make_job("pending")
    assert client.post(f"/admin/jobs/job/{job.id}/reveal/").status_code == 403
    assert not JobEvent.objects.exists()


def test_nothing_at_all_is_done_without_the_csrf_token(admin_user: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    for address in console_addresses(make_job("failed")):
        assert client.post(address, {"go": "1", "every": "filter"}).status_code == 403, address


class TestPeople:
    """An administrator gives roles, but makes nobody a superuser and is never let near one."""

    def save(self, client: Client, person: User, **changes: Any) -> int:
        form = {"username": person.username, "is_active": "on", "is_staff": "on", **changes}
        return client.post(f"/admin/auth/user/{person.pk}/change/", form).status_code

    def test_roles_are_given_and_nothing_above_them(self, sign_in: Any) -> None:
        client = sign_in("administrator")
        person = User.objects.create_user("nora", password="secret")
        operators = Group.objects.get(name="operator")
        cancel = Permission.objects.get(codename="cancel_job")
        above = {"is_superuser": "on", "user_permissions": str(cancel.pk)}
        assert self.save(client, person, groups=str(operators.pk), **above) == 302
        person.refresh_from_db()
        assert list(person.groups.all()) == [operators]
        assert person.is_staff
        assert not person.is_superuser
        assert not person.user_permissions.exists()

    def test_a_superuser_is_out_of_reach(self, sign_in: Any, admin_user: User) -> None:
        client = sign_in("administrator")
        password = admin_user.password
        assert self.save(client, admin_user, username="mine") == 403
        secret = {"password1": "Tr0ub4dor&3", "password2": "Tr0ub4dor&3", "usable_password": "true"}
        assert client.post(f"/admin/auth/user/{admin_user.pk}/password/", secret).status_code == 403
        admin_user.refresh_from_db()
        assert (admin_user.username, admin_user.password) == ("admin", password)

    def test_nobody_is_deleted_but_deactivated(self, admin_client: Client) -> None:
        person = User.objects.create_user("nora", password="secret")
        assert admin_client.post(f"/admin/auth/user/{person.pk}/delete/", {"post": "yes"}).status_code == 403
        assert self.save(admin_client, person, is_active="") == 302
        assert not User.objects.get(pk=person.pk).is_active

    def test_the_list_tells_how_somebody_stands_and_times_with_their_zone(self, admin_client: Client) -> None:
        User.objects.create_user("guest")
        User.objects.create_user("gone", is_staff=True, is_active=False)
        nora = User.objects.create_user("nora", is_staff=True)
        User.objects.filter(pk=nora.pk).update(last_login=datetime(2026, 3, 1, 9, 5, tzinfo=UTC))
        shown = admin_client.get("/admin/auth/user/").content.decode()
        stands = re.findall(r'field-username">.*?>(\w+)<.*?field-state">([\w ]+)<', shown, re.DOTALL)
        assert stands == [
            ("admin", "superuser"),
            ("gone", "deactivated"),
            ("guest", "no access"),
            ("nora", "active"),
        ]
        time = '<time datetime="2026-03-01T09:05:00+00:00" data-local>2026-03-01 09:05 UTC</time>'
        assert time in shown
        assert time in admin_client.get(f"/admin/auth/user/{nora.pk}/change/").content.decode()

    def test_a_role_keeps_what_somebody_granted_besides(self, admin_client: Client, sign_in: Any) -> None:
        roles.grant(apps)
        viewers = Group.objects.get(name="viewer")
        besides = Permission.objects.get(codename="add_logentry")
        viewers.permissions.add(besides)
        address = f"/admin/auth/group/{viewers.pk}/change/"
        shown = admin_client.get(address).content.decode()
        assert "Cancel jobs" in shown
        assert "Change permission" not in shown
        kept = [str(pk) for pk in viewers.permissions.values_list("pk", flat=True)]
        assert admin_client.post(address, {"name": "viewer", "permissions": kept}).status_code == 302
        assert besides in viewers.permissions.all()


def test_staff_without_a_role_see_nothing_of_jobs_and_learn_whom_to_ask(client: Client, db: Any) -> None:
    nora = User.objects.create_user("nora", password="secret", is_staff=True)
    client.force_login(nora)
    job = make_job("pending")
    page = client.get("/admin/").content.decode()
    assert job.short_id not in page
    assert "without any role" in page
    assert "createsuperuser" in page
    make_person("operator")
    make_person("administrator")
    User.objects.create_superuser("olga", first_name="Olga", last_name="Brown")
    User.objects.create_superuser("gone", is_active=False)
    User.objects.create_user("robot", is_superuser=True)
    nora.groups.add(Group.objects.create(name="accountant"))
    page = client.get("/admin/").content.decode()
    assert "with the role accountant" in page
    assert "<b>viewer</b>" in page
    assert "Ask <b>administrator</b> or <b>Olga Brown</b>:" in page
    assert client.get("/admin/jobs/job/export/").status_code == 403
