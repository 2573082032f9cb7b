"""Where the server is, and what opens it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx

from ghosthands.client.calls import Call

PREFIX = "/api/v1/gh"


@dataclass(frozen=True, slots=True)
class Address:
    """The API's base address with the headers of every call; its `repr` shows no key."""

    api_url: str
    headers: dict[str, str] = field(repr=False)

    def request(self, call: Call[Any], *, timeout: float) -> dict[str, Any]:
        """Spell the call as keyword arguments of httpx's `request`."""
        headers = self.headers if call.body is None else self.headers | {"Content-Type": "application/json"}
        return {
            "method": call.method,
            "url": self.api_url + call.path,
            "params": dict(call.query) or None,
            "content": call.body,
            "headers": headers,
            "timeout": timeout,
        }


def resolve(api_url: str, *, api_key: str | None, token: str | None) -> Address:
    """Join the server's address, with or without `/api/v1/gh`, and the one credential.

    Raises ValueError for anything that could only fail later.
    """
    url = httpx.URL(api_url)
    if url.scheme not in {"http", "https"} or not url.host:
        raise ValueError(f"api_url must start with http:// or https://: {api_url!r}")
    if url.userinfo or url.query or url.fragment:
        raise ValueError("api_url must not carry credentials, a query or a fragment")
    base = str(url).rstrip("/").removesuffix(PREFIX) + PREFIX
    return Address(base, {"Accept": "application/json", **_credential(api_key, token)})


def _credential(api_key: str | None, token: str | None) -> dict[str, str]:
    if api_key is not None and token is None:
        return {"X-GH-Service-Key": _header_value(api_key, "api_key")}
    if token is not None and api_key is None:
        return {"Authorization": f"Bearer {_header_value(token, 'token')}"}
    raise ValueError("Give either api_key (a service) or token (a user)")


def _header_value(secret: str, name: str) -> str:
    # Checked here because the errors of HTTP libraries quote the value.
    if not secret or not all("!" <= character <= "~" for character in secret):
        raise ValueError(
            f"{name} is empty or has characters that no HTTP header can carry, such as a line end"
        )
    return secret
