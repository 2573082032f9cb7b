"""Serve one flow's pages and record every request that carries data: when, with what, and whether it was armed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from tests.workers.sites import SITES, Fields, Post, draw, parse_body

SUBMIT = "/submit"
REFERENCE = "HX-48213"
KINDS = {"html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8"}


@dataclass(frozen=True)
class Reply:
    """What the site makes of a submission. `goes_to` is the page that follows an accepted one."""

    accepted: bool = True
    goes_to: str = "flows/thanks.html"
    errors: Mapping[str, str] = field(default_factory=dict)
    delay_seconds: float = 0
    breaks_off: bool = False
    too_many: bool = False


@dataclass(frozen=True)
class Submission:
    """One POST to the form's address; `armed` tells whether the mark was committed before it came."""

    fields: Fields
    accepted: bool
    armed: bool


@dataclass
class FlowSite:
    """One site for one try at one flow."""

    page: str
    reply: Callable[[Post, int], Reply]
    is_armed: Callable[[], bool] = lambda: False
    base: str = ""
    submissions: list[Submission] = field(default_factory=list)
    others: list[Post] = field(default_factory=list)

    @property
    def accepted(self) -> list[Submission]:
        return [s for s in self.submissions if s.accepted]

    def take(self, post: Post) -> Reply:
        """Record a POST and return what to answer."""
        if post.path != SUBMIT:
            self.others.append(post)
            return Reply()
        reply = self.reply(post, len(self.submissions))
        self.submissions.append(Submission(post.fields, reply.accepted, self.is_armed()))
        return reply


def flat(body: bytes) -> Fields:
    """Return a JSON object's values as a form would send them."""
    values: dict[str, Any] = json.loads(body or b"{}")
    return {k: [str(x) for x in (v if isinstance(v, list) else [v])] for k, v in values.items()}


class Answering(BaseHTTPRequestHandler):
    """Answers one request; a subclass names the site."""

    site: FlowSite

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        path = urlsplit(self.path).path.lstrip("/")
        if (SITES / path).is_file():
            other_origin = self.site.base.replace("127.0.0.1", "localhost").encode()
            body = draw(path).replace(b"{{elsewhere}}", other_origin)
            self._answer(200, body, KINDS[path.rpartition(".")[2]])
        else:
            self._answer(404, b"<h1>Not found</h1>")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = self.headers.get("Content-Type", "")
        as_json = kind.startswith("application/json")
        post = Post(urlsplit(self.path).path, flat(body) if as_json else parse_body(kind, body))
        reply = self.site.take(post)
        time.sleep(reply.delay_seconds)
        with suppress(OSError):
            self._reply(reply, post, as_json=as_json or self.headers.get("X-Requested-With") == "fetch")

    def _reply(self, reply: Reply, post: Post, *, as_json: bool) -> None:
        if reply.breaks_off:
            # Not a word would make Chromium itself send once more, on another connection.
            self.send_response(200)
            self.send_header("Content-Length", "9999")
            self.end_headers()
        elif as_json:
            said = {"ok": reply.accepted, "errors": dict(reply.errors), "reference": REFERENCE}
            self._answer(200 if reply.accepted else 422, json.dumps(said).encode(), "application/json")
        elif reply.accepted:
            self._answer(303, b"", headers={"Location": f"/{reply.goes_to}"})
        elif reply.too_many:
            self._answer(429, b"<h1>Too many requests</h1><p>Please try again later.</p>")
        else:
            self._answer(200, draw(self.site.page, post, reply.errors))

    def _answer(
        self, status: int, body: bytes, kind: str = KINDS["html"], headers: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def serve(site: FlowSite) -> ThreadingHTTPServer:
    """Start serving the site on a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answers", (Answering,), {"site": site}))
    server.daemon_threads = True
    site.base = f"http://127.0.0.1:{server.server_address[1]}"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server
