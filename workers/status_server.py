"""The worker's own small HTTP port, for deploys and supervisors. It tells how the worker is, and nothing of its jobs.

Source of the shapes: CONTRACT section 8.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import compare_digest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from django.conf import settings

LIMIT_SECONDS: Final = 60.0
"""A loop that has not turned, or a heartbeat that is older, is taken for broken."""

Answer = tuple[int, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How a worker is at one moment; times in seconds."""

    active_jobs: int
    max_concurrent: int
    is_draining: bool
    uptime: float
    since_turn: float
    since_heartbeat: float | None


class StatusServer:
    """Answers at `address` and `port` from threads of its own; port 0 takes a free one, told by `port`.

    `condition` and `drain` are called in those threads.
    """

    def __init__(
        self,
        address: str,
        port: int,
        *,
        worker_id: str,
        condition: Callable[[], Condition],
        drain: Callable[[], None],
    ) -> None:
        self._worker_id = worker_id
        self._condition = condition
        self._drain = drain
        self._server = ThreadingHTTPServer((address, port), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.2}, name="status", daemon=True
        )

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, method: str, path: str, key: str) -> Answer:
        """Answer one request."""
        routes: dict[tuple[str, str], Callable[[Condition], Answer]] = {
            ("GET", "/worker/status"): self._status,
            ("GET", "/worker/health"): _health,
            ("GET", "/livez"): _live,
            ("GET", "/readyz"): _ready,
        }
        if (method, path) == ("POST", "/worker/drain"):
            return self._drained(key)
        route = routes.get((method, path))
        return (
            route(self._condition()) if route else (404, _error("not_found", "There is no such thing here."))
        )

    def _status(self, now: Condition) -> Answer:
        return 200, {
            "worker_id": self._worker_id,
            "ec2_instance_id": settings.EC2_INSTANCE_ID or None,
            "ec2_ip": settings.EC2_IP or None,
            "active_jobs": now.active_jobs,
            "max_concurrent": now.max_concurrent,
            "is_running": True,
            "is_draining": now.is_draining,
            # VALET's word for workers that take their jobs from the table, not from a queue beside it.
            "dispatch_mode": "legacy",
            "asg_name": settings.AWS_ASG_NAME or None,
            "uptime_ms": int(now.uptime * 1000),
            "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }

    def _drained(self, key: str) -> Answer:
        expected = settings.GH_SERVICE_SECRET.encode()
        if not expected or not compare_digest(key.encode("latin-1", "replace"), expected):
            return 401, _error("unauthorized", "The service key is missing or wrong.")
        self._drain()
        active = self._condition().active_jobs
        return 200, {"status": "draining", "active_jobs": active, "worker_id": self._worker_id}


def _health(now: Condition) -> Answer:
    word = "draining" if now.is_draining else "busy" if now.active_jobs else "idle"
    facts = {"status": word, "active_jobs": now.active_jobs, "deploy_safe": now.active_jobs == 0}
    return (200 if word == "idle" else 503), facts


def _live(now: Condition) -> Answer:
    return _verdict(now.since_turn <= LIMIT_SECONDS, "the loop has stopped turning")


def _ready(now: Condition) -> Answer:
    recent = now.since_heartbeat is not None and now.since_heartbeat <= LIMIT_SECONDS
    return _verdict(recent, "no heartbeat was written lately")


def _verdict(fine: bool, complaint: str) -> Answer:
    return (200, {"status": "ok"}) if fine else (503, {"status": "failing", "message": complaint})


def _error(code: str, message: str) -> dict[str, Any]:
    return {"error": code, "message": message}


def _handler(server: StatusServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        # Who connects and says nothing is let go.
        timeout = 5
        server_version = "GhostHands"
        sys_version = ""

        def log_message(self, *args: object) -> None:
            """Stay silent: supervisors ask every few seconds."""

        def do_GET(self) -> None:
            self._respond("GET")

        def do_POST(self) -> None:
            self._respond("POST")

        def _respond(self, method: str) -> None:
            path = self.path.partition("?")[0]
            status, facts = server.answer(method, path, self.headers.get("X-GH-Service-Key", ""))
            body = json.dumps(facts).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

    return Handler
