"""One POST to an address that a client gave us: signed, short, and only where the network rule allows."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import httpx
from django.conf import settings
from standardwebhooks import Webhook

from jobs.network import ForbiddenTarget, check_url, is_allowed, refusal

TRY_SECONDS: Final = 10.0
USER_AGENT: Final = "GhostHands-Callback/1.0"


@dataclass(frozen=True, slots=True)
class Attempt:
    """How a try ended; `error` is a sentence, empty when the receiver took the callback."""

    error: str = ""

    @property
    def delivered(self) -> bool:
        return not self.error


async def send(url: str, payload: Mapping[str, Any], *, message_id: str, secret: str) -> Attempt:
    """Post `payload` as JSON; any 2xx within 10 s is success. Redirects are not followed. Never raises.

    `secret` signs it, in base64 with or without `whsec_`; empty sends it unsigned.
    """
    body = json.dumps(payload, separators=(",", ":"))
    try:
        async with asyncio.timeout(TRY_SECONDS):
            status = await _post(url, body, headers(url, body, message_id, secret))
    except ForbiddenTarget as error:
        return Attempt(f"Not sent: {error}")
    except TimeoutError:
        return Attempt(f"No answer within {TRY_SECONDS:.0f} s")
    except (OSError, ValueError, httpx.HTTPError, httpx.InvalidURL) as error:
        return Attempt(f"Not reached ({type(error).__name__})")
    return Attempt() if 200 <= status < 300 else Attempt(f"The receiver answered {status}")


def headers(url: str, body: str, message_id: str, secret: str) -> dict[str, str]:
    """The headers of a callback: Standard Webhooks' signature, and the shared secret for hosts that may see it."""
    now = datetime.now(UTC)
    found = {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
    }
    if secret:
        found["webhook-signature"] = Webhook(secret).sign(message_id, now, body)
    if settings.GH_SERVICE_SECRET and httpx.URL(url).host in settings.GH_CALLBACK_KEY_HOSTS:
        found["X-GH-Service-Key"] = settings.GH_SERVICE_SECRET
    return found


async def _post(url: str, body: str, fields: dict[str, str]) -> int:
    """Connect to the very address that was checked, so that a name cannot change its meaning in between."""
    target = httpx.URL(url)
    address = await _allowed_address(target)
    pinned = target.copy_with(host=address)
    fields |= {"Host": target.netloc.decode("ascii").rpartition("@")[2]}
    async with (
        httpx.AsyncClient(trust_env=False, timeout=TRY_SECONDS) as client,
        client.stream(
            "POST", pinned, content=body, headers=fields, extensions={"sni_hostname": target.host}
        ) as response,
    ):
        return response.status_code


async def _allowed_address(target: httpx.URL) -> str:
    check_url(str(target), settings.GH_ALLOWED_NETWORKS)
    port = target.port or (443 if target.scheme == "https" else 80)
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(target.host, port, type=socket.SOCK_STREAM)
    for entry in found:
        address = str(entry[4][0])
        if is_allowed(address, settings.GH_ALLOWED_NETWORKS):
            return address
    raise ForbiddenTarget(refusal(target.host))
