"""What the tests of handlers share: a site of a few pages, and a browser to run in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from playwright.async_api import BrowserContext

from workers.context import JobSpec
from workers.engines.browser import BrowserHost, find_chromium
from workers.outcomes import Completed, Failed, Outcome

T = TypeVar("T")


class Site:
    """Serves the given pages; a value is a body, or a status line and a body. Keeps what was posted."""

    def __init__(self, pages: Mapping[str, str | tuple[str, str]]) -> None:
        self.pages = pages
        self.visited: list[str] = []
        self.posted: list[str] = []
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = (await reader.readline()).decode()
        if line:
            await self._answer(line, reader, writer)
        writer.close()

    async def _answer(self, line: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method, path, _ = line.split(" ")
        self.visited.append(path)
        length, entry = 0, b"-"
        while entry.strip():
            entry = await reader.readline()
            if entry.lower().startswith(b"content-length:"):
                length = int(entry.split(b":")[1])
        if method == "POST":
            self.posted.append((await reader.readexactly(length)).decode("latin-1"))
        page = self.pages.get(path.partition("?")[0], ("404 Not Found", "no such page"))
        status, body = page if isinstance(page, tuple) else ("200 OK", page)
        kind = "" if "Content-Type" in status else "Content-Type: text/html; charset=utf-8\r\n"
        writer.write(f"HTTP/1.1 {status}\r\n{kind}Connection: close\r\n\r\n{body}".encode())
        await writer.drain()


@asynccontextmanager
async def a_site(pages: Mapping[str, str | tuple[str, str]]) -> AsyncIterator[Site]:
    site = Site(pages)
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    async with server:
        site.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield site


class Chromium:
    """A browser and its event loop, for all tests of a module; each scenario gets a context of its own."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._host = BrowserHost(find_chromium(""))

    def run(self, scenario: Callable[[BrowserContext], Awaitable[T]]) -> T:
        async def in_context() -> T:
            async with self._host.context() as context:
                return await scenario(context)

        return self._runner.run(in_context())

    def close(self) -> None:
        self._runner.run(self._host.close())
        self._runner.close()


def spec_of(job_type: str, input_data: Mapping[str, Any], target_url: str = "http://example.com/") -> JobSpec:
    return JobSpec(
        id="00000000-0000-4000-8000-000000000001",
        job_type=job_type,
        target_url=target_url,
        task_description="a test",
        input_data=input_data,
    )


def completed(outcome: Outcome) -> Mapping[str, Any]:
    """The result of a chore that must have been done."""
    assert isinstance(outcome, Completed), outcome
    return outcome.result_data


def failed(outcome: Outcome) -> tuple[str, str]:
    """The code and sentence of a chore that must not have been done."""
    assert isinstance(outcome, Failed), outcome
    return outcome.code, outcome.message
