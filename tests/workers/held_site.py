"""A web site under a test's control: it can keep visitors waiting, and it knows who came and who left."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = b"<!doctype html><title>Posting</title><main><h1>Engineer</h1><p>Build things.</p></main>"
FORM = b"""<!doctype html><title>Apply</title><main><h1>Apply</h1>
<form method=post action=/send><label>Email <input name=email type=email required></label>
<button type=submit>Submit application</button></form></main>"""
THANKS = b"""<!doctype html><title>Thank you</title><main><h1>Application received</h1>
<p>Thank you for applying. Your confirmation number is APP-4711.</p></main>"""


class HeldSite:
    """`/page` answers at once, `/held` and the answer to a posted form only after `let_go()`."""

    def __init__(self) -> None:
        self.visits: Counter[str] = Counter()
        self.arrived = threading.Event()
        self.posted = threading.Event()
        self.left = threading.Event()
        self._go = threading.Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.partition("?")[0]
                site.visits[path] += 1
                if path == "/held":
                    site.arrived.set()
                    site._wait_for_release(self)
                self._answer(FORM if path == "/form" else PAGE)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                site.visits["POST " + self.path] += 1
                site.posted.set()
                site._wait_for_release(self)
                self._answer(THANKS)

            def _answer(self, body: bytes) -> None:
                try:
                    self.send_response(200)
                    self.send_header("Content-Type", "text/html; charset=utf-8")
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    site.left.set()

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def _wait_for_release(self, handler: BaseHTTPRequestHandler) -> None:
        handler.connection.settimeout(0.05)
        while not self._go.is_set():
            try:
                if handler.connection.recv(1) == b"":
                    self.left.set()
                    return
            except TimeoutError:
                continue
            except OSError:
                self.left.set()
                return

    def let_go(self) -> None:
        """Answer everybody who waits, and whoever comes later at once."""
        self._go.set()

    def hold(self) -> None:
        """Keep visitors waiting again."""
        self._go.clear()


@contextmanager
def held_site() -> Iterator[HeldSite]:
    site = HeldSite()
    thread = threading.Thread(target=site._server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield site
    finally:
        site.let_go()
        site._server.shutdown()
        thread.join()
        site._server.server_close()
