"""The way out, over real sockets: who may use the proxy, where it connects to, and what it carries."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from ipaddress import ip_network
from urllib.parse import urlsplit

import httpx
import pytest

from workers.egress import EgressProxy

LOOPBACK = [ip_network("127.0.0.0/8")]

Served = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Site:
    """An HTTP server of a few lines: answers what `pages` holds, echoes a POST, keeps what it was sent."""

    def __init__(self) -> None:
        self.heads: list[str] = []
        self.pages: dict[str, bytes] = {}
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.heads.append(head)
        method, path, _ = head.split("\r\n")[0].split(" ")
        if method == "POST":
            body = await self._body(head, reader)
            answer = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        else:
            answer = self.pages.get(path, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
        writer.write(answer)
        await writer.drain()
        writer.close()

    async def _body(self, head: str, reader: asyncio.StreamReader) -> bytes:
        if "chunked" not in head.lower():
            return await reader.readexactly(int(head.lower().split("content-length: ")[1].split("\r\n")[0]))
        body = b""
        while size := int(await reader.readuntil(b"\r\n"), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        return body


@asynccontextmanager
async def serving(serve: Served) -> AsyncIterator[int]:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


@asynccontextmanager
async def a_site() -> AsyncIterator[Site]:
    site = Site()
    async with serving(site.serve) as port:
        site.port = port
        yield site


async def raw(proxy: EgressProxy, request: bytes) -> bytes:
    """Send bytes to the proxy as they are and return everything it answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(proxy.url).port)
    try:
        writer.write(request)
        async with asyncio.timeout(10):
            return await reader.read()
    finally:
        writer.close()
        await writer.wait_closed()


def authorised(proxy: EgressProxy) -> bytes:
    parts = urlsplit(proxy.url)
    token = base64.b64encode(f"{parts.username}:{parts.password}".encode()).decode()
    return f"Proxy-Authorization: Basic {token}\r\n".encode()


