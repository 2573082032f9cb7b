"""Just enough of HTTP/1 to pass requests and answers on."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

Heard = Callable[[bytes], None]
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]

HEAD_BYTES = 256 * 1024
CHUNK_BYTES = 64 * 1024
HEAD_SECONDS = 30.0
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


async def read_head(reader: asyncio.StreamReader, seconds: float = HEAD_SECONDS) -> Head | None:
    """Return the next head, or None when the peer closed the connection without one.

    Raises `Refused` for one that is too long, TimeoutError for one that does not come.
    """
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


def request_line(request: Head) -> tuple[str, str]:
    """Return the method and the target. Raises `Refused` for anything but HTTP/1."""
    parts = request.line.split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise Refused(HTTPStatus.BAD_REQUEST, "this is not an HTTP/1 request")
    return parts[0], parts[1]


def authority(url: str, default_port: int | None) -> tuple[str, int]:
    """Return the host and port that a URL names. Raises `Refused` when it names none."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or default_port
    except ValueError:
        host, port = None, None
    if not host or not port:
        raise Refused(HTTPStatus.BAD_REQUEST, "the request names no host and port")
    return host, port


def origin_form(target: str) -> tuple[str, str]:
    """Take an absolute target apart into the Host header and the path that its server expects."""
    rest = target.partition("://")[2]
    netloc = re.split("[/?]", rest, maxsplit=1)[0]
    path = rest[len(netloc) :]
    return netloc.rpartition("@")[2], path if path.startswith("/") else f"/{path}"


async def send_body(request: Head, reader: asyncio.StreamReader, upstream: asyncio.StreamWriter) -> None:
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


async def return_answer(upstream: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass the site's answer on and tell the client that the connection ends with it.

    Raises `Refused` when the site gives none.
    """
    answer = await read_head(upstream, IDLE_SECONDS)
    while answer is not None and answer.line.split(" ")[1:2] in (["100"], ["102"], ["103"]):
        writer.write(answer.render(answer.line))
        answer = await read_head(upstream, IDLE_SECONDS)
    if answer is None or not answer.line.startswith("HTTP/1."):
        raise Refused(HTTPStatus.BAD_GATEWAY, "the site gave no answer")
    writer.write(answer.render(answer.line, connection="close"))
    async with asyncio.timeout(IDLE_SECONDS) as limit:
        await _copy(upstream, writer, limit)


async def relay(client: Connection, upstream: Connection, *, up: Heard, down: Heard) -> None:
    """Pass bytes both ways until either end has finished, or neither has spoken for a while.

    `up` and `down` hear everything that passes, before it does; nothing when that end has finished.
    """
    async with asyncio.timeout(IDLE_SECONDS) as limit:
        await until_first_ends(
            _copy(client[0], upstream[1], limit, up), _copy(upstream[0], client[1], limit, down)
        )


async def until_first_ends(*directions: Coroutine[Any, Any, None]) -> None:
    """Run all and stop the others when one ends; raises what that one raised."""
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


async def _copy(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    limit: asyncio.Timeout,
    heard: Heard = lambda data: None,
) -> None:
    loop = asyncio.get_running_loop()
    while data := await _read(reader):
        heard(data)
        limit.reschedule(loop.time() + IDLE_SECONDS)
        writer.write(data)
        await writer.drain()
    heard(b"")


async def _read(reader: asyncio.StreamReader) -> bytes:
    """Return what came; a connection that broke has ended like any other."""
    try:
        return await reader.read(CHUNK_BYTES)
    except ConnectionError:
        return b""


async def answer(writer: asyncio.StreamWriter, refused: Refused) -> None:
    """Answer in the proxy's own name."""
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
async def closing(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    """Close the connection on the way out, waiting a little for what is still to be sent."""
    try:
        yield
    finally:
        writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            async with asyncio.timeout(5):
                await writer.wait_closed()
