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
import re
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from jobs.network import ForbiddenTarget, Network, check_host, is_allowed, normalise_host, refusal

log = logging.getLogger(__name__)

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]

HEAD_BYTES = 256 * 1024
CHUNK_BYTES = 64 * 1024
HEAD_SECONDS = 30.0
RESOLVE_SECONDS = 10.0
CONNECT_SECONDS = 15.0
IDLE_SECONDS = 600.0

# Source: RFC 9110 section 7.6.1: these belong to one connection and are not passed on.
HOP_BY_HOP = {
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "upgrade",
}


async def resolve_name(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host, in the order in which the system prefers them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class Refused(Exception):
    """The request is answered by the proxy itself, with this status and sentence."""

    def __init__(self, status: HTTPStatus, message: str, *headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers


@dataclass(frozen=True, slots=True)
class Head:
    """The first line and the headers of a request or an answer."""

    line: str
    headers: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str:
        """Return the first header of that lower-case name, or an empty text."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    def render(self, line: str, **replaced: str) -> bytes:
        """Return the head to pass on: the end-to-end headers, some of them replaced."""
        kept = [pair for pair in self.headers if pair[0].lower() not in HOP_BY_HOP | set(replaced)]
        lines = [line, *(f"{key}: {value}" for key, value in (*kept, *replaced.items()))]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class EgressProxy:
    """Carries our own requests to allowed addresses, and to no other.

    Guarantees: after `close()` no connection is left open.
    """

    def __init__(self, allowed_networks: Sequence[Network] = (), *, resolve: Resolver = resolve_name) -> None:
        self._allowed = tuple(allowed_networks)
        self._resolve = resolve
        self._token = secrets.token_urlsafe(32)
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """Where to send requests, user name and token included; httpx's proxy option takes it as it is."""
        if self._server is None:
            raise RuntimeError("the egress proxy has not been started")
        port = self._server.sockets[0].getsockname()[1]
        return f"http://ghosthands:{self._token}@127.0.0.1:{port}"

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
            async with _closing(writer):
                if self._server is not None and self._server.is_serving():
                    await self._serve(reader, writer)
        except (OSError, TimeoutError, asyncio.CancelledError):
            # The peer left, stalled, or the proxy closes: the connection is closed, nobody is left to tell.
            pass
        finally:
            self._connections.discard(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await _read_head(reader, HEAD_SECONDS)
            if request is None:
                return
            self._authorise(request)
            method, target = _request_line(request)
            if method == "CONNECT":
                await self._tunnel(target, reader, writer)
            else:
                await self._forward(method, target, request, reader, writer)
        except Refused as refused:
            await _answer(writer, refused)

    def _authorise(self, request: Head) -> None:
        expected = base64.b64encode(f"ghosthands:{self._token}".encode())
        scheme, _, given = request.get("proxy-authorization").partition(" ")
        if scheme.lower() != "basic" or not hmac.compare_digest(given.strip().encode("latin-1"), expected):
            raise Refused(
                HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
                "this proxy serves its own worker only",
                'Proxy-Authenticate: Basic realm="ghosthands"',
            )

    async def _tunnel(self, target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = _authority(f"//{target}", default_port=None)
        upstream = await self._connect(host, port)
        async with _closing(upstream[1]):
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await _relay((reader, writer), upstream)

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
        host, port = _authority(target, default_port=80)
        upstream = await self._connect(host, port)
        async with _closing(upstream[1]):
            netloc, path = _origin_form(target)
            upstream[1].write(request.render(f"{method} {path} HTTP/1.1", host=netloc, connection="close"))
            await _until_first_ends(
                _send_body(request, reader, upstream[1]), _return_answer(upstream[0], writer)
            )

    async def _connect(self, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
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


async def _open_first(
    addresses: Sequence[str], port: int
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    for address in addresses[:-1]:
        # One address of several may be dead; it gets its share of the time, not all of it.
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(CONNECT_SECONDS / len(addresses)):
                return await asyncio.open_connection(address, port, limit=HEAD_BYTES)
    return await asyncio.open_connection(addresses[-1], port, limit=HEAD_BYTES)


async def _read_head(reader: asyncio.StreamReader, seconds: float) -> Head | None:
    """Return the next head, or None when the peer closed the connection without one."""
    try:
        async with asyncio.timeout(seconds):
            raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    except asyncio.LimitOverrunError:
        raise Refused(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "the headers are too long") from None
    line, *rest = raw[:-4].decode("latin-1").split("\r\n")
    headers = (entry.partition(":") for entry in rest)
    return Head(line, tuple((name.strip(), value.strip()) for name, _, value in headers))


def _request_line(request: Head) -> tuple[str, str]:
    parts = request.line.split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise Refused(HTTPStatus.BAD_REQUEST, "this is not an HTTP/1 request")
    return parts[0], parts[1]


def _authority(url: str, default_port: int | None) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or default_port
    except ValueError:
        host, port = None, None
    if not host or not port:
        raise Refused(HTTPStatus.BAD_REQUEST, "the request names no host and port")
    return host, port


def _origin_form(target: str) -> tuple[str, str]:
    rest = target.partition("://")[2]
    netloc = re.split("[/?]", rest, maxsplit=1)[0]
    path = rest[len(netloc) :]
    return netloc.rpartition("@")[2], path if path.startswith("/") else f"/{path}"


async def _send_body(request: Head, reader: asyncio.StreamReader, upstream: asyncio.StreamWriter) -> None:
    """Pass on the body and nothing after it, since a further request may be meant for another host.

    Ends when the client leaves.
    """
    # A site may answer before it has read everything, and close: its answer still counts.
    with contextlib.suppress(OSError, EOFError, ValueError, asyncio.LimitOverrunError):
        if request.get("transfer-encoding"):
            await _copy_chunked(reader, upstream)
        else:
            await _copy_counted(reader, upstream, int(request.get("content-length") or "0"))
    await reader.read(1)


async def _copy_counted(reader: asyncio.StreamReader, upstream: asyncio.StreamWriter, remaining: int) -> None:
    while remaining > 0 and (data := await reader.read(min(remaining, CHUNK_BYTES))):
        remaining -= len(data)
        upstream.write(data)
        await upstream.drain()


async def _copy_chunked(reader: asyncio.StreamReader, upstream: asyncio.StreamWriter) -> None:
    size = -1
    while size != 0:
        line = await reader.readuntil(b"\r\n")
        size = int(line.split(b";")[0], 16)
        upstream.write(line + await reader.readexactly(size + 2))
        await upstream.drain()


async def _return_answer(upstream: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    answer = await _read_head(upstream, IDLE_SECONDS)
    while answer is not None and answer.line.split(" ")[1:2] in (["100"], ["102"], ["103"]):
        writer.write(answer.render(answer.line))
        answer = await _read_head(upstream, IDLE_SECONDS)
    if answer is None or not answer.line.startswith("HTTP/1."):
        raise Refused(HTTPStatus.BAD_GATEWAY, "the site gave no answer")
    writer.write(answer.render(answer.line, connection="close"))
    async with asyncio.timeout(IDLE_SECONDS) as limit:
        await _copy(upstream, writer, limit)


async def _relay(
    client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    upstream: tuple[asyncio.StreamReader, asyncio.StreamWriter],
) -> None:
    """Pass bytes both ways until either end has finished, or neither has spoken for a while."""
    async with asyncio.timeout(IDLE_SECONDS) as limit:
        await _until_first_ends(_copy(client[0], upstream[1], limit), _copy(upstream[0], client[1], limit))


async def _until_first_ends(*directions: Coroutine[Any, Any, None]) -> None:
    # Neither browsers nor httpx close one direction only: who has ended is gone, and so is the exchange.
    tasks = [asyncio.create_task(direction) for direction in directions]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limit: asyncio.Timeout) -> None:
    loop = asyncio.get_running_loop()
    while data := await reader.read(CHUNK_BYTES):
        limit.reschedule(loop.time() + IDLE_SECONDS)
        writer.write(data)
        await writer.drain()


async def _answer(writer: asyncio.StreamWriter, refused: Refused) -> None:
    body = f"{refused}.\n".encode()
    head = [
        f"HTTP/1.1 {refused.status.value} {refused.status.phrase}",
        "Content-Type: text/plain; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *refused.headers,
    ]
    writer.write(("\r\n".join(head) + "\r\n\r\n").encode("latin-1") + body)
    await writer.drain()


@contextlib.asynccontextmanager
async def _closing(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    try:
        yield
    finally:
        writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(5):
                await writer.wait_closed()
