"""Whether 200 viewers of the live list all see a change within a second, and what they cost the server.

A real gunicorn on a scratch database; every viewer is an operator's session, as in the console.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from urllib.parse import quote
from uuid import UUID

import httpx
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from rich.console import Console
from rich.table import Table

from bench.claims import scratch_database
from ghosthands.processes import Children
from ghosthands.stack import listen, port_of
from jobs import intake, lifecycle
from jobs.intake import NewJob

VIEWERS = 200
CHANGES = 40
LIMIT_SECONDS = 30.0
SEEN_SECONDS = 5.0
BURST = 500

P = ParamSpec("P")
R = TypeVar("R")


@dataclass
class Watcher:
    """One viewer: when it saw which job."""

    seen: dict[str, float] = field(default_factory=dict)
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    async def watch(self, port: int, session: str) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"GET /api/v1/gh/jobs/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            + f"Cookie: sessionid={session}\r\n\r\n".encode()
        )
        try:
            while line := await reader.readline():
                if line.startswith(b"event: ready"):
                    self.ready.set()
                elif line.startswith(b'data: {"job_id"'):
                    self.seen.setdefault(line[17:53].decode(), time.perf_counter())
        finally:
            writer.close()


def run(console: Console) -> dict[str, Any]:
    """Open all streams at once, change jobs one by one, then many at once; print what was seen when."""
    with scratch_database(), served() as (port, pid):
        operator = Client()
        operator.force_login(User.objects.create_superuser("operator"))
        changing = create(CHANGES)
        with ThreadPoolExecutor(1) as database:
            result = asyncio.run(
                Bench(port, pid, operator.cookies["sessionid"].value, database).measure(changing)
            )
            database.submit(close_connection).result()
    table = Table(title=f"{VIEWERS} viewers of the live list, one server process", title_justify="left")
    table.add_column("what")
    table.add_column("measured", justify="right")
    for what, value in result.items():
        table.add_row(what, str(value))
    console.print(table)
    return result


@contextmanager
def served() -> Iterator[tuple[int, int]]:
    """Serve the scratch database; gives the port and the id of the process that answers."""
    database = connection.settings_dict
    url = (
        f"postgres://{database['USER']}:{quote(database['PASSWORD'])}@{database['HOST']}:{database['PORT']}/"
    )
    environment = {
        **os.environ,
        "DATABASE_URL": url + database["NAME"],
        "DATABASE_DIRECT_URL": "",
        "DJANGO_SECRET_KEY": settings.SECRET_KEY,
    }
    with tempfile.TemporaryDirectory() as logs, Children(Path(logs)) as children, listen(20_000) as listener:
        port = port_of(listener)
        bind = f"--bind=fd://{listener.fileno()}"
        child = children.start(
            "web", "-m", "gunicorn", bind, env=environment, cwd=settings.BASE_DIR, keep=[listener.fileno()]
        )
        while not answers(port):
            children.check()
        master = child.process.pid
        yield port, int(Path(f"/proc/{master}/task/{master}/children").read_text().split()[0])


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False, timeout=LIMIT_SECONDS).is_success
    except httpx.TransportError:
        return False


@dataclass
class Bench:
    """The viewers, and the one thread that changes jobs."""

    port: int
    pid: int
    session: str
    database: ThreadPoolExecutor
    watchers: list[Watcher] = field(default_factory=lambda: [Watcher() for _ in range(VIEWERS)])

    async def measure(self, changing: list[str]) -> dict[str, Any]:
        """Give the figures; every wait has a limit."""
        idle, begun = memory(self.pid, "VmRSS"), time.perf_counter()
        tasks = [asyncio.create_task(watcher.watch(self.port, self.session)) for watcher in self.watchers]
        try:
            async with asyncio.timeout(LIMIT_SECONDS):
                await asyncio.gather(*(watcher.ready.wait() for watcher in self.watchers))
            opened = time.perf_counter() - begun
            delays = sorted([delay async for delay in self.one_by_one(changing)])
            page = await asyncio.to_thread(health_seconds, self.port)
            burst = await self.all_at_once()
            connections = await self.ask(server_connections)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return {
            "all streams open after (s)": round(opened, 2),
            "changes one by one, seen by all viewers": f"{len(delays)} of {len(changing)}",
            "until the last viewer saw one, median (ms)": round(statistics.median(delays) * 1000),
            "until the last viewer saw one, worst (ms)": round(delays[-1] * 1000),
            f"{BURST} changes at once, until all saw all (s)": round(burst, 2),
            "/health meanwhile, worst of 20 (ms)": round(page * 1000),
            "database connections of the server": connections,
            "server's memory before (MB)": idle,
            "server's memory, highest (MB)": memory(self.pid, "VmHWM"),
        }

    async def ask(self, query: Callable[P, R], *args: P.args, **named: P.kwargs) -> R:
        """Run `query` in the thread that has the connection."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.database, lambda: query(*args, **named))

    async def one_by_one(self, job_ids: list[str]) -> AsyncIterator[float]:
        """Give, for each change that every viewer saw in time, how long the last one waited for it."""
        for job_id in job_ids:
            await self.ask(lifecycle.cancel, UUID(job_id), actor="bench")
            committed = time.perf_counter()
            if (last := await self.seen_by_all([job_id])) is not None:
                yield max(0.0, last - committed)
            await asyncio.sleep(0.15)

    async def all_at_once(self) -> float:
        """Give how long it takes from the first of many new jobs until all viewers have seen all of them."""
        begun = time.perf_counter()
        last = await self.seen_by_all(await self.ask(create, BURST))
        return (last or float("inf")) - begun

    async def seen_by_all(self, job_ids: list[str]) -> float | None:
        """Wait until every viewer has seen these jobs; gives when the last did, None when time is over."""
        deadline = time.perf_counter() + SEEN_SECONDS
        while not all(watcher.seen.keys() >= set(job_ids) for watcher in self.watchers):
            if time.perf_counter() > deadline:
                return None
            await asyncio.sleep(0.005)
        return max(watcher.seen[job_id] for watcher in self.watchers for job_id in job_ids)


def create(count: int) -> list[str]:
    """Create jobs, fifty a transaction."""
    new = NewJob(job_type="bench", target_url="https://example.com/")
    made = [intake.enqueue_many([new] * min(50, count - at), actor="bench") for at in range(0, count, 50)]
    return [str(job.id) for jobs in made for job in jobs]


def health_seconds(port: int) -> float:
    times = []
    for _ in range(20):
        begun = time.perf_counter()
        assert answers(port)
        times.append(time.perf_counter() - begun)
    return max(times)


def server_connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def memory(pid: int, name: str) -> int:
    """Give a process's figure in MB, as the kernel counts it."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return round(next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024)


def close_connection() -> None:
    connection.close()  # the one of the thread that runs this
