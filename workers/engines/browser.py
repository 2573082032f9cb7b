"""One Chromium for all jobs of a worker; each job gets a fresh, isolated context."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from playwright.async_api import (
    Browser,
    BrowserContext,
    Error,
    Playwright,
    ProxySettings,
    ViewportSize,
    async_playwright,
)

from workers.engines.proxy import ProxyLogin

T = TypeVar("T")

log = logging.getLogger(__name__)

NAMES = ("chromium", "chromium-browser", "google-chrome")
VIEWPORT = ViewportSize(width=1280, height=900)
LAUNCH_SECONDS = 60.0
CONTEXT_SECONDS = 15.0
CLOSE_SECONDS = 5.0

# Playwright itself passes no-first-run, disable-background-networking, disable-component-update,
# disable-sync and disable-dev-shm-usage. These close the ways round the proxy: UDP of WebRTC, and QUIC.
ARGUMENTS = ["--force-webrtc-ip-handling-policy=disable_non_proxied_udp", "--disable-quic"]

LOOPBACK_HOSTS = {"127.0.0.1", "::1", "localhost"}


class BrowserUnavailable(Exception):
    """No browser could be started or reached; the message says what to install or set."""


def find_chromium(configured: str) -> str | None:
    """Return the path of the Chromium to use, or None to let Playwright use its own.

    Shape: `configured` is a path, or a command to look up, and wins; empty means the first of the system's.
    Raises `BrowserUnavailable` when the configured one does not exist.
    """
    if not configured:
        return next(filter(None, map(shutil.which, NAMES)), None)
    found = shutil.which(configured)
    if found is None:
        raise BrowserUnavailable(f"GH_CHROMIUM names {configured!r}, which is no program that can be run")
    return found


@dataclass(eq=False, slots=True)
class Session:
    """One running browser, and how much it has been used."""

    playwright: Playwright
    browser: Browser
    open_contexts: int = 0
    served_contexts: int = 0
    sick: bool = False


class BrowserHost:
    """Lends isolated contexts of one shared Chromium.

    The browser is launched with the first context, again after it crashed, and afresh once it has served
    `restart_after` contexts and none is open (at twice that number, jobs that are under way finish on the old
    one). `cdp_url` connects to a running browser instead; when that is on another machine, its network is
    guarded there: `proxy` listens on this machine only and is not used.

    Use it from one event loop. Raises `BrowserUnavailable` where no browser can be had.
    """

    def __init__(
        self,
        executable: str | None,
        cdp_url: str | None = None,
        proxy: str | None = None,
        restart_after: int = 50,
        headless: bool = True,
    ) -> None:
        self._executable = executable
        self._cdp_url = cdp_url
        # Our proxy listens on this machine's loopback: a browser elsewhere could not find it.
        is_near = cdp_url is None or urlsplit(cdp_url).hostname in LOOPBACK_HOSTS
        self._proxy = ProxyLogin(proxy) if proxy and is_near else None
        self._restart_after = restart_after
        self._headless = headless
        self._current: asyncio.Task[Session] | None = None
        self._sessions: set[Session] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    @contextlib.asynccontextmanager
    async def context(self, party: str = "") -> AsyncIterator[BrowserContext]:
        """Lend a fresh context: no cookies, no storage, no downloads, 1280x900, en-US.

        `party` is the name by which the proxy knows it.
        Guarantees: the context is closed on the way out, also when the job is cancelled or the browser hangs.
        """
        # Opening and closing are tasks of their own: cancelling the job must not cut them in half.
        opening = self._start(self._open(party))
        try:
            session, context = await asyncio.shield(opening)
        except asyncio.CancelledError:
            self._start(self._abandon(opening))
            raise
        try:
            yield context
        finally:
            await asyncio.shield(self._start(self._give_back(session, context)))

    async def close(self) -> None:
        """Stop every browser, and with it every context. May be called twice."""
        self._closed = True
        if self._current is not None:
            await asyncio.wait([self._current])
        for session in list(self._sessions):
            self._stop_later(session)
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _open(self, party: str) -> tuple[Session, BrowserContext]:
        session = await self._session()
        try:
            return session, await self._new_context(session, party)
        except (Error, TimeoutError) as error:
            # Most likely it crashed a moment ago: one fresh browser is worth a try, more are not.
            log.warning("the browser gave no context and is replaced: %s", _first_line(error))
        session = await self._session()
        try:
            return session, await self._new_context(session, party)
        except (Error, TimeoutError) as error:
            raise BrowserUnavailable(f"the browser gives no context: {_first_line(error)}") from error

    async def _new_context(self, session: Session, party: str) -> BrowserContext:
        session.open_contexts += 1
        session.served_contexts += 1
        try:
            async with asyncio.timeout(CONTEXT_SECONDS):
                context = await session.browser.new_context(
                    viewport=VIEWPORT, locale="en-US", accept_downloads=False, proxy=self._context_proxy()
                )
                if self._proxy is not None:
                    await self._proxy.log_in(context, party)
                return context
        except (Error, TimeoutError):
            session.sick = True
            self._leave(session)
            raise

    def _context_proxy(self) -> ProxySettings | None:
        # A proxy named at launch serves every context; a browser that runs already must be told for each.
        return self._proxy.settings if self._cdp_url and self._proxy else None

    async def _abandon(self, opening: asyncio.Task[tuple[Session, BrowserContext]]) -> None:
        with contextlib.suppress(Error, TimeoutError, BrowserUnavailable):
            await self._give_back(*await opening)

    async def _give_back(self, session: Session, context: BrowserContext) -> None:
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await context.close()
        except (Error, TimeoutError):
            # It crashed, or hangs; either way nobody gets another context from it.
            session.sick = True
        finally:
            self._leave(session)

    def _leave(self, session: Session) -> None:
        session.open_contexts -= 1
        if session.open_contexts == 0 and self._is_spent(session):
            self._stop_later(session)

    async def _session(self) -> Session:
        """Return a browser that works, launching one when there is none; callers share the launch."""
        if self._closed:
            raise BrowserUnavailable("the browser has been closed for good")
        if self._current is None or (self._current.done() and not self._is_usable(self._current)):
            self._current = self._start(self._launch())
        return await self._current

    def _is_usable(self, launch: asyncio.Task[Session]) -> bool:
        return launch.exception() is None and not self._is_spent(launch.result())

    def _is_spent(self, session: Session) -> bool:
        limit = self._restart_after * (2 if session.open_contexts else 1)
        gone = session not in self._sessions or not session.browser.is_connected()
        return gone or session.sick or session.served_contexts >= limit

    async def _launch(self) -> Session:
        for old in list(self._sessions):
            if old.open_contexts == 0:
                self._stop_later(old)
        playwright = await async_playwright().start()
        try:
            async with asyncio.timeout(LAUNCH_SECONDS):
                browser = await self._connect(playwright)
        except (Error, TimeoutError) as error:
            await _stop(playwright, None)
            raise BrowserUnavailable(self._explain(error)) from error
        session = Session(playwright, browser)
        self._sessions.add(session)
        log.info("browser ready: %s", browser.version)
        return session

    async def _connect(self, playwright: Playwright) -> Browser:
        if self._cdp_url:
            return await playwright.chromium.connect_over_cdp(self._cdp_url)
        return await playwright.chromium.launch(
            executable_path=self._executable,
            headless=self._headless,
            # Chromium refuses to run sandboxed as root; for everybody else the sandbox stays.
            chromium_sandbox=os.geteuid() != 0,
            proxy=self._proxy.settings if self._proxy else None,
            args=ARGUMENTS,
            # Ctrl-C reaches the whole process group; the worker decides when the browser goes.
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )

    def _explain(self, error: Exception) -> str:
        reason = _first_line(error) or "it did not answer in time"
        if self._cdp_url:
            return f"no browser answers at BROWSER_CDP_URL: {reason}"
        return (
            f"no Chromium could be started ({self._executable or 'none was found'}): {reason}; install one "
            "(Debian: `apt-get install chromium`) or name its path in GH_CHROMIUM"
        )

    def _stop_later(self, session: Session) -> None:
        if session in self._sessions:
            self._sessions.discard(session)
            self._start(_stop(session.playwright, session.browser))

    def _start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Run work that may outlive its caller; `close()` waits for it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        # Who waits for the task sees its exception; when nobody does any more, it is of no interest.
        if not task.cancelled():
            task.exception()


async def _stop(playwright: Playwright, browser: Browser | None) -> None:
    """Close the browser, then end its driver, which ends the processes that are left."""
    if browser is not None:
        with contextlib.suppress(Error, TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await browser.close()
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            await playwright.stop()
    except TimeoutError:
        log.warning("a browser did not stop within %d s", CLOSE_SECONDS)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
