"""The way out: a forward proxy on loopback through which the browser and our own downloads reach the web.

It looks a name up, checks each address against the network rule, and connects to the very address it checked,
so that neither a redirect nor a name that changes its address (DNS rebinding) gets round the rule.
Only who knows the token in `EgressProxy.url` may use it; the token is drawn anew for every proxy.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hmac
import logging
import secrets
import socket
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from types import TracebackType

from jobs.network import ForbiddenTarget, Network, check_host, is_allowed, normalise_host, refusal
from workers import http1
from workers.http1 import HEAD_BYTES, Connection, Head, Refused
from workers.unanswered import Party

log = logging.getLogger(__name__)

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]

RESOLVE_SECONDS = 10.0
CONNECT_SECONDS = 15.0


async def resolve_name(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host, in the order in which the system prefers them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class EgressProxy:
    """Carries our own requests to allowed addresses, and to no other.

    Who asks names itself by the user name: each browser context is a party of its own.
    Guarantees: after `close()` no connection is left open.
    """

    def __init__(self, allowed_networks: Sequence[Network] = (), *, resolve: Resolver = resolve_name) -> None:
        self._allowed = tuple(allowed_networks)
        self._resolve = resolve
        self._token = secrets.token_urlsafe(32)
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._parties: defaultdict[str, Party] = defaultdict(Party)

    @property
    def url(self) -> str:
        """Where to send requests, user name and token included; httpx's proxy option takes it as it is."""
        if self._server is None:
            raise RuntimeError("the egress proxy has not been started")
        port = self._server.sockets[0].getsockname()[1]
        return f"http://ghosthands:{self._token}@127.0.0.1:{port}"

    def begin_sending(self, party: str) -> None:
        """From here on the party's browser may send a form, and may not repeat it by itself."""
        self._parties[party].begin_sending()

    def end_sending(self, party: str) -> None:
        """The party's form was not accepted: it may be corrected and sent again."""
        self._parties[party].end_sending()

    def forget(self, party: str) -> None:
        """The party's browser is gone."""
        self._parties.pop(party, None)

    async def start(self) -> None:
        """Listen on a free port of 127.0.0.1."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, limit=HEAD_BYTES)

    async def close(self) -> None:
        """Stop listening and drop every connection. May be called twice."""
        if self._server is None:
            return
        self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    async def __aenter__(self) -> EgressProxy:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  # a coroutine always runs in one
        self._connections.add(task)
        try:
            async with http1.closing(writer):
                if self._server is not None and self._server.is_serving():
                    await self._serve(reader, writer)
        except (OSError, TimeoutError, asyncio.CancelledError):
            # The peer left, stalled, or the proxy closes: the connection is closed, nobody is left to tell.
            pass
        finally:
            self._connections.discard(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await http1.read_head(reader)
            if request is None:
                return
            party = self._authorise(request)
            method, target = http1.request_line(request)
            if method == "CONNECT":
                await self._tunnel(target, self._parties[party], reader, writer)
            else:
                await self._forward(method, target, request, reader, writer)
        except Refused as refused:
            await http1.answer(writer, refused)

    def _authorise(self, request: Head) -> str:
        """Return the name of the party that shows the token."""
        scheme, _, given = request.get("proxy-authorization").partition(" ")
        party, token = _credentials(given.strip()) if scheme.lower() == "basic" else ("", "")
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            raise Refused(
                HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
                "this proxy serves its own worker only",
                'Proxy-Authenticate: Basic realm="ghosthands"',
            )
        return party

    async def _tunnel(
        self, target: str, party: Party, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        host, port = http1.authority(f"//{target}", default_port=None)
        if not party.may_reach(host):
            raise Refused(HTTPStatus.BAD_GATEWAY, f"{host} hung up on what was sent; it is not sent again")
        upstream = await self._connect(host, port)
        async with http1.closing(upstream[1]):
            with party.tunnel(host, writer.transport.abort) as seen:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await http1.relay((reader, writer), upstream, up=seen.up, down=seen.down)

    async def _forward(
        self,
        method: str,
        target: str,
        request: Head,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        if not target.lower().startswith("http://"):
            raise Refused(HTTPStatus.BAD_REQUEST, "only http requests and CONNECT are understood")
        host, port = http1.authority(target, default_port=80)
        upstream = await self._connect(host, port)
        async with http1.closing(upstream[1]):
            netloc, path = http1.origin_form(target)
            upstream[1].write(request.render(f"{method} {path} HTTP/1.1", host=netloc, connection="close"))
            await http1.until_first_ends(
                http1.send_body(request, reader, upstream[1]), http1.return_answer(upstream[0], writer)
            )

    async def _connect(self, host: str, port: int) -> Connection:
        """Return a connection to one of the host's allowed addresses.

        Raises `Refused` (403 when the rule forbids the host, 502 when it cannot be reached).
        """
        addresses = await self._allowed_addresses(host, port)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                return await _open_first(addresses, port)
        except (OSError, TimeoutError):
            raise Refused(HTTPStatus.BAD_GATEWAY, f"{host} could not be reached") from None

    async def _allowed_addresses(self, host: str, port: int) -> list[str]:
        try:
            check_host(host, self._allowed)
            if host.endswith(".invalid"):
                # Source: RFC 6761 section 6.4: such names never exist; asking for one only costs time.
                raise OSError(host)
            async with asyncio.timeout(RESOLVE_SECONDS):
                found = await self._resolve(normalise_host(host), port)
            allowed = [address for address in found if is_allowed(address, self._allowed)]
            if not allowed:
                raise ForbiddenTarget(refusal(host))
        except ForbiddenTarget as forbidden:
            log.warning("refused to connect: %s", forbidden)
            raise Refused(HTTPStatus.FORBIDDEN, str(forbidden)) from None
        except (OSError, TimeoutError):
            raise Refused(HTTPStatus.BAD_GATEWAY, f"the name {host} was not found") from None
        return allowed


def _credentials(encoded: str) -> tuple[str, str]:
    """Read the user name and password of a Basic header; both empty when it is none."""
    try:
        name, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return name, password


async def _open_first(addresses: Sequence[str], port: int) -> Connection:
    for address in addresses[:-1]:
        # One address of several may be dead; it gets its share of the time, not all of it.
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(CONNECT_SECONDS / len(addresses)):
                return await asyncio.open_connection(address, port, limit=HEAD_BYTES)
    return await asyncio.open_connection(addresses[-1], port, limit=HEAD_BYTES)
