from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import Permission, User
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone

from jobs import registry
from jobs.admin import filters, job_list, paging
from jobs.models import Job, JobEvent, Worker
from jobs.states import Status
from tests.factories import make_job

LIST = "/admin/jobs/job/"
WORKERS = "/admin/jobs/worker/"
QUERY_BUDGET = 12


def operator(*permissions: str) -> User:
    user = User.objects.create_user("olga", password="secret", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


@pytest.fixture
def viewer(client: Client, db: Any) -> Client:
    """A client of somebody who may look at jobs and workers and do nothing else."""
    client.force_login(operator("view_job", "view_worker"))
    return client


def shown_ids(client: Client, address: str = "") -> set[str]:
    """Give the short ids of the jobs on a page of the list."""
    answer = client.get(f"{LIST}{address}")
    assert answer.status_code == 200
    return set(re.findall(r'data-job="([0-9a-f]{8})"', answer.content.decode()))


def test_only_staff_with_the_permission_see_jobs(client: Client, db: Any) -> None:
    assert client.get(LIST).status_code == 302
    client.force_login(operator())
    assert client.get(LIST).status_code == 403
    assert client.get(WORKERS).status_code == 403


def test_the_list_shows_each_job_and_what_matters_about_it(viewer: Client) -> None:
    job = make_job(
        "running", target_worker_id="sarah", target_url="https://user:pw@jobs.example.com/1?token=s3"
    )
    JobEvent.objects.create(job=job, event_type="progress_update", metadata={"progress_pct": 10})
    JobEvent.objects.create(job=job, event_type="progress_update", metadata={"progress_pct": 45})
    page = viewer.get(LIST).content.decode()
    for told in (job.short_id, "Running", "sarah", "adam", "jobs.example.com/1", 'value="45"'):
        assert told in page
    for secret in ("s3", "pw@", "test@example.com"):
        assert secret not in page


def test_any_row_that_another_program_left_is_shown(viewer: Client) -> None:
    odd = [{}, [], "text", 7, None]
    for value in odd:
        job = make_job("running", input_data=value if value is not None else {}, result_data=value)
        JobEvent.objects.create(job=job, event_type="progress_update", metadata=value)
        JobEvent.objects.create(job=job, event_type="progress_update", metadata={"progress_pct": "much"})
    make_job("needs_human", interaction_type="riddle", target_url="http://[broken", tags=["<b>"])
    assert len(shown_ids(viewer)) == 6
    for job in Job.objects.all():
        assert viewer.get(f"{LIST}{job.id}/change/").status_code == 200


def test_tabs_count_and_narrow_by_status(viewer: Client) -> None:
    for status in Status:
        make_job(status.value)
    page = re.sub(r"\s+", " ", viewer.get(LIST).content.decode())
    assert "All <b>10</b>" in page
    assert "Needs human <b>3</b>" in page
    assert "Failed <b>1</b>" in page
    waiting = {
        job.short_id for job in Job.objects.filter(status__in=["paused", "needs_human", "awaiting_review"])
    }
    assert shown_ids(viewer, "?status=human") == waiting


def test_finished_jobs_are_counted_up_to_a_cap_and_active_ones_exactly(
    viewer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_list, "FINISHED_CAP", 2)
    for _ in range(4):
        make_job("completed")
        make_job("pending")
    page = viewer.get(LIST).content.decode()
    assert "Completed <b>2+</b>" in page
    assert "Pending <b>4</b>" in page


def test_filters_narrow_and_are_kept_by_tabs_and_pages(viewer: Client) -> None:
    mine = make_job("pending", job_type="scrape", target_worker_id="adam")
    make_job("pending", job_type="scrape")
    held = make_job("running", worker_id="adam")
    assert shown_ids(viewer, "?type=scrape&target=adam") == {mine.short_id}
    assert shown_ids(viewer, "?worker=adam") == {held.short_id}
    assert "?status=failed&amp;type=scrape" in viewer.get(f"{LIST}?type=scrape").content.decode()


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("error=timeout", {"status": "failed", "error_code": "timeout"}),
        ("tag=spring", {"tags": ["spring", "eu"]}),
        ("host=Careers.example.com", {"target_url": "https://careers.example.com/1"}),
        ("task=valet-42", {"valet_task_id": "valet-42"}),
        ("user=00000000-0000-0000-0000-000000000001", {"user_id": UUID(int=1)}),
        ("since=24h", {}),
        ("q=careers.example.com", {"target_url": "https://careers.example.com/1"}),
        ("q=the+moon", {"task_description": "Fly to the moon"}),
    ],
)
def test_each_filter_picks_what_it_names(viewer: Client, query: str, fields: dict[str, Any]) -> None:
    wanted = make_job(**{"status": "pending", **fields})
    make_job("pending", created_at=timezone.now() - timedelta(days=3), tags=["autumn"])
    assert shown_ids(viewer, f"?{query}") == {wanted.short_id}


@pytest.mark.parametrize(
    "column", ["input_data__user_data__email__startswith", "status__in", "e", "_to_field"]
)
def test_addresses_cannot_ask_for_other_columns(viewer: Client, column: str) -> None:
    job = make_job("pending")
    assert shown_ids(viewer, f"?{column}=x") == {job.short_id}


