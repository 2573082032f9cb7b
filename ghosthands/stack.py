"""A whole installation on this machine for a while: the web server with the job board, and one worker."""

from __future__ import annotations

import socket
import time

import httpx
from django.conf import settings

from ghosthands.environment import encryption_key
from ghosthands.processes import Children

POSTING = "board/jobs/firmware-engineer"
START_SECONDS = 60.0
POLL_SECONDS = 0.25


class StackFailedError(Exception):
    """The server did not come up, or there is no port for it; the message says which."""


def start_stack(children: Children, listener: socket.socket, *, service_key: str, worker_id: str) -> str:
    """Start both on the configured database and return the server's address once it answers.

    `listener`, from `listen`, becomes the server's: nobody can take the port in between.
    Raises ProcessDiedError, StackFailedError.
    """
    base = f"http://127.0.0.1:{port_of(listener)}"
    env = {
        "DATABASE_URL": settings.DATABASE_URL,
        "GH_DATA_DIR": str(settings.GH_DATA_DIR),
        "GH_SERVICE_SECRET": service_key,
        "GH_ENCRYPTION_KEYS": ",".join(settings.GH_ENCRYPTION_KEYS) or encryption_key(settings.GH_DATA_DIR),
        "GH_JOB_BOARD": "1",
        "GH_ALLOWED_NETWORKS": "127.0.0.0/8",
        "GH_PUBLIC_URL": base,
        "PYTHONUNBUFFERED": "1",
    }
    manage = str(settings.BASE_DIR / "manage.py")
    with listener:
        bind = f"--bind=fd://{listener.fileno()}"
        children.start(
            "web", "-m", "gunicorn", bind, env=env, cwd=settings.BASE_DIR, keep=[listener.fileno()]
        )
    children.start("worker", manage, "runworker", f"--worker-id={worker_id}", env=env, cwd=settings.BASE_DIR)
    deadline = time.monotonic() + START_SECONDS
    while not _answers(base):
        children.check()
        if time.monotonic() > deadline:
            raise StackFailedError(f"The web server did not answer within {START_SECONDS:.0f} s.")
        time.sleep(POLL_SECONDS)
    return base


def listen(wanted: int) -> socket.socket:
    """Take the port, or the next one that nobody listens on. Raises StackFailedError."""
    for port in range(wanted, wanted + 100):
        try:
            return socket.create_server(("127.0.0.1", port), backlog=128)
        except OSError:
            continue
    raise StackFailedError(f"No free port from {wanted} on; choose another.")


def port_of(listener: socket.socket) -> int:
    """Return the port that was taken."""
    return int(listener.getsockname()[1])


def _answers(base: str) -> bool:
    try:
        return httpx.get(f"{base}/health", trust_env=False).is_success
    except httpx.TransportError:
        return False
