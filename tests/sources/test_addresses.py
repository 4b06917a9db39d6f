"""Files at an address: fetched, cached, and refused where a server must not look."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import httpcore
import obstore
import pytest
from moto.server import ThreadedMotoServer
from obstore.store import S3Store

from holdfast.errors import InputError
from holdfast.sources import public_web
from holdfast.sources.addresses import fetch
from holdfast.sources.public_web import public_address

ORDERS = b"customer_id,order_id,ordered_at,amount\na,1,2024-01-01,10\n"


class Files(BaseHTTPRequestHandler):
    """Serves one file with an ETag, and counts how often it was sent."""

    sent: ClassVar[int] = 0

    def do_GET(self) -> None:
        if self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/orders.csv")
            self.end_headers()
        elif self.path != "/orders.csv":
            self.send_error(404)
        elif self.headers.get("If-None-Match") == '"1"':
            self.send_response(304)
            self.end_headers()
        else:
            Files.sent += 1
            self.send_response(200)
            self.send_header("ETag", '"1"')
            self.send_header("Content-Length", str(len(ORDERS)))
            self.end_headers()
            self.wfile.write(ORDERS)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quietly."""


@pytest.fixture
def server() -> Iterator[str]:
    Files.sent = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), Files) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()


def test_an_unchanged_file_is_fetched_once(server: str, tmp_path: Path) -> None:
    shares: list[float] = []
    first = fetch(f"{server}/orders.csv", cache=tmp_path, most_bytes=1000, private_allowed=True, progress=shares.append)
    again = fetch(f"{server}/orders.csv", cache=tmp_path, most_bytes=1000, private_allowed=True)
    assert (first.name, first.path.read_bytes(), first.from_cache) == ("orders.csv", ORDERS, False)
    assert (again.path.read_bytes(), again.from_cache, Files.sent) == (ORDERS, True, 1)
    assert shares[-1] == 1.0


def test_redirects_are_followed(server: str, tmp_path: Path) -> None:
    assert fetch(f"{server}/moved", cache=tmp_path, most_bytes=1000, private_allowed=True).name == "orders.csv"


def test_what_is_too_large_is_refused_and_leaves_nothing(server: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="larger than allowed"):
        fetch(f"{server}/orders.csv", cache=tmp_path, most_bytes=10, private_allowed=True)
    assert not list(tmp_path.rglob("file"))


def test_a_missing_file_is_said(server: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="It answered 404"):
        fetch(f"{server}/nothing.csv", cache=tmp_path, most_bytes=1000, private_allowed=True)


@pytest.mark.parametrize("address", ["http://example.com/a.csv", "file:///etc/passwd", "ftp://example.com/a", "orders"])
def test_other_kinds_of_addresses_are_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Use https:// or s3://"):
        fetch(address, cache=tmp_path, most_bytes=1000)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "::1", "fd00::1", "0.0.0.0", "::ffff:127.0.0.1"],
)
def test_private_addresses_are_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where an innocent name leads there, and where only one of several answers does."""
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in ("93.184.215.14", address)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: answers)
    with pytest.raises(InputError, match="Private addresses"):
        public_address("innocent.example", 443)


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that answers differently the second time cannot lead elsewhere."""
    asked: list[str] = []

    def resolve(host: str, *_args: object, **_named: object) -> list[object]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))]

    def connect(_self: object, host: str, *_args: object) -> None:
        asked.append(f"connect {host}")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect)
    public_web._PublicOnly().connect_tcp("innocent.example", 443)
    assert asked == ["innocent.example", "connect 93.184.215.14"]


def test_https_on_a_private_address_is_refused_on_the_way(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Private addresses"):
        fetch("https://localhost/orders.csv", cache=tmp_path, most_bytes=1000)


def test_objects_of_s3_compatible_storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against moto's S3 server: a stand-in for Amazon's and all that speak like it."""
    for name, value in (("ACCESS_KEY_ID", "key"), ("SECRET_ACCESS_KEY", "secret"), ("REGION", "us-east-1")):
        monkeypatch.setenv(f"AWS_{name}", value)
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        import httpx  # noqa: PLC0415

        httpx.put(f"{endpoint}/shop").raise_for_status()
        store = S3Store("shop", endpoint=endpoint, client_options={"allow_http": True})
        obstore.put(store, "exports/orders.csv", ORDERS)
        first = fetch("s3://shop/exports/orders.csv", cache=tmp_path, most_bytes=1000, endpoint=endpoint)
        again = fetch("s3://shop/exports/orders.csv", cache=tmp_path, most_bytes=1000, endpoint=endpoint)
        assert (first.name, first.path.read_bytes(), first.from_cache) == ("orders.csv", ORDERS, False)
        assert again.from_cache
        with pytest.raises(InputError, match="cannot be fetched"):
            fetch("s3://shop/nothing.csv", cache=tmp_path, most_bytes=1000, endpoint=endpoint)
    finally:
        server.stop()
