"""A web client that reaches public addresses alone.

A server that calls whatever address it is told can be made to call what only it can reach. So the name is resolved
here, the answers are looked at, and the connection goes to one of them; each redirect included.
"""

import ipaddress
import socket
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from holdfast.errors import InputError

MOST_REDIRECTS = 5


def web_client(*, private_allowed: bool, timeout: float, redirects: bool) -> httpx.Client:
    """A client with a `timeout` in seconds for each wait; https to public addresses, unless private ones are allowed.

    Calling another address raises InputError.
    """
    transport = httpx.HTTPTransport(retries=2)
    if not private_allowed:
        pool: Any = transport._pool  # noqa: SLF001 - httpx has no public way to choose who connects
        pool._network_backend = _PublicOnly()  # noqa: SLF001
    return httpx.Client(
        transport=transport,
        timeout=timeout,
        follow_redirects=redirects,
        max_redirects=MOST_REDIRECTS,
        event_hooks={"request": [] if private_allowed else [_must_be_https]},
        headers={"User-Agent": "holdfast"},
    )


class _PublicOnly(httpcore.SyncBackend):
    """Connects to public addresses only, each redirect included."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve the name once, and connect to what was looked at."""
        return super().connect_tcp(public_address(host, port), port, timeout, local_address, socket_options)


def public_address(host: str, port: int) -> str:
    """The first address of a host; InputError if any of its addresses is not public."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise InputError(
            f"{host} cannot be reached.", seen=f"The name cannot be resolved: {error}.", todo="Check the address."
        ) from error
    found = [str(answer[4][0]) for answer in answers]
    private = [address for address in found if not ipaddress.ip_address(address.split("%")[0]).is_global]
    if private:
        raise InputError(
            "Private addresses are not called.",
            seen=f"{host} is {private[0]}.",
            todo="Use a public address, or allow it with HOLDFAST_PRIVATE_ADDRESSES=true.",
        )
    return found[0]


def _must_be_https(request: httpx.Request) -> None:
    if request.url.scheme != "https":
        raise InputError(f"{request.url} is not called.", seen="It is not https.", todo="Use https://.")
