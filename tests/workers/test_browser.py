"""The shared browser: isolation, cancelling, crashes, restarts, and the way out through the proxy."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_network
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Error, Page

from workers.egress import EgressProxy
from workers.engines.browser import BrowserHost, BrowserUnavailable, find_chromium

CHROMIUM = find_chromium("")
LOOPBACK = [ip_network("127.0.0.0/8")]


@asynccontextmanager
async def a_host(**options: object) -> AsyncIterator[BrowserHost]:
    host = BrowserHost(CHROMIUM, **options)  # type: ignore[arg-type]
    try:
        yield host
    finally:
        await host.close()


@asynccontextmanager
async def a_site(body: str = "hello") -> AsyncIterator[str]:
    """Serve one page at every path; yields its address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.read(65536)
        if head:
            status = "302 Found\r\nLocation: http://10.0.0.1/secret" if b"/leave " in head else "200 OK"
            page = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n{body}"
            writer.write(page.encode())
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def browser_of(context: BrowserContext) -> Browser:
    browser = context.browser
    assert browser is not None
    return browser


async def pid_of(context: BrowserContext) -> int:
    session = await browser_of(context).new_browser_cdp_session()
    info = await session.send("SystemInfo.getProcessInfo")
    return int(next(process["id"] for process in info["processInfo"] if process["type"] == "browser"))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_the_configured_chromium_wins(tmp_path: Path) -> None:
    own = tmp_path / "my-chromium"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    assert find_chromium(str(own)) == str(own)


def test_the_systems_chromium_is_found_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_chromium("") is None
    for name in ("google-chrome", "chromium"):
        shutil.copy("/bin/true", tmp_path / name)
        assert find_chromium("") == str(tmp_path / name)


def test_a_configured_chromium_that_is_missing_is_not_silently_replaced() -> None:
    with pytest.raises(BrowserUnavailable, match="GH_CHROMIUM"):
        find_chromium("/nowhere/chromium")


@pytest.mark.parametrize("executable", ["/nowhere/chromium", "/bin/true"])
def test_a_browser_that_cannot_start_is_told_in_a_sentence(executable: str) -> None:
    async def scenario() -> None:
        host = BrowserHost(executable)
        with pytest.raises(BrowserUnavailable, match=r"apt-get install chromium.*GH_CHROMIUM"):
            async with host.context():
                pass
        await host.close()

    asyncio.run(scenario())


def test_a_remote_browser_that_does_not_answer_is_told_in_a_sentence() -> None:
    async def scenario() -> None:
        async with a_host(cdp_url=f"http://127.0.0.1:{free_port()}") as host:
            with pytest.raises(BrowserUnavailable, match="BROWSER_CDP_URL"):
                async with host.context():
                    pass

    asyncio.run(scenario())


@pytest.mark.browser
def test_contexts_share_a_browser_and_nothing_else() -> None:
    async def scenario() -> None:
        async with (
            a_site("<script>document.cookie='who=one'; localStorage.who='one'</script>") as url,
            a_host() as host,
            host.context() as one,
            host.context() as other,
        ):
            assert one.browser is other.browser
            page = await one.new_page()
            await page.goto(url)
            assert [cookie.get("name") for cookie in await one.cookies()] == ["who"]
            assert await other.cookies() == []
            assert await page.evaluate("[innerWidth, innerHeight, navigator.language]") == [
                1280,
                900,
                "en-US",
            ]

    asyncio.run(scenario())


@pytest.mark.browser
def test_many_jobs_that_start_together_launch_one_browser() -> None:
    async def scenario() -> None:
        async with a_host() as host:

            async def job() -> int:
                async with host.context() as context:
                    return id(context.browser)

            assert len(set(await asyncio.gather(*(job() for _ in range(4))))) == 1

    asyncio.run(scenario())


@pytest.mark.browser
def test_cancelling_a_job_closes_its_context_within_a_second() -> None:
    async def scenario() -> None:
        async with a_host() as host:
            opened: list[BrowserContext] = []
            closed = asyncio.Event()
            ready = asyncio.Event()

            async def job() -> None:
                async with host.context() as context:
                    opened.append(context)
                    context.on("close", lambda _: closed.set())
                    page = await context.new_page()
                    waiting = asyncio.ensure_future(page.wait_for_selector("#never"))
                    ready.set()
                    await waiting

            async with host.context() as other:
                task = asyncio.create_task(job())
                await ready.wait()
                started = time.monotonic()
                task.cancel()
                # Cancelled twice, as when a second signal follows the first.
                asyncio.get_running_loop().call_soon(task.cancel)
                with pytest.raises((asyncio.CancelledError, Error)):
                    await task
                await asyncio.wait_for(closed.wait(), 1)
                assert time.monotonic() - started < 1
                assert browser_of(other).contexts == [other]

    asyncio.run(scenario())


@pytest.mark.browser
def test_cancelling_while_the_browser_starts_leaves_no_context_behind() -> None:
    async def scenario() -> None:
        async with a_host() as host:

            async def job() -> None:
                async with host.context():
                    raise AssertionError("the job was cancelled before it had a browser")

            task = asyncio.create_task(job())
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            async with host.context() as context:
                page = await context.new_page()
                assert await page.evaluate("1 + 1") == 2

    asyncio.run(scenario())


