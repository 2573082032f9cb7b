"""Sign in where a page wants it, at most once, with what the user gave for that site."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from workers.context import Credentials, Run
from workers.engines.base import Engine
from workers.hands.login import LoginPage, SignIn, find_door

UNKNOWN = SignIn(False, "nobody gave a name and a password for this site")


async def sign_in(run: Run, engine: Engine, given: Credentials | None = None) -> SignIn:
    """Type a name and a password into the page's log-in form and tell whether the page lets us in.

    `given` is what a person gave for this very page; without it the user's stored ones for the site are used, if
    there are any, and those only once in a run. Nothing of it gets into the recording, an event or a picture.
    Whoever calls looks at the page again: what comes after the log-in may be a second factor.
    """
    page = await _login_page(engine)
    if page is None:
        return SignIn(False, "the page shows no log-in form")
    credentials = given or await run.credentials(page.address)
    if credentials is None:
        return UNKNOWN
    site = urlsplit(page.address).hostname or ""
    if not is_private_way(page.address):
        return SignIn(False, "the page would send the password over the network in clear")
    run.event("credential_injection_attempted", f"Signing in at {site}", site=site)
    await engine.recording.forget()
    answer = await page.sign_in(credentials)
    if answer.succeeded:
        await engine.recording.go_on()
    kind = "succeeded" if answer.succeeded else "failed"
    run.event(f"credential_injection_{kind}", answer.reason or f"Signed in at {site}", site=site)
    if answer.refused and given is None:
        await run.credentials_refused()
    return answer


def is_private_way(address: str) -> bool:
    """Tell whether what a page sends stays between it and us: over TLS, or on this machine."""
    parts = urlsplit(address)
    if parts.scheme == "https":
        return True
    host = parts.hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


async def _login_page(engine: Engine) -> LoginPage | None:
    """Return the log-in form that is shown, or the one that the page's own link leads to."""
    found = await LoginPage.look(engine.page)
    if found:
        return found
    door = find_door(await engine.view())
    if door is None:
        return None
    await engine.follow(door)
    return await LoginPage.look(engine.page)
