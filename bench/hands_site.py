"""A browser and a web server for the benchmarks of the hands; nothing is reachable but the pages themselves."""

from __future__ import annotations

import functools
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.async_api import BrowserContext, async_playwright

from workers.engines.browser import find_chromium


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@asynccontextmanager
async def pages(folder: Path, *, scripts: bool = True) -> AsyncIterator[tuple[BrowserContext, str]]:
    """Serve a folder and yield a browser context with the folder's address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=find_chromium(""),
                args=["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"],
            )
            yield await browser.new_context(java_script_enabled=scripts), base
            await browser.close()
    finally:
        server.shutdown()
        server.server_close()