@pytest.mark.browser
def test_a_killed_browser_is_replaced() -> None:
    async def scenario() -> None:
        async with a_host() as host:
            with pytest.raises(Error):
                async with host.context() as context:
                    page = await context.new_page()
                    os.kill(await pid_of(context), signal.SIGKILL)
                    await page.wait_for_selector("#never")
            async with host.context() as context:
                assert await (await context.new_page()).evaluate("1 + 1") == 2
                killed = await pid_of(context)
            os.kill(killed, signal.SIGKILL)
            async with host.context() as context:
                assert await (await context.new_page()).evaluate("1 + 1") == 2

    asyncio.run(scenario())


@pytest.mark.browser
def test_a_worn_browser_is_replaced_when_idle_and_outlasts_its_jobs_when_not() -> None:
    async def scenario() -> None:
        async with a_host(restart_after=2) as host:
            async with host.context() as first:
                pass
            async with host.context() as second:
                assert second.browser is first.browser
            stopped = asyncio.Event()
            async with host.context() as third:
                browser_of(third).on("disconnected", lambda _: stopped.set())
                assert third.browser is not first.browser
                async with host.context(), host.context(), host.context():
                    pass
                async with host.context() as later:
                    assert later.browser is not third.browser
                assert await (await third.new_page()).evaluate("1 + 1") == 2
            await asyncio.wait_for(stopped.wait(), 10)
            async with host.context() as last:
                assert last.browser is later.browser

    asyncio.run(scenario())


@pytest.mark.browser
def test_it_connects_to_a_browser_that_runs_already(tmp_path: Path) -> None:
    async def scenario() -> None:
        assert CHROMIUM is not None
        port = free_port()
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        process = await asyncio.create_subprocess_exec(
            CHROMIUM,
            "--headless",
            f"--remote-debugging-port={port}",
            f"--user-data-dir={tmp_path}",
            *sandbox,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stderr is not None
        try:
            async for line in process.stderr:
                if b"DevTools listening" in line:
                    break
            async with (
                a_site() as url,
                EgressProxy(LOOPBACK) as proxy,
                a_host(cdp_url=f"http://127.0.0.1:{port}", proxy=proxy.url) as host,
                host.context() as context,
            ):
                assert await read(context, url) == "hello"
                assert "GH_ALLOWED_NETWORKS" in await read(context, "http://10.0.0.1/")
            assert process.returncode is None
        finally:
            process.terminate()
            await process.communicate()

    asyncio.run(scenario())


async def read(context: BrowserContext, url: str) -> str:
    page = await context.new_page()
    await page.goto(url)
    return (await page.inner_text("body")).strip()


async def reach(page: Page, url: str) -> str:
    """Fetch from inside a page; answers "reached" or "refused"."""
    script = "url => fetch(url, {mode: 'no-cors'}).then(() => 'reached', () => 'refused')"
    return str(await page.evaluate(script, url))


@pytest.mark.browser
def test_everything_the_browser_fetches_obeys_the_network_rule() -> None:
    async def scenario() -> None:
        async with (
            a_site() as url,
            EgressProxy(LOOPBACK) as proxy,
            a_host(proxy=proxy.url) as host,
            host.context() as context,
        ):
            page = await context.new_page()
            await page.goto(url)
            assert await reach(page, url) == "reached"
            assert await reach(page, "https://10.0.0.1/") == "refused"
            redirected = await page.goto(f"{url}/leave")
            assert redirected is not None
            assert redirected.status == 403
            assert "10.0.0.1" in await page.inner_text("body")

    asyncio.run(scenario())


@pytest.mark.browser
def test_loopback_goes_through_the_proxy_too() -> None:
    async def scenario() -> None:
        async with (
            a_site() as url,
            EgressProxy() as proxy,
            a_host(proxy=proxy.url) as host,
            host.context() as context,
        ):
            assert "GH_ALLOWED_NETWORKS" in await read(context, url)
            assert "GH_ALLOWED_NETWORKS" in await read(context, url.replace("127.0.0.1", "localhost"))

    asyncio.run(scenario())


@pytest.mark.browser
def test_the_proxy_leaves_the_cache_and_the_page_alone() -> None:
    """The context is known to the proxy from the start; no page of it is steered for that."""

    async def scenario() -> None:
        async with EgressProxy(LOOPBACK) as proxy, a_host(proxy=proxy.url) as host, host.context() as context:
            assert context.pages == []

    asyncio.run(scenario())


@pytest.mark.browser
def test_a_proxy_that_does_not_know_us_is_told_in_a_sentence() -> None:
    async def scenario() -> None:
        async with EgressProxy(LOOPBACK) as proxy:
            stranger = proxy.url.replace("@", "-wrong@")
            async with a_host(proxy=stranger) as host:
                with pytest.raises(BrowserUnavailable, match="does not accept"):
                    async with host.context():
                        pass

    asyncio.run(scenario())