@pytest.mark.parametrize("name", ["status", "tag", "user", "host", "since", "until", "q", "older"])
@pytest.mark.parametrize("value", ["%00", "%25", "'", "%ED%A0%80", "9" * 40, "-1", "%5C", "x" * 3000])
def test_no_address_breaks_the_list(viewer: Client, name: str, value: str) -> None:
    make_job("pending")
    shown_ids(viewer, f"?{name}={value}")


def test_search_finds_by_start_of_id_by_task_by_key_and_by_address(viewer: Client) -> None:
    wanted = make_job(
        "pending",
        id=UUID("a23c728e-0000-4000-8000-000000000001"),
        valet_task_id="valet-42",
        idempotency_key="key-42",
        target_url="https://Careers.Example.com/jobs/9%25",
    )
    make_job(
        "pending", id=UUID("b23c728e-0000-4000-8000-000000000002"), target_url="https://other.example.com/"
    )
    for words in ("a23c", "A23C728E-0000", str(wanted.id), "valet-42", "key-42", "careers.example", "9%2525"):
        assert shown_ids(viewer, f"?q={words}") == {wanted.short_id}
    assert shown_ids(viewer, "?q=valet-4") == set()
    assert shown_ids(viewer, "?q=a23c&status=failed") == set()
    assert shown_ids(viewer, "?q=_") == set()


def test_search_by_address_reads_the_newest_jobs_only(
    viewer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filters, "SEARCHED_NEWEST", 1)
    now = timezone.now()
    make_job("pending", created_at=now - timedelta(hours=1))
    newest = make_job("pending", created_at=now)
    assert shown_ids(viewer, "?q=jobs.example") == {newest.short_id}


def linked(page: str, words: str) -> str:
    """Give the query of the link with these words."""
    found = re.search(rf'href="([^"]+)">{words}</a>', page)
    assert found, f"no link {words!r}"
    return found[1].replace("&amp;", "&")


def test_pages_lead_to_the_oldest_job_and_back(viewer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", 2)
    now = timezone.now()
    jobs = [make_job("pending", created_at=now - timedelta(minutes=n // 2)) for n in range(5)]
    order = [job.short_id for job in Job.objects.order_by("-created_at", "-id")]
    addresses, seen = ["?status=pending"], []
    for _ in range(3):
        seen.append(shown_ids(viewer, addresses[-1]))
        page = viewer.get(f"{LIST}{addresses[-1]}").content.decode()
        if len(seen) < 3:
            addresses.append(linked(page, "Older"))
    assert seen == [set(order[:2]), set(order[2:4]), set(order[4:])]
    assert ">Older<" not in page
    assert shown_ids(viewer, linked(page, "Newer")) == set(order[2:4])
    assert shown_ids(viewer, linked(page, "Newest")) == set(order[:2])
    assert len(jobs) == 5


def test_a_pending_job_aimed_at_a_worker_that_is_not_there_is_marked(viewer: Client) -> None:
    for worker in ("adam", "sarah", "tina"):
        registry.register(worker)
        make_job("pending", target_worker_id=worker)
    make_job("pending", target_worker_id="nobody")
    make_job("failed", target_worker_id="sarah")
    Worker.objects.filter(worker_id="sarah").update(last_heartbeat=F("last_heartbeat") - timedelta(minutes=5))
    registry.sign_off("tina")
    assert viewer.get(LIST).content.decode().count(">away<") == 3


def test_an_empty_list_says_what_to_do(viewer: Client) -> None:
    assert "submit_test_job" in viewer.get(LIST).content.decode()
    assert "No job fits" in viewer.get(f"{LIST}?q=zz").content.decode()


@pytest.mark.parametrize("address", ["", "?status=running", "?q=example.com&type=apply&status=pending"])
def test_the_list_keeps_to_its_query_budget(
    viewer: Client, address: str, django_assert_max_num_queries: Any
) -> None:
    for status in ("pending", "running", "failed"):
        for number in range(20):
            job = make_job(status, target_worker_id=f"worker-{number}")
            JobEvent.objects.create(job=job, event_type="progress_update", metadata={"progress_pct": 5})
    with django_assert_max_num_queries(QUERY_BUDGET):
        assert shown_ids(viewer, address)


def test_workers_are_told_by_the_age_of_their_heartbeat(viewer: Client) -> None:
    for worker in ("adam", "sarah", "tina"):
        registry.register(worker)
    registry.sign_off("tina")
    Worker.objects.filter(worker_id="sarah").update(last_heartbeat=Now() - timedelta(days=3))
    held = make_job("running", worker_id="adam")
    page = viewer.get(f"{WORKERS}?all=1").content.decode()
    for told in ("Active", "Lost", "3d ago", "Signed off", held.short_id):
        assert told in page


def test_no_worker_says_what_to_do(viewer: Client) -> None:
    assert "runworker" in viewer.get(WORKERS).content.decode()


def test_nothing_can_be_added_changed_or_deleted(admin_client: Client) -> None:
    job = make_job("pending")
    registry.register("adam")
    for address in (f"{LIST}add/", f"{LIST}{job.id}/delete/", f"{WORKERS}add/", f"{WORKERS}adam/delete/"):
        assert admin_client.get(address).status_code == 403
        assert admin_client.post(address, {"post": "yes"}).status_code == 403
    for address in (LIST, f"{LIST}{job.id}/change/", WORKERS):
        assert admin_client.post(address, {"status": "failed"}).status_code == 405
    assert Job.objects.get(id=job.id).status == "pending"
    assert admin_client.get(f"{WORKERS}adam/change/").status_code == 302
