"""A site whose application is behind a log-in; it remembers each try and hands out a cookie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, urlsplit

COOKIE = "ticket=let-me-in-4242"
FIELDS = (
    "<label>{name} <input type=email name=user></label>"
    "<label>Password <input type=password name=secret></label><button>{press}</button>"
)
PAGES = {
    "login": f"<h1>Sign in</h1>%s<form method=post action=/enter>{FIELDS.format(name='Email', press='Sign in')}"
    "<button type=button>Continue with Google</button><a href=/forgot>Forgot password?</a></form>",
    "steps": "<h1>Sign in to Example</h1><form method=post action=/steps-2>"
    "<label>Email <input name=user autocomplete=username></label><button>Next</button></form>",
    "spa": "<h1>Welcome back</h1><div role=alert id=says></div><form id=f>"
    + FIELDS.format(name="Username", press="Log in")
    + "</form><script>f.onsubmit = async e => { e.preventDefault();"
    "const r = await fetch('/enter', {method: 'POST', body: new URLSearchParams(new FormData(f))});"
    "if (r.url.includes('posting')) document.body.innerHTML = '<h1>Your dashboard</h1><p>Good to see you.</p>';"
    "else says.textContent = 'That did not work.'; }</script>",
    "unlabelled": "<form method=post action=/enter><input name=user placeholder='E-mail'>"
    "<input type=password name=secret placeholder=Password><button>Log in</button></form>",
    "door": "<h1>Our careers</h1><p>Please sign in to continue.</p><a href=/login>Sign in</a>",
    "signup": "<h1>Create your account</h1><form method=post action=/enter><label>Email <input name=user></label>"
    "<label>Password <input type=password name=secret autocomplete=new-password></label>"
    "<label>Repeat password <input type=password name=again></label><button>Sign up</button></form>",
    "newsletter": "<h1>News</h1><form method=post action=/enter><label>Email <input type=email name=user></label>"
    "<button>Subscribe</button></form>",
    "apply": "<h1>Apply</h1><form method=post action=/sent><label>First name <input name=first required></label>"
    "<label>Last name <input name=last required></label><label>Email <input type=email name=mail></label>"
    "<input type=hidden name=visit id=v><button>Submit application</button></form>"
    "<script>v.value = localStorage.visit || ''; localStorage.visit = 'again'</script>",
    "thanks": "<h1>Thank you for applying</h1><p>We received your application.</p>",
}


@dataclass
class GuardedSite:
    """`then` replaces the page behind the log-in."""

    name: str
    password: str
    base: str = ""
    then: str = ""
    tries: list[tuple[str, str]] = field(default_factory=list)
    applications: list[dict[str, str]] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)

    def url(self, page: str) -> str:
        return f"{self.base}/{page}"

    def page(self, path: str, cookie: str) -> str:
        """Give the page; the posting only to who shows the cookie."""
        if path == "posting":
            self.cookies.append(cookie)
            return (self.then or PAGES["apply"]) if COOKIE in cookie else PAGES["login"] % ""
        return PAGES[path] % "" if path == "login" else PAGES[path]

    def post(self, path: str, fields: dict[str, str]) -> tuple[str, str]:
        """Give the address to go to, or the page to show instead."""
        if path == "steps-2":
            hidden = f"<input type=hidden name=user value='{fields['user']}'>"
            return "", (
                f"<h1>Welcome</h1><form method=post action=/enter>{hidden}"
                "<label>Password <input type=password name=secret></label><button>Sign in</button></form>"
            )
        if path == "sent":
            self.applications.append(fields)
            return "/thanks", ""
        self.tries.append((fields.get("user", ""), fields.get("secret", "")))
        if self.tries[-1] == (self.name, self.password):
            return "/posting", ""
        return "", PAGES["login"] % "<p role=alert>Wrong e-mail or password.</p>"


@contextmanager
def guarded_site(name: str, password: str) -> Iterator[GuardedSite]:
    site = GuardedSite(name, password)

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

        def do_GET(self) -> None:
            path = urlsplit(self.path).path.lstrip("/")
            known = path in PAGES or path == "posting"
            self._answer(
                200 if known else 404, site.page(path, self.headers.get("Cookie", "")) if known else ""
            )

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            place, page = site.post(urlsplit(self.path).path.lstrip("/"), dict(parse_qsl(body)))
            headers = {"Location": place} if place else {}
            if place == "/posting":
                headers["Set-Cookie"] = f"{COOKIE}; Path=/; HttpOnly; Max-Age=86400"
            self._answer(303 if place else 200, page, headers)

        def _answer(self, status: int, page: str, headers: dict[str, str] | None = None) -> None:
            body = f"<!doctype html><html lang=en><title>Example</title><body>{page}</body></html>".encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            for key, value in (headers or {}).items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.base = f"http://127.0.0.1:{server.server_address[1]}"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
