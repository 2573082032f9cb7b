"""A person works in the open page from far away: sees it, touches it, and the worker goes on from there."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography.fernet import Fernet
from django.db import connection, connections

from jobs import lifecycle, remote
from jobs.models import Job, RemoteTouch, RemoteView
from tests.factories import PROFILE, make_job
from tests.workers.processes import database_url, eventually
from workers.runner import Limits, Runner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PUZZLE = """<h1>One more step</h1><form method=post action=/solved>
<div id=captcha style="position:absolute;left:0;top:100px;width:640px;height:200px;background:#eee">
<input name=word autofocus style="position:absolute;left:0;top:0;width:300px;height:50px">
<button style="position:absolute;left:0;top:100px;width:640px;height:100px">Verify</button></div></form>"""
FORM = """<h1>Apply</h1><form method=post action=/sent><label>First name <input name=first required></label>
<label>Last name <input name=last required></label><button>Submit application</button></form>"""


THANKS = "<h1>Thank you for applying</h1><p>We received your application.</p>"
# A form that stays as it was for a while once it is sent: with a CAPTCHA that appears late, and in a frame.
STAYS = """<h1>Apply</h1><form id=f><label>First name <input name=first required></label>
<label>Last name <input name=last required></label>%s
<button style="position:absolute;left:0;top:400px;width:600px;height:100px">Submit application</button></form>
<script>const puzzle = document.querySelector(".h-captcha");
f.oninput = () => { if (puzzle && f.first.value && f.last.value) puzzle.style.display = "block"; };
f.onsubmit = (event) => { event.preventDefault(); puzzle?.remove();
fetch("/sent", {method: "POST", body: new URLSearchParams(new FormData(f))});
setTimeout(() => { document.body.innerHTML = `THANKS`; }, 5000); }</script>""".replace("THANKS", THANKS)
CAPTCHA = """<div class=h-captcha style="position:absolute;left:0;top:300px;width:302px;height:78px;display:none">Human?
<textarea name=h-captcha-response style="display:none"></textarea></div>"""
PAGES = {
    "/captcha": STAYS % CAPTCHA,
    "/form": STAYS % "",
    "/framed": "<iframe src=/form style='position:absolute;left:0;top:0;width:900px;height:800px;border:5px solid'>",
}


class Site(BaseHTTPRequestHandler):
    heard: list[tuple[str, dict[str, list[str]]]]

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self._show(PAGES.get(self.path, PUZZLE))

    def do_POST(self) -> None:
        said = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.heard.append((self.path, said))
        self._show(FORM if self.path == "/solved" else THANKS)

    def _show(self, page: str) -> None:
        body = f"<!doctype html><title>Careers</title><body style='margin:0'>{page}</body>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def site() -> Iterator[tuple[str, list[Any]]]:
    heard: list[Any] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Puzzle", (Site,), {"heard": heard}))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/", heard
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def set_up(settings: Any, tmp_path: Any) -> None:
    settings.DATABASE_DIRECT_URL = database_url()
    settings.GH_POLL_SECONDS = 0.5
    settings.MEDIA_ROOT = str(tmp_path)
    settings.GH_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]


def while_it_runs(job: Job, person: Callable[[], None]) -> None:
    """Run a worker for the one job while `person` acts; whatever the person fails at fails the test."""
    failed: list[BaseException] = []

    def act() -> None:
        try:
            eventually(lambda: Job.objects.get(id=job.id).is_attended, "the call for a person")
            person()
        except BaseException as error:
            failed.append(error)
            lifecycle.cancel(job.id, actor="test")
        finally:
            connections.close_all()

    acting = threading.Thread(target=act)
    acting.start()
    Runner("adam", Limits(once=True)).run()
    acting.join(60)
    if failed:
        raise failed[0]


def everything_kept() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall()]
        texts = []
        for table in tables:
            cursor.execute(f'SELECT json_agg(t)::text FROM "{table}" t')
            texts.append(cursor.fetchone()[0] or "")
    return "".join(texts)


def test_a_person_solves_the_puzzle_in_the_page_and_the_application_is_sent_once(
    site: tuple[str, list[Any]],
) -> None:
    url, heard = site
    job = make_job(target_url=url, input_data={"user_data": PROFILE})
    seen: list[RemoteView] = []

    def person() -> None:
        def has_a_picture() -> bool:
            view = remote.look(job.id, actor="admin:olga")
            return bool(view and seen.append(view) is None)

        eventually(has_a_picture, "a picture of the page")
        for touch in (
            remote.Touch(remote.CLICK, 100 / 1280, 120 / 900),
            remote.Touch(remote.TEXT, text="xylophone-88"),
            remote.Touch(remote.CLICK, 300 / 1280, 250 / 900),
        ):
            remote.touch(job.id, touch, actor="admin:olga")
        waiting = json.dumps(list(RemoteTouch.objects.values("sealed")))
        assert "xylophone" not in waiting
        eventually(lambda: remote.look(job.id, actor="admin:olga") is not None and bool(heard), "the answer")
        lifecycle.resume(job.id, actor="admin:olga")

    while_it_runs(job, person)
    job.refresh_from_db()
    assert (job.status, job.status_message) == ("completed", "Application confirmed")
    assert heard == [
        ("/solved", {"word": ["xylophone-88"]}),
        ("/sent", {"first": ["Test"], "last": ["User"]}),
    ]
    assert bytes(seen[0].picture or b"").startswith(b"\xff\xd8")
    assert (seen[0].width, seen[0].height) == (1280, 900)
    kinds = [event.event_type for event in job.events.filter(actor="admin:olga")]
    assert kinds.count("remote_watched") == 1
    assert kinds.count("remote_touched") == 3
    # The button could have sent the form, for all that anybody knew.
    assert job.events.filter(event_type="submit_armed").count() == 2
    assert "xylophone" not in everything_kept()
    assert not RemoteView.objects.exists()


@pytest.mark.parametrize(("page", "metadata"), [("captcha", {}), ("framed", {"review": True})])
def test_what_a_person_sent_beside_the_page_is_not_sent_again(
    site: tuple[str, list[Any]], page: str, metadata: dict[str, bool]
) -> None:
    url, heard = site
    job = make_job(target_url=f"{url}{page}", input_data={"user_data": PROFILE}, metadata=metadata)

    def person() -> None:
        eventually(lambda: remote.look(job.id, actor="admin:olga") is not None, "a picture of the page")
        remote.touch(job.id, remote.Touch(remote.CLICK, 100 / 1280, 455 / 900), actor="admin:olga")
        eventually(lambda: remote.look(job.id, actor="admin:olga") is not None and bool(heard), "the form")
        assert Job.objects.get(id=job.id).may_have_submitted
        lifecycle.resume(job.id, actor="admin:olga")

    while_it_runs(job, person)
    job.refresh_from_db()
    assert [path for path, _ in heard] == ["/sent"]
    assert (job.status, job.status_message) == ("completed", "Application confirmed")


def test_only_an_attended_page_is_seen_or_touched() -> None:
    job = make_job("paused")
    with pytest.raises(remote.NotAttended):
        remote.look(job.id, actor="admin:olga")
    with pytest.raises(remote.NotAttended):
        remote.touch(job.id, remote.Touch(remote.CLICK), actor="admin:olga")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"kind": "drag"}, "kind must be"),
        ({"kind": "click", "x": 2, "y": 0}, "between 0 and 1"),
        ({"kind": "click", "x": "1"}, "must be numbers"),
        ({"kind": "text", "text": ""}, "1 to 500"),
        ({"kind": "text", "text": "x" * 501}, "1 to 500"),
        ({"kind": "key", "text": "F12"}, "one of the keys"),
        ({"kind": "scroll", "y": 1e9}, "-2000 and 2000"),
        ({"kind": "text", "text": 5}, "must be text"),
    ],
)
def test_what_is_no_touch_is_refused(body: dict[str, Any], says: str) -> None:
    with pytest.raises(remote.BadTouch, match=says):
        remote.touch(make_job("paused").id, remote.read_touch(body), actor="admin:olga")


def test_a_person_is_waited_for_over_an_outage_of_the_database(site: tuple[str, list[Any]]) -> None:
    url, heard = site
    job = make_job(target_url=url, input_data={"user_data": PROFILE})

    def person() -> None:
        eventually(lambda: remote.look(job.id, actor="admin:olga") is not None, "a picture of the page")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        seen = RemoteView.objects.get(job=job).taken_at

        def is_new() -> bool:
            view = remote.look(job.id, actor="admin:olga")
            return view is not None and view.taken_at != seen

        eventually(is_new, "a picture after the outage")
        lifecycle.cancel(job.id, actor="admin:olga")

    while_it_runs(job, person)
    job.refresh_from_db()
    assert job.status == "cancelled"
    assert heard == []
