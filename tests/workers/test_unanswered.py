"""A form that Chromium would send again by itself, after a site hung up on it inside TLS."""

from __future__ import annotations

import asyncio
import datetime
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.async_api import Error, Page

from workers.egress import EgressProxy
from workers.engines.browser import BrowserHost, find_chromium
from workers.unanswered import Party

FORM = "<form method=post action=/send><input name=name value=Dana><button>Send</button></form>"


def certified(folder: Path) -> ssl.SSLContext:
    """A server's side of TLS with a certificate that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    day = datetime.timedelta(days=1)
    now = datetime.datetime.now(datetime.UTC)
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = (
        built.serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
    )
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    certificate = built.add_extension(alternative, critical=False).sign(key, hashes.SHA256())
    plain = serialization.NoEncryption()
    (folder / "site.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "site.pem")
    return context


class Site:
    """Shows a form, counts what is sent, and hangs up on it without a word."""

    def __init__(self) -> None:
        self.posts = 0
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                if head.startswith(b"POST"):
                    await reader.readuntil(b"name=Dana")
                    self.posts += 1
                    break
                page = FORM if b"GET / " in head else "gone on"
                answer = (
                    f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\n\r\n{page}"
                )
                writer.write(answer.encode())
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def hanging_up(folder: Path) -> AsyncIterator[Site]:
    site = Site()
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0, ssl=certified(folder))
    async with server:
        site.url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        yield site


async def trusting(page: Page, url: str) -> None:
    """Open the address, whoever signed its certificate."""
    session = await page.context.new_cdp_session(page)
    await session.send("Security.setIgnoreCertificateErrors", {"ignore": True})
    await page.goto(url)


async def send(page: Page, url: str) -> None:
    await trusting(page, url)
    async with page.expect_event("requestfailed"):
        await page.click("button")


@pytest.mark.browser
@pytest.mark.parametrize("careful", [True, False])
def test_a_form_that_is_hung_up_on_is_sent_once(careful: bool, tmp_path: Path) -> None:
    async def scenario() -> None:
        async with hanging_up(tmp_path) as site, EgressProxy([ip_network("127.0.0.0/8")]) as proxy:
            host = BrowserHost(find_chromium(""), proxy=proxy.url)
            try:
                async with host.context("dana") as context:
                    if careful:
                        proxy.begin_sending("dana")
                    page = await context.new_page()
                    await send(page, site.url)
                    # What Chromium does when it is left alone is why the rest is needed.
                    assert site.posts == (1 if careful else 2)
                    if careful:
                        page = await context.new_page()
                        with pytest.raises(Error, match="ERR_TUNNEL_CONNECTION_FAILED"):
                            await page.goto(site.url)
                        proxy.end_sending("dana")
                        await trusting(await context.new_page(), site.url)
            finally:
                await host.close()

    asyncio.run(scenario())


REQUEST, PAGE, TICKET, FINISHED = bytes(700), bytes(3000), bytes(255), bytes(80)
NOTIFY_12, NOTIFY_13 = b"\x15\x03\x03\x00\x1a" + bytes(26), b"\x17\x03\x03\x00\x13" + bytes(19)
END = b""


@pytest.mark.parametrize(
    ("story", "unanswered"),
    [
        ([("up", REQUEST), ("down", END)], True),
        ([("up", REQUEST), ("down", NOTIFY_12)], True),
        ([("up", REQUEST), ("down", NOTIFY_13)], True),
        ([("up", REQUEST), ("down", PAGE), ("up", FINISHED), ("up", REQUEST), ("down", NOTIFY_13)], True),
        ([("up", REQUEST), ("down", PAGE), ("up", FINISHED), ("down", NOTIFY_13)], False),
        ([("up", REQUEST), ("down", PAGE), ("up", REQUEST), ("down", TICKET), ("down", END)], False),
        ([("up", REQUEST), ("up", END)], False),
    ],
)
@pytest.mark.parametrize("sending", [True, False])
def test_what_counts_as_a_question_without_an_answer(
    story: list[tuple[str, bytes]], unanswered: bool, sending: bool
) -> None:
    party = Party()
    aborted: list[str] = []
    if sending:
        party.begin_sending()
    with (
        party.tunnel("site.example", lambda: aborted.append("another")),
        party.tunnel("other.example", lambda: aborted.append("other site")),
        party.tunnel("site.example", lambda: aborted.append("itself")) as seen,
    ):
        for way, data in story:
            getattr(seen, way)(data)
    assert party.may_reach("site.example") is not (unanswered and sending)
    assert party.may_reach("other.example")
    assert sorted(aborted) == (["another", "itself"] if unanswered and sending else [])
    party.end_sending()
    assert party.may_reach("site.example")
