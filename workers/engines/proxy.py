"""Let a browser context use a proxy that asks for a password, at full speed."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import unquote, urlsplit

from playwright.async_api import BrowserContext, CDPSession, Error, ProxySettings

# Source: RFC 6761 section 6.4: the name never exists, so any proxy answers by itself once it knows us.
KNOCK_URL = "http://ghosthands.invalid/"


class ProxyLogin:
    """Where the proxy is, and how a context makes itself known to it.

    Playwright's own `username` and `password` pause every request of every page and switch the cache off
    (measured: twice the time of a page with 20 scripts). Chromium remembers a proxy's password for the whole
    context, so answering it once, from a page that nobody else sees, is enough.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        # Without the bypass rule Chromium would reach loopback addresses without asking the proxy.
        self.settings = ProxySettings(
            server=f"{parts.scheme}://{parts.hostname}:{parts.port}", bypass="<-loopback>"
        )
        self._username = unquote(parts.username or "")
        self._password = unquote(parts.password or "")

    async def log_in(self, context: BrowserContext, party: str = "") -> None:
        """Make the context known to the proxy, as `party` or by the address's own user name.

        Raises Playwright's Error when it is not accepted.
        """
        if not self._username:
            return
        page = await context.new_page()
        session = await context.new_cdp_session(page)
        answers = _Answers(session, party or self._username, self._password)
        session.on("Fetch.requestPaused", answers.let_pass)
        session.on("Fetch.authRequired", answers.give_password)
        await session.send("Fetch.enable", {"handleAuthRequests": True})
        await page.goto(KNOCK_URL)
        await answers.given()
        await session.detach()
        await page.close()


class _Answers:
    """Answers one page's questions to whoever steers it; the events arrive outside of any coroutine."""

    def __init__(self, session: CDPSession, username: str, password: str) -> None:
        self._session = session
        self._password = {"response": "ProvideCredentials", "username": username, "password": password}
        self._asked = 0
        self._sent: list[asyncio.Task[Any]] = []

    def let_pass(self, event: dict[str, Any]) -> None:
        self._send("Fetch.continueRequest", event)

    def give_password(self, event: dict[str, Any]) -> None:
        self._asked += 1
        # Asked a second time, the proxy does not know us; giving the same answer again would never end.
        response = self._password if self._asked == 1 else {"response": "CancelAuth"}
        self._send("Fetch.continueWithAuth", event, authChallengeResponse=response)

    async def given(self) -> None:
        """Return when all answers have arrived. Raises Playwright's Error when they were not accepted."""
        await asyncio.gather(*self._sent)
        if self._asked > 1:
            raise Error("the proxy does not accept the user name and password")

    def _send(self, method: str, event: dict[str, Any], **more: Any) -> None:
        message = {"requestId": event["requestId"], **more}
        sending = asyncio.ensure_future(self._session.send(method, message))
        # A job that is stopped here closes the page under it: then nobody waits for the answer any more.
        sending.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        self._sent.append(sending)