def fixed(*addresses: str) -> Callable[[str, int], Awaitable[Sequence[str]]]:
    """A resolver that knows one answer."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        return addresses

    return resolve


async def get(proxy: EgressProxy, url: str, **options: object) -> httpx.Response:
    async with httpx.AsyncClient(proxy=proxy.url, trust_env=False) as client:
        return await client.request("GET", url, **options)  # type: ignore[arg-type]


def test_it_carries_a_request_and_keeps_the_token_to_itself() -> None:
    async def scenario() -> None:
        async with a_site() as site, EgressProxy(LOOPBACK) as proxy:
            answer = await get(proxy, f"http://127.0.0.1:{site.port}/jobs?page=2", headers={"X-Kept": "yes"})
        assert answer.text == "hello"
        assert site.heads[0].startswith("GET /jobs?page=2 HTTP/1.1\r\n")
        assert f"host: 127.0.0.1:{site.port}" in site.heads[0].lower()
        assert "x-kept: yes" in site.heads[0].lower()
        assert "proxy-" not in site.heads[0].lower()

    asyncio.run(scenario())


def test_it_carries_bodies_counted_and_chunked() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b"y" * 50_000

    async def scenario() -> None:
        async with (
            a_site() as site,
            EgressProxy(LOOPBACK) as proxy,
            httpx.AsyncClient(proxy=proxy.url, trust_env=False) as client,
        ):
            counted = await client.post(f"http://127.0.0.1:{site.port}/", content=b"x" * 300_000)
            chunked = await client.post(f"http://127.0.0.1:{site.port}/", content=pieces())
        assert counted.content == b"x" * 300_000
        assert chunked.content == b"y" * 250_000

    asyncio.run(scenario())


def test_a_tunnel_carries_bytes_both_ways() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(100):
            writer.write(data.upper())
            await writer.drain()
        writer.close()

    async def scenario() -> None:
        async with serving(echo) as port, EgressProxy(LOOPBACK) as proxy:
            reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(proxy.url).port)
            writer.write(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n".encode() + authorised(proxy) + b"\r\n")
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
            for word in (b"one", b"two"):
                writer.write(word)
                assert await reader.readexactly(3) == word.upper()
            writer.close()
            await writer.wait_closed()

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"Proxy-Authorization: Basic Z2hvc3RoYW5kczp3cm9uZw==\r\n",
        b"Proxy-Authorization: Bearer x\r\n",
        b"Proxy-Authorization: Basic \xff\r\n",
    ],
)
@pytest.mark.parametrize(
    "line", ["GET http://127.0.0.1:{port}/ HTTP/1.1", "CONNECT 127.0.0.1:{port} HTTP/1.1"]
)
def test_without_the_token_nothing_is_connected(header: bytes, line: str) -> None:
    async def scenario() -> None:
        async with a_site() as site, EgressProxy(LOOPBACK) as proxy:
            answer = await raw(proxy, f"{line.format(port=site.port)}\r\n".encode() + header + b"\r\n")
            assert answer.startswith(b"HTTP/1.1 407 ")
            assert b"Proxy-Authenticate: Basic" in answer
            assert site.heads == []

    asyncio.run(scenario())


def test_each_proxy_draws_its_own_token() -> None:
    async def scenario() -> None:
        async with EgressProxy() as one, EgressProxy() as other:
            assert urlsplit(one.url).password != urlsplit(other.url).password
            refused = await raw(one, b"GET http://a.invalid/ HTTP/1.1\r\n" + authorised(other) + b"\r\n")
            assert refused.startswith(b"HTTP/1.1 407 ")

    asyncio.run(scenario())


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254"],
)
def test_private_hosts_are_refused_with_a_sentence(host: str) -> None:
    async def scenario() -> None:
        async with a_site() as site, EgressProxy() as proxy:
            token = authorised(proxy)
            plain = await raw(
                proxy, f"GET http://{host}:{site.port}/ HTTP/1.1\r\n".encode() + token + b"\r\n"
            )
            tunnel = await raw(proxy, f"CONNECT {host}:{site.port} HTTP/1.1\r\n".encode() + token + b"\r\n")
            for answer in (plain, tunnel):
                assert answer.startswith(b"HTTP/1.1 403 ")
                assert b"GH_ALLOWED_NETWORKS" in answer
                assert host.strip("[]").encode() in answer
            assert site.heads == []

    asyncio.run(scenario())


def test_a_public_name_with_a_private_address_is_refused() -> None:
    async def scenario() -> None:
        async with a_site() as site, EgressProxy(resolve=fixed("127.0.0.1", "::1", "10.0.0.1")) as proxy:
            answer = await get(proxy, f"http://jobs.example.com:{site.port}/")
            assert answer.status_code == 403
            assert "jobs.example.com" in answer.text
            assert site.heads == []

    asyncio.run(scenario())


def test_of_several_addresses_only_the_allowed_are_tried() -> None:
    async def scenario() -> None:
        async with a_site() as site, EgressProxy(LOOPBACK, resolve=fixed("10.0.0.1", "127.0.0.1")) as proxy:
            answer = await get(proxy, f"http://jobs.example.com:{site.port}/")
            assert answer.text == "hello"
            assert f"host: jobs.example.com:{site.port}" in site.heads[0].lower()

    asyncio.run(scenario())


def test_a_dead_address_does_not_hide_a_living_one() -> None:
    async def scenario() -> None:
        async with a_site() as site, EgressProxy(LOOPBACK, resolve=fixed("127.9.9.9", "127.0.0.1")) as proxy:
            assert (await get(proxy, f"http://jobs.example.com:{site.port}/")).text == "hello"

    asyncio.run(scenario())


def test_the_name_is_looked_up_once_and_the_checked_address_is_the_one_connected_to() -> None:
    """DNS rebinding: a name that answers with a private address the second time is never asked twice."""

    async def scenario() -> None:
        answers = [["127.0.0.1"], ["10.0.0.1"]]
        asked: list[str] = []

        async def rebinding(host: str, port: int) -> Sequence[str]:
            asked.append(host)
            return answers[len(asked) - 1]

        async with a_site() as site, EgressProxy(LOOPBACK, resolve=rebinding) as proxy:
            first = await get(proxy, f"http://rebind.example.com:{site.port}/")
            assert (first.status_code, asked) == (200, ["rebind.example.com"])
            second = await get(proxy, f"http://rebind.example.com:{site.port}/")
            assert second.status_code == 403
            assert len(site.heads) == 1

    asyncio.run(scenario())


def test_a_redirect_to_a_forbidden_host_is_refused() -> None:
    async def scenario() -> None:
        async with a_site() as site, EgressProxy(LOOPBACK) as proxy:
            site.pages["/go"] = (
                b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/meta-data/\r\n"
                b"Content-Length: 0\r\n\r\n"
            )
            answer = await get(proxy, f"http://127.0.0.1:{site.port}/go", follow_redirects=True)
            assert answer.status_code == 403
            assert "169.254.169.254" in answer.text

    asyncio.run(scenario())


def test_unreachable_hosts_and_silent_sites_are_502() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.close()

    async def scenario() -> None:
        async with serving(hang_up) as port, EgressProxy(LOOPBACK) as proxy:
            silent = await get(proxy, f"http://127.0.0.1:{port}/")
            unknown = await get(proxy, "http://nowhere.invalid/")
            closed = await get(proxy, "http://127.0.0.1:1/")
        assert [silent.status_code, unknown.status_code, closed.status_code] == [502, 502, 502]
        assert "nowhere.invalid" in unknown.text
        assert "127.0.0.1 could not be reached" in closed.text

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET / HTTP/1.1", b"400"),
        (b"GET ftp://example.com/ HTTP/1.1", b"400"),
        (b"GET https://example.com/ HTTP/1.1", b"400"),
        (b"CONNECT example.com HTTP/1.1", b"400"),
        (b"CONNECT example.com:99999 HTTP/1.1", b"400"),
        (b"GET http://[::1 HTTP/1.1", b"400"),
        (b"nonsense", b"400"),
        (b"GET http://a..b/ HTTP/1.1", b"403"),
    ],
)
def test_malformed_requests_are_refused(request_line: bytes, status: bytes) -> None:
    async def scenario() -> None:
        async with EgressProxy(LOOPBACK) as proxy:
            answer = await raw(proxy, request_line + b"\r\n" + authorised(proxy) + b"\r\n")
            assert answer.split(b" ")[1] == status

    asyncio.run(scenario())


def test_endless_headers_are_refused() -> None:
    async def scenario() -> None:
        async with EgressProxy(LOOPBACK) as proxy:
            reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(proxy.url).port)
            writer.write(b"GET http://a.invalid/ HTTP/1.1\r\n")
            answer = asyncio.create_task(reader.read())
            while not answer.done():
                writer.write(b"X-Filler: " + b"x" * 60_000 + b"\r\n")
                try:
                    await writer.drain()
                except ConnectionError:
                    break
                await asyncio.wait([answer], timeout=0.01)
            await asyncio.wait([answer], timeout=10)
            assert answer.done()
            # The sentence arrives or the connection is reset, whichever is faster; both stop the flood.
            assert answer.exception() is not None or b" 431 " in answer.result()
            writer.close()

    asyncio.run(scenario())


def test_closing_drops_open_tunnels() -> None:
    async def scenario() -> None:
        gone = asyncio.Event()

        async def wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            gone.set()
            writer.close()

        async with serving(wait) as port:
            proxy = EgressProxy(LOOPBACK)
            await proxy.start()
            reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(proxy.url).port)
            writer.write(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n".encode() + authorised(proxy) + b"\r\n")
            await reader.readuntil(b"\r\n\r\n")
            async with asyncio.timeout(5):
                await proxy.close()
                await proxy.close()
                assert await reader.read() == b""
                await gone.wait()
            writer.close()

    asyncio.run(scenario())
