"""Sites are spared by all workers together: so many jobs at once, pauses, and time between page loads."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models.functions import Now

from jobs import claims, lifecycle, politeness
from jobs.models import Job, QueuePause, SitePace
from tests.factories import claim_of, make_job
from tests.jobs.test_claims import TYPES, ClaimOne, both_ways, drain

HOST, TYPE = QueuePause.Kind.HOST, QueuePause.Kind.TYPE
BOARD = "https://board.example.com/{}"


@pytest.fixture(autouse=True)
def four_at_once(settings: Any) -> None:
    settings.GH_JOBS_PER_HOST = 4


@pytest.fixture
def fill(db: Any) -> Callable[..., None]:
    """Insert many waiting jobs of one kind, as other programs do."""

    def insert(count: int, url: str = BOARD.format(1), **columns: Any) -> None:
        names = ["job_type", "target_url", *columns]
        values = ["apply", url, *columns.values()]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO gh_automation_jobs ({', '.join(names)}) "  # names are ours
                f"SELECT {', '.join(['%s'] * len(names))} FROM generate_series(1, {count})",
                values,
            )

    return insert


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Jobs.Example.COM:8443/a?b#c", "jobs.example.com"),
        ("https://jobs.example.com.", "jobs.example.com"),
        ("http://jobs.example.com?next=http://other.example/", "jobs.example.com"),
        ("http://name:word@jobs.example.com/", "jobs.example.com"),
        ("http://127.0.0.2:99/x", "127.0.0.2"),
        ("http://[::1]:80/", "[::1]"),
        ("no address", ""),
        ("https://" + "a" * 3000, "a" * 253),
    ],
)
@pytest.mark.django_db
def test_a_row_knows_its_site_whoever_inserts_it(url: str, host: str) -> None:
    assert make_job(target_url=url).host == host


# ---- So many at once


@both_ways
@pytest.mark.django_db
def test_a_full_site_is_passed_by(claim_one: ClaimOne) -> None:
    for number in range(5):
        make_job(target_url=BOARD.format(number), priority=1, created_at=Now() + timedelta(seconds=number))
    make_job(target_url="https://other.example.com/", priority=9)
    make_job(target_url="no address", priority=9, created_at=Now() - timedelta(hours=1))
    order = [BOARD.format(number) for number in range(4)] + ["no address", "https://other.example.com/"]
    assert drain(claim_one, "adam") == order
    done = Job.objects.get(target_url=BOARD.format(0))
    lifecycle.release(claim_of(done), message="Given back")
    assert drain(claim_one, "adam") == [BOARD.format(0)]


@both_ways
@pytest.mark.parametrize("ended", ["completed", "paused", "cancelled"])
@pytest.mark.django_db
def test_room_that_other_programs_make_is_used(claim_one: ClaimOne, ended: str) -> None:
    held = [make_job("running", target_url=BOARD.format(number)) for number in range(4)]
    make_job(target_url=BOARD.format("next"))
    assert claim_one("adam") == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE gh_automation_jobs SET status = %s WHERE id = %s", [ended, held[0].id])
    assert claim_one("adam") == [BOARD.format("next")]


@pytest.mark.django_db
def test_one_claim_of_many_takes_what_each_site_has_room_for(fill: Callable[..., None]) -> None:
    fill(30)
    fill(30, "https://second.example.com/", priority=6)
    fill(3, "https://third.example.com/", priority=7)
    claimed = claims.claim_jobs("adam", job_types=TYPES, limit=50)
    assert [job.host.partition(".")[0] for job in claimed] == ["board"] * 4 + ["second"] * 4 + ["third"] * 3


@pytest.mark.django_db
def test_without_a_limit_one_claim_takes_them_all(fill: Callable[..., None], settings: Any) -> None:
    settings.GH_JOBS_PER_HOST = 0
    fill(30)
    assert len(claims.claim_jobs("adam", job_types=TYPES, limit=50)) == 30


@both_ways
@pytest.mark.django_db
def test_far_behind_a_full_site_the_best_of_every_other_is_found(
    claim_one: ClaimOne, fill: Callable[..., None]
) -> None:
    """Beyond what a claim looks at one by one, for shared jobs and for those aimed at the worker alike."""
    fill(4, status="running", worker_id="eve", last_heartbeat="2100-01-01")
    fill(300, priority=1)
    fill(300, priority=1, target_worker_id="adam")
    fill(300, "https://sarah.example.com/", priority=1, target_worker_id="sarah")
    fill(1, "https://a.example.com/", priority=9)
    fill(1, "https://z.example.com/", priority=2)
    fill(1, "https://m.example.com/", priority=3, target_worker_id="adam")
    fill(1, "https://k.example.com/", priority=8, target_worker_id="sarah", worker_affinity="any")
    assert drain(claim_one, "adam") == [f"https://{name}.example.com/" for name in "zmka"]


def take_some(name: str) -> None:
    claims.claim_jobs(name, job_types=TYPES, limit=3)


def pick_up(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM gh_pickup_next_job(%s)", [name])


@pytest.mark.django_db(transaction=True)
def test_however_many_workers_claim_at_once_no_site_gets_more_than_its_number() -> None:
    for number in range(60):
        make_job(target_url=f"https://{'abc'[number % 3]}.example.com/{number}")
    start = threading.Barrier(6)
    seen: list[int] = []

    def work(name: str, claim: Callable[[str], None]) -> None:
        start.wait(10)
        try:
            for _ in range(30):
                claim(name)
                seen.extend(Counter(Job.objects.held().values_list("host", flat=True)).values())
                for job in Job.objects.held().filter(worker_id=name)[:1]:
                    lifecycle.cancel(job.id, actor="test")
        finally:
            connections.close_all()

    ways = [take_some, pick_up] * 3
    threads = [threading.Thread(target=work, args=(f"w{n}", way)) for n, way in enumerate(ways)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert max(seen) == 4


# ---- Pauses


@both_ways
@pytest.mark.django_db
def test_a_paused_site_or_type_waits_until_it_is_let_go(
    claim_one: ClaimOne, fill: Callable[..., None]
) -> None:
    fill(200, priority=1)
    for _ in range(3):
        make_job(target_url="https://scraped.example.com/", job_type="scrape", priority=2)
    make_job(target_url="https://free.example.com/")
    politeness.pause_queue(HOST, "Board.example.com.", actor="admin:ann", reason="asked to")
    pause = politeness.pause_queue(HOST, "board.example.com", actor="admin:bob")
    assert (pause.actor, pause.reason) == ("admin:ann", "asked to")
    politeness.pause_queue(TYPE, "scrape", actor="admin:ann")
    assert claim_one("adam") == ["https://free.example.com/"]
    assert claim_one("adam") == []
    assert politeness.unpause_queue(TYPE, "scrape")
    assert not politeness.unpause_queue(TYPE, "scrape")
    assert claim_one("adam") == ["https://scraped.example.com/"]
    assert politeness.unpause_queue(HOST, "board.example.com")
    assert claim_one("adam") == [BOARD.format(1)]


# ---- Time between page loads


@pytest.mark.django_db
def test_page_loads_of_one_site_are_apart_and_of_others_are_not(settings: Any) -> None:
    settings.GH_PAGE_PAUSE_SECONDS = 100
    waits = [politeness.reserve_load("board.example.com") for _ in range(3)]
    assert waits[0] == 0
    assert waits[1:] == [pytest.approx(100, abs=5), pytest.approx(200, abs=5)]
    assert politeness.reserve_load("other.example.com") == 0
    SitePace.objects.filter(host="board.example.com").update(next_load_at=Now() - timedelta(hours=2))
    assert politeness.forget_paces() == 1
    assert politeness.reserve_load("board.example.com") == 0


@pytest.mark.django_db
def test_no_pause_costs_no_statement(settings: Any, django_assert_num_queries: Any) -> None:
    settings.GH_PAGE_PAUSE_SECONDS = 0
    with django_assert_num_queries(0):
        assert politeness.reserve_load("board.example.com") == 0
