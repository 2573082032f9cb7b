"""Two real workers before a site that may be visited by two at once, and another that has room."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from jobs.models import Job
from tests.factories import make_job
from tests.workers.processes import eventually, worker

PAGE = b"<!doctype html><link rel=icon href=data:,><title>Posting</title><main><h1>Engineer</h1></main>"


class CountedSite:
    """Keeps its visitors until `let_go()`, and knows how many were there at once, and when each came."""

    def __init__(self) -> None:
        self.inside = self.most = 0
        self.arrivals: list[float] = []
        self.url = ""
        self._lock = threading.Lock()
        self._go = threading.Event()

    def visit(self) -> None:
        with self._lock:
            self.arrivals.append(time.monotonic())
            self.inside += 1
            self.most = max(self.most, self.inside)
        self._go.wait(120)
        with self._lock:
            self.inside -= 1

    def let_go(self) -> None:
        self._go.set()


@contextmanager
def counted_site(address: str) -> Iterator[CountedSite]:
    site = CountedSite()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.visit()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(PAGE)))
            self.end_headers()
            self.wfile.write(PAGE)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer((address, 0), Handler)
    site.url = f"http://{address}:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield site
    finally:
        site.let_go()
        server.shutdown()
        thread.join()
        server.server_close()


def enqueue(site: CountedSite, count: int, *, priority: int) -> None:
    for number in range(count):
        make_job(
            job_type="scrape",
            target_url=f"{site.url}/{number}",
            priority=priority,
            input_data={"fields": {"h": "h1"}},
        )


@pytest.mark.process
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_batch_for_one_board_keeps_to_its_number_and_lets_the_others_past(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GH_JOBS_PER_HOST", "2")
    monkeypatch.setenv("GH_PAGE_PAUSE_SECONDS", "0.25")
    on_board = Job.objects.filter(host="127.0.0.1")
    elsewhere = Job.objects.filter(host="127.0.0.2")
    with counted_site("127.0.0.1") as board, counted_site("127.0.0.2") as other:
        other.let_go()
        enqueue(board, 6, priority=1)
        enqueue(other, 3, priority=9)
        with worker("adam", "--concurrency=2"), worker("sarah", "--concurrency=2"):
            eventually(lambda: elsewhere.filter(status="completed").count() == 3, "the end of the others")
            eventually(lambda: board.inside == 2, "two visitors on the board")
            assert not on_board.filter(status="completed").exists()
            board.let_go()
            eventually(lambda: on_board.filter(status="completed").count() == 6, "the end of the batch")
    assert (board.most, len(board.arrivals)) == (2, 6)
    assert board.arrivals[-1] - board.arrivals[0] > 4 * 0.25
    assert set(Job.objects.values_list("attempt", flat=True)) == {1}
    assert set(Job.objects.values_list("action_count", flat=True)) == {1}
