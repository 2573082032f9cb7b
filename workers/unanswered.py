"""Keep the browser from sending a form a second time by itself.

Chromium repeats a request, POST included, when a connection that it had open already ends without an answer
(ShouldResendRequest in its net/http/http_network_transaction.cc; a connection opened ahead of a navigation counts).
Over plain http the proxy answers in the site's place, and nothing is repeated. Inside a tunnel the bytes cannot be
read, but counted: while a form may be sent, a site that hangs up on a question without an answer is closed for the
one browser context, before the browser learns of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

# The least that a request takes, above the end of a handshake; and less than any answer's head takes, above the
# small frames with which HTTP/2 servers acknowledge what they read.
REQUEST_BYTES = 200
ANSWER_BYTES = 60
# A TLS record that is an alert: in the open (1.2), or by the only size that nothing else has (1.3), and how long.
# Source: RFC 8446 sections 5.2 and 6.
ALERTS = (b"\x15\x03", b"\x17\x03\x03\x00\x13")
ALERT_BYTES = 40


@dataclass(eq=False, slots=True)
class Tunnel:
    """What went through one connection since the browser last began to speak."""

    host: str
    abort: Callable[[], None]
    hung_up: Callable[[str], None]
    asked: int = 0
    answered: int = 0

    def up(self, data: bytes) -> None:
        """Hear what the browser says; a new question forgets the last answer."""
        if self.answered:
            self.asked = self.answered = 0
        self.asked += len(data)

    def down(self, data: bytes) -> None:
        """Hear what the site says, before the browser does; no data is the connection's end."""
        is_end = not data or (len(data) < ALERT_BYTES and data.startswith(ALERTS))
        if not is_end:
            self.answered += len(data)
        elif self.asked >= REQUEST_BYTES and self.answered < ANSWER_BYTES:
            self.hung_up(self.host)


@dataclass(eq=False, slots=True)
class Party:
    """One browser context: its open tunnels, and the sites that may hear no more from it."""

    is_sending: bool = False
    tunnels: set[Tunnel] = field(default_factory=set)
    closed_hosts: set[str] = field(default_factory=set)

    def begin_sending(self) -> None:
        self.is_sending = True

    def end_sending(self) -> None:
        self.is_sending = False
        self.closed_hosts.clear()

    def may_reach(self, host: str) -> bool:
        return host not in self.closed_hosts

    @contextmanager
    def tunnel(self, host: str, abort: Callable[[], None]) -> Iterator[Tunnel]:
        """Watch one tunnel; `abort` must close the browser's end of it at once."""
        tunnel = Tunnel(host, abort, self._hung_up)
        self.tunnels.add(tunnel)
        try:
            yield tunnel
        finally:
            self.tunnels.discard(tunnel)

    def _hung_up(self, host: str) -> None:
        """Leave the browser no way to repeat: neither a new connection nor one that it still has."""
        if self.is_sending:
            self.closed_hosts.add(host)
            for tunnel in [tunnel for tunnel in self.tunnels if tunnel.host == host]:
                tunnel.abort()
