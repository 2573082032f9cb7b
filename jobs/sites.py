"""Which site an address belongs to, for what is kept for each user and site."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from jobs.network import ForbiddenTarget, literal_address, normalise_host

# Where the platforms of CONTRACT section 3 ask people to log in.
HOSTS_OF_PLATFORM: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "greenhouse": ("greenhouse.io",),
        "icims": ("icims.com",),
        "lever": ("lever.co",),
        "linkedin": ("linkedin.com",),
        "smartrecruiters": ("smartrecruiters.com",),
        "taleo": ("taleo.net",),
        "workday": ("myworkdayjobs.com", "myworkday.com", "workday.com"),
    }
)


def domain_of(address: str) -> str:
    """Give the host of an address, or the host itself, as sites are called: lower case, without a leading www.

    What names no host gives nothing.
    """
    try:
        host = urlsplit(address).hostname if "://" in address else address
        name = normalise_host((host or "").strip())
        literal_address(name)
    except (ForbiddenTarget, ValueError):
        return ""
    return name.removeprefix("www.")


def sites_of(address: str) -> list[str]:
    """Give the names under which something may be kept for the address's host, the closest first.

    These are the host, the hosts above it down to two labels, and the platform that it belongs to.
    """
    host = domain_of(address)
    if not host:
        return []
    labels = host.split(".")
    is_name = not labels[-1].isdigit() and ":" not in host
    above = [".".join(labels[i:]) for i in range(1, len(labels) - 1)] if is_name else []
    platforms = [p for p, hosts in HOSTS_OF_PLATFORM.items() if {host, *above} & set(hosts)]
    return [host, *above, *platforms]
