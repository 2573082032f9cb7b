"""A real web server, gunicorn, on the test's database."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from django.conf import settings

from ghosthands.processes import Child, Children
from ghosthands.stack import listen, port_of
from tests.workers.processes import database_url

START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    url: str
    child: Child


@contextmanager
def web_server(**environment: str) -> Iterator[Server]:
    """Run gunicorn with the tests' settings for the length of a `with`."""
    with tempfile.TemporaryDirectory() as logs, Children(Path(logs)) as children, listen(20_000) as listener:
        url = f"http://127.0.0.1:{port_of(listener)}"
        child = children.start(
            "web",
            "-m",
            "gunicorn",
            f"--bind=fd://{listener.fileno()}",
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "tests.settings",
                "DATABASE_URL": database_url(),
                "DATABASE_DIRECT_URL": "",
                **environment,
            },
            cwd=settings.BASE_DIR,
            keep=[listener.fileno()],
        )
        deadline = time.monotonic() + START_SECONDS
        while not _is_up(url):
            children.check()
            assert time.monotonic() < deadline, child.tail()
            time.sleep(0.1)
        yield Server(url, child)


def _is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", trust_env=False, timeout=10).is_success
    except httpx.TransportError:
        return False
