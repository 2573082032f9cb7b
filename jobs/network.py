"""The network rule: which addresses a job's target, callback or resume may reach.

Public addresses always, private ones only inside the allowed networks (the setting GH_ALLOWED_NETWORKS).
Everything here is pure: no name is looked up. A name is judged when it is connected to, by the egress proxy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import (
    AddressValueError,
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)
from urllib.parse import SplitResult, urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Source: the IANA registries of special-purpose addresses. Written out, because what
# `ipaddress.is_global` says changed between patch releases of Python.
NOT_PUBLIC_V4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
PUBLIC_V6 = IPv6Network("2000::/3")
NOT_PUBLIC_V6 = tuple(IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "3fff::/20"))
NAT64 = IPv6Network("64:ff9b::/96")

# What a browser takes for a number at the end of a host name, and so for an IPv4 address.
NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


class ForbiddenTarget(ValueError):
    """The address may not be reached; the message is a sentence for people."""


def is_public(address: Address | str) -> bool:
    """Tell whether an address belongs to the public internet.

    IPv6 addresses that carry an IPv4 address (mapped, NAT64, 6to4) are judged by that address.
    """
    address = ip_address(address)
    if isinstance(address, IPv4Address):
        return not any(address in network for network in NOT_PUBLIC_V4)
    carried = address.ipv4_mapped or address.sixtofour
    if address in NAT64:
        carried = IPv4Address(int(address) & 0xFFFFFFFF)
    if carried is not None:
        return is_public(carried)
    return address in PUBLIC_V6 and not any(address in network for network in NOT_PUBLIC_V6)


def is_allowed(address: Address | str, allowed_networks: Sequence[Network]) -> bool:
    """Tell whether an address may be reached: public, or inside an allowed network."""
    address = ip_address(address)
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return is_public(address) or any(address in network for network in allowed_networks)


def check_url(url: str, allowed_networks: Sequence[Network]) -> None:
    """Return when nothing in the text of the URL forbids it; whoever connects checks the name's addresses.

    Raises `ForbiddenTarget` for another scheme than http and https, a user name or password in the URL,
    a missing or malformed host or port, and a private address in any spelling that browsers accept.
    """
    parts = _split(url)
    if parts.scheme not in {"http", "https"}:
        raise ForbiddenTarget(f"only http and https addresses can be opened, not {parts.scheme[:20]!r}")
    if "@" in parts.netloc:
        raise ForbiddenTarget("the address must not contain a user name or password")
    check_host(parts.hostname or "", allowed_networks)


def check_host(host: str, allowed_networks: Sequence[Network]) -> None:
    """Return when a host is well-formed and, if it is an address or localhost, may be reached.

    Raises `ForbiddenTarget` otherwise.
    """
    name = normalise_host(host)
    address = literal_address(name)
    if address is None and (name == "localhost" or name.endswith(".localhost")):
        address = IPv4Address("127.0.0.1")
    if address is not None and not is_allowed(address, allowed_networks):
        raise ForbiddenTarget(refusal(host))


def refusal(host: str) -> str:
    """Say that a host is out of bounds, and which setting would change that."""
    return (
        f"{host} is not on the public internet; only networks in GH_ALLOWED_NETWORKS may be reached besides"
    )


def literal_address(host: str) -> Address | None:
    """Return the address that browsers read from a host, or None when it is a name.

    Accepts the short, decimal, octal and hexadecimal spellings (127.1, 2130706433, 0177.0.0.1, 0x7f.1).
    Raises `ForbiddenTarget` when it ends like an address and is none.
    """
    try:
        if ":" in host:
            return IPv6Address(host)
        parts = host.removesuffix(".").split(".")
        return _ipv4(parts) if NUMBER.fullmatch(parts[-1]) else None
    except (AddressValueError, ValueError):
        raise ForbiddenTarget(f"{host[:100]!r} is not a valid host") from None


def normalise_host(host: str) -> str:
    """Return a host as browsers do: lower case, ASCII, no brackets, no trailing dot.

    Raises `ForbiddenTarget` when it is missing or malformed.
    """
    name = host.removeprefix("[").removesuffix("]").lower()
    if not name:
        raise ForbiddenTarget("the address names no host")
    if not name.isascii():
        name = _to_ascii(name)
    if ":" in name:
        return name
    name = name.removesuffix(".")
    if len(name) > 253 or not all(LABEL.fullmatch(label) for label in name.split(".")):
        raise ForbiddenTarget(f"{host[:100]!r} is not a valid host")
    return name


def _split(url: str) -> SplitResult:
    # Browsers drop or rewrite these characters; an address that needs that is not worth guessing at.
    if UNSAFE.search(url):
        raise ForbiddenTarget("the address contains a space, a backslash or a control character")
    try:
        parts = urlsplit(url)
        broken = parts.port == 0 or ("[" in parts.netloc and ":" not in (parts.hostname or ""))
    except ValueError:
        broken = True
    if broken:
        raise ForbiddenTarget("the address is not a valid URL")
    return parts


def _to_ascii(name: str) -> str:
    try:
        # Also folds full-width digits and dots, as browsers do.
        return name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        raise ForbiddenTarget(f"{name[:100]!r} is not a valid host") from None


def _ipv4(parts: list[str]) -> IPv4Address:
    if len(parts) > 4:
        raise ValueError(parts)
    *high, last = [_number(part) for part in parts]
    if any(part > 255 for part in high) or last >= 256 ** (4 - len(high)):
        raise ValueError(parts)
    return IPv4Address(sum(part << 8 * (3 - place) for place, part in enumerate(high)) + last)


def _number(text: str) -> int:
    if len(text) > 40 or not NUMBER.fullmatch(text):
        raise ValueError(text)
    if text.startswith("0x"):
        return int(text[2:] or "0", 16)
    return int(text, 8 if len(text) > 1 and text.startswith("0") else 10)
