"""Reaching an address that somebody typed, without being led to what only this server can reach.

The name is resolved once and every address it has is judged; the connection goes to the very address that was
judged, so a name that answers otherwise a moment later leads nowhere. Nothing is followed elsewhere, nothing of
the answer is read but its status, and no answer takes longer than the deadline.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util.ssl_match_hostname import CertificateError

from riskassess.kernel.errors import InvalidInput

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

CONNECT_WITHIN = 5.0  # seconds
DEADLINE = 15.0
# Public by their number, yet each carries an IPv4 address inside that need not be: NAT64, 6to4, Teredo.
CARRIERS = tuple(ip_network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one request: a status, or the problem in words."""

    status: int | None
    problem: str
    milliseconds: int

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def checked(url: str, ours: Sequence[Network]) -> SplitResult:
    """The parts of an address that may be told. Raises InvalidInput with what is wrong with it.

    `ours` are the networks of the company itself that may be reached although they are private; only there may
    a message travel unencrypted.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise InvalidInput(f"That is no address: {error}.", where="url") from error
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise InvalidInput(
            "That is no address of a web server.", hint="It begins with https://.", where="url"
        )
    if parts.scheme == "http" and not ours:
        raise InvalidInput(
            "The message would travel unencrypted.",
            hint="Use https://; http:// is for networks that WEBHOOK_NETWORKS names.",
            where="url",
        )
    if parts.username or parts.password or parts.fragment:
        raise InvalidInput(
            "An address with a password or a # part is not told.",
            hint="Every message is signed; check the signature instead.",
            where="url",
        )
    if port == 0:
        raise InvalidInput("Port 0 cannot be reached.", where="url")
    return parts


def may_be_reached(address: Address, ours: Sequence[Network], *, encrypted: bool = True) -> bool:
    """Whether the address is a public one, or in a network that is named as ours."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if any(address in network for network in ours):
        return True
    carried = isinstance(address, IPv6Address) and any(address in network for network in CARRIERS)
    return encrypted and address.is_global and not address.is_multicast and not carried


def reachable(parts: SplitResult, ours: Sequence[Network]) -> str:
    """The address to connect to. Raises InvalidInput where the name has none, or any that may not be reached."""
    host = parts.hostname or ""
    encrypted = parts.scheme == "https"
    try:
        addresses = resolved(host)
    except (OSError, UnicodeError) as error:
        raise InvalidInput(
            f"No server is known by the name {host}.", hint="Is it spelt right?", where="url"
        ) from error
    # All of them: a name with one public and one private address is chosen to get past a check of one.
    if not all(may_be_reached(one, ours, encrypted=encrypted) for one in addresses):
        raise InvalidInput(
            f"{host} is not a public address.",
            hint="Networks of the company are reached where WEBHOOK_NETWORKS names them.",
            where="url",
        )
    return str(addresses[0])


def resolved(host: str) -> list[Address]:
    """Every address the name has. Raises OSError where it has none."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [ip_address(str(place[0]).split("%", 1)[0]) for *_, place in found]


def post(
    url: str, body: bytes, headers: dict[str, str], ours: Sequence[Network], authorities: str = ""
) -> Answer:
    """Sends one request; never raises for what the other side does or is.

    `authorities` are certificates (PEM) that are trusted beside the public ones.
    """
    begun = time.monotonic()
    try:
        parts = checked(url, ours)
        status = _status(_connection(parts, reachable(parts, ours), authorities), parts, body, headers)
    except InvalidInput as error:
        return Answer(None, str(error), _since(begun))
    except (HTTPError, HTTPException, OSError, CertificateError) as error:
        return Answer(None, _why(error, time.monotonic() - begun), _since(begun))
    problem = "" if 200 <= status < 300 else f"It answered {status}, which is not 200 to 299."
    return Answer(status, problem, _since(begun))


def _status(connection: HTTPConnection, parts: SplitResult, body: bytes, headers: dict[str, str]) -> int:
    cut = threading.Timer(DEADLINE, _cut, [connection])
    cut.daemon = True
    try:
        connection.connect()
        cut.start()
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(
            "POST", target, body=body, headers={"Host": parts.netloc, "Connection": "close", **headers},
            preload_content=False,
        )  # fmt: skip
        return connection.getresponse().status
    finally:
        cut.cancel()
        connection.close()


def _connection(parts: SplitResult, address: str, authorities: str) -> HTTPConnection:
    if parts.scheme == "http":
        return HTTPConnection(address, parts.port or 80, timeout=CONNECT_WITHIN)
    return HTTPSConnection(
        address, parts.port or 443, timeout=CONNECT_WITHIN, server_hostname=parts.hostname,
        assert_hostname=parts.hostname, cert_reqs="CERT_REQUIRED", ca_certs=certifi.where(),
        ca_cert_data=authorities or None,
    )  # fmt: skip


def _cut(connection: HTTPConnection) -> None:
    """Ends a conversation in which a byte comes now and then, which no time-out of a socket ends."""
    sock = connection.sock
    if sock is not None:
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it ended by itself


def _why(error: Exception, seconds: float) -> str:
    if seconds >= DEADLINE:
        return f"It had not answered within {DEADLINE:.0f} seconds."
    if isinstance(error, TimeoutError) or "timed out" in str(error).lower():
        return f"It did not answer within {CONNECT_WITHIN:.0f} seconds."
    if isinstance(error, CertificateError) or "certificate" in str(error).lower():
        return "Its certificate is not one that can be trusted for this name."
    if "refused" in str(error).lower():
        return "It refuses connections."
    return f"The connection failed ({type(error).__name__})."


def _since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)
