"""The network rule, without a network: a private address is refused in every spelling."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.network import ForbiddenTarget, check_url, is_allowed, is_public

LOOPBACK = [ip_network("127.0.0.0/8")]


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"],
)
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "fc00::1",
        "fe80::1",
        "fe80::1%eth0",
        "ff02::1",
        "2001:db8::1",
        "2001::1",
        "100::1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::1",
    ],
)
def test_special_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)
    assert not is_allowed(address, [])


def test_an_allowed_network_opens_exactly_itself() -> None:
    networks = [ip_network("10.1.0.0/16"), ip_network("fd00::/8")]
    assert is_allowed("10.1.2.3", networks)
    assert is_allowed("::ffff:10.1.2.3", networks)
    assert is_allowed("fd00::1", networks)
    assert not is_allowed("10.2.0.1", networks)
    assert not is_allowed("::1", networks)


SPELLINGS_OF_LOOPBACK = [
    "http://127.0.0.1/",
    "http://127.0.0.1./",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://0x7F000001/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://localhost/",
    "http://LOCALHOST.:8080/",
    "http://board.localhost/",
    "http://１２７.0.0.1/",  # noqa: RUF001
    "http://127。0。0。1/",
    "http://①②⑦.0.0.1/",
]


@pytest.mark.parametrize("url", SPELLINGS_OF_LOOPBACK)
def test_loopback_is_refused_in_every_spelling_unless_allowed(url: str) -> None:
    with pytest.raises(ForbiddenTarget, match="GH_ALLOWED_NETWORKS"):
        check_url(url, [])
    check_url(url, LOOPBACK)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/jobs/1?ref=a@b#apply",
        "HTTP://EXAMPLE.com:8080",
        "http://bücher.example/",
        "http://my_host.example/",
        "http://8.8.8.8/",
        "http://[2606:4700::1111]:443/",
        "http://intranet/",
    ],
)
def test_other_web_addresses_pass(url: str) -> None:
    check_url(url, [])


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("ftp://example.com/", "only http and https"),
        ("javascript:alert(1)", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("example.com", "only http and https"),
        ("", "only http and https"),
        ("http://user@example.com/", "user name or password"),
        ("http://user:secret@example.com/", "user name or password"),
        ("http:///path", "no host"),
        ("http:example.com", "no host"),
        ("http://exa mple.com/", "control character"),
        ("http://example.com\\@127.0.0.1/", "backslash"),
        ("http://exam\tple.com/", "control character"),
        ("http://example.com/\x00", "control character"),
        ("http://127%2e0.0.1/", "not a valid host"),
        ("http://1.2.3.4.5/", "not a valid host"),
        ("http://256.1.1.1/", "not a valid host"),
        ("http://a..b/", "not a valid host"),
        ("http://\ud800/", "not a valid host"),
        ("http://" + "1" * 6000 + "/", "not a valid host"),
        ("http://" + "a" * 64 + ".com/", "not a valid host"),
        ("http://example.com:0/", "not a valid URL"),
        ("http://example.com:99999/", "not a valid URL"),
        ("http://[::1/", "not a valid URL"),
        ("http://[v1.x]/", "not a valid URL"),
        ("http://[gg::1]/", "not a valid"),
    ],
)
def test_other_addresses_are_refused_with_a_sentence(url: str, says: str) -> None:
    with pytest.raises(ForbiddenTarget, match=says):
        check_url(url, LOOPBACK)


def test_the_sentence_never_repeats_a_password() -> None:
    with pytest.raises(ForbiddenTarget) as refused:
        check_url("http://user:hunter2@example.com/", [])
    assert "hunter2" not in str(refused.value)


@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=60))
def test_no_text_raises_anything_else(rest: str) -> None:
    for url in (rest, f"http://{rest}"):
        try:
            check_url(url, [])
        except ForbiddenTarget:
            continue
