"""A careers site that stands in the way: a CAPTCHA, a log-in with a second factor, questions, a posting without any."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

CODE = "493817"
PASSWORD = "pa55-phrase-nobody-knows"

PUZZLE = """<h1>One more step</h1><div class="h-captcha" style="width:302px;height:78px;border:1px solid">I am human
<textarea name="h-captcha-response" style="display:none"></textarea></div>
<script>setInterval(async () => {
  if (await (await fetch("/solved")).text() === "yes") location.reload(); }, 100)</script>"""
LOGIN = """<h1>Sign in to apply</h1><form method=post action=/login>{said}
<label>User name <input name=user autocomplete=username></label>
<label>Password <input type=password name=password></label><button>Sign in</button></form>"""
SECOND_FACTOR = """<h1>Enter the code</h1><p>We sent a 6 digit security code to your telephone.</p>{said}
<form method=post action=/code><label>Security code <input name=code maxlength=6></label>
<button>Verify</button></form>"""
FORM = """<h1>Apply</h1><form method=post action=/sent><label>First name <input name=first required></label>
<label>Last name <input name=last required></label><label>Email <input name=email type=email></label>{question}
<button>Submit application</button></form>"""
QUESTION = """<fieldset><legend>{words}</legend><label><input type=radio name=visa value=y required>Yes</label>
<label><input type=radio name=visa value=n>No</label></fieldset>"""
FIRST_WORDS = "Do you require visa sponsorship?"
OTHER_WORDS = "Will you now or in the future need sponsorship for a work visa?"
THANKS = "<h1>Thank you for applying</h1><p>We received your application. Reference number: BL-2210</p>"


class Handler(BaseHTTPRequestHandler):
    site: BlockedSite

    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        inside = "in=2" in self.headers.get("Cookie", "")
        solved = self.site.solved.is_set()
        pages = {
            "/captcha": FORM.format(question="") if solved else PUZZLE,
            "/members": FORM.format(question="") if inside else LOGIN.format(said=""),
            "/visa": FORM.format(question=QUESTION.format(words=FIRST_WORDS)),
            "/sponsor": FORM.format(question=QUESTION.format(words=OTHER_WORDS)),
            "/plain": FORM.format(question=""),
            "/solved": "yes" if solved else "no",
        }
        self._answer(pages.get(self.path, "<h1>Not found</h1>"))

    def do_POST(self) -> None:
        said = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if self.path == "/sent":
            self.site.sent.append(said)
            self._answer(THANKS)
        elif self.path == "/login":
            self._log_in(right=said.get("password") == [PASSWORD])
        else:
            self._second_factor(said.get("code", [""])[0])

    def _log_in(self, *, right: bool) -> None:
        self.site.tries.append(f"password {right}")
        wrong = LOGIN.format(said="<p role=alert>Wrong password</p>")
        self._answer(SECOND_FACTOR.format(said="") if right else wrong)

    def _second_factor(self, code: str) -> None:
        right = code == CODE
        self.site.tries.append(f"code {right}")
        if right:
            self._answer(FORM.format(question=""), cookie="in=2")
        else:
            # Some sites repeat what was typed.
            self._answer(SECOND_FACTOR.format(said=f"<p role=alert>The code {code} is wrong</p>"))

    def _answer(self, page: str, cookie: str = "") -> None:
        body = (page if page in {"yes", "no"} else f"<!doctype html><title>Careers</title>{page}").encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        if cookie:
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        self.wfile.write(body)


class BlockedSite:
    """What visitors have done. `solved` lets everybody past the CAPTCHA."""

    def __init__(self) -> None:
        self.sent: list[dict[str, list[str]]] = []
        self.tries: list[str] = []
        self.solved = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"site": self}))
        self.url = f"http://127.0.0.1:{self.server.server_port}"


@contextmanager
def blocked_site() -> Iterator[BlockedSite]:
    site = BlockedSite()
    thread = threading.Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        thread.join()
        site.server.server_close()
