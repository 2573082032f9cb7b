"""Serve `tests/sites` over HTTP and remember what was sent there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

SITES = Path(__file__).parent.parent / "sites"
Fields = dict[str, list[str]]


@dataclass
class Post:
    """One POST as the site received it; files appear under their field as `name (size)`."""

    path: str
    fields: Fields

    def one(self, name: str) -> str:
        return self.fields.get(name, [""])[0]


@dataclass
class Site:
    """A small site. `answers` maps a POST path to what it answers: an address to go to, or a page with errors."""

    base: str = ""
    posts: list[Post] = field(default_factory=list)
    answers: dict[str, Callable[[Post], str | tuple[str, Mapping[str, str]]]] = field(default_factory=dict)

    def url(self, page: str) -> str:
        return f"{self.base}/{page}"

    def sent(self, path: str) -> list[Post]:
        return [post for post in self.posts if post.path == path]


def required(
    page: str, following: str, **rules: str
) -> Callable[[Post], str | tuple[str, Mapping[str, str]]]:
    """Answer a POST like a server that checks each named field against a pattern."""

    def answer(post: Post) -> str | tuple[str, Mapping[str, str]]:
        errors = {
            name: f"Please give a valid {name.replace('_', ' ')}."
            for name, pattern in rules.items()
            if not re.fullmatch(pattern, post.one(name))
        }
        return (page, errors) if errors else following

    return answer


def draw(page: str, post: Post | None = None, errors: Mapping[str, str] | None = None) -> bytes:
    """Return a page with what was sent, and what was wrong with it, put into its places."""
    html = (SITES / page).read_text(encoding="utf-8")

    def put(match: re.Match[str]) -> str:
        kind, name = match[1], match[2]
        if kind == "error":
            text = (errors or {}).get(name, "")
            return f'<p class="error" role="alert">{escape(text)}</p>' if text else ""
        return escape(post.one(name)) if post else ""

    return re.sub(r"\{\{(error|value):([\w-]+)\}\}", put, html).encode()


def parse_body(content_type: str, body: bytes) -> Fields:
    """Return the fields of a form as it was sent."""
    fields: Fields = {}
    if content_type.startswith("multipart/"):
        message = BytesParser(policy=HTTP).parsebytes(
            b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body
        )
        for part in message.iter_parts():
            disposition = part["Content-Disposition"]
            name, file = disposition.params["name"], part.get_filename()
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            fields.setdefault(name, []).append(
                f"{file} ({len(content)})" if file is not None else content.decode()
            )
    else:
        for name, value in parse_qsl(body.decode(), keep_blank_values=True):
            fields.setdefault(name, []).append(value)
    return fields


def serve(site: Site) -> ThreadingHTTPServer:
    """Start serving the site on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            path = urlsplit(self.path).path.lstrip("/")
            if (SITES / path).is_file():
                self._answer(200, draw(path))
            else:
                self._answer(404, b"<h1>Not found</h1>")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            post = Post(urlsplit(self.path).path, parse_body(self.headers.get("Content-Type", ""), body))
            site.posts.append(post)
            given = site.answers.get(post.path)
            answer = given(post) if given else "thanks.html"
            if isinstance(answer, tuple):
                self._answer(200, draw(answer[0], post, answer[1]))
            else:
                self._answer(303, b"", {"Location": f"/{answer}"})

        def _answer(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.base = f"http://127.0.0.1:{server.server_address[1]}"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server
