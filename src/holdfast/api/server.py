"""The server process: the address it listens on, the application behind it, and the workers beside it."""

import asyncio
import errno
import ipaddress
import os
import signal
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn
from fastapi import FastAPI

from holdfast.api.app import create_app
from holdfast.errors import SettingsError
from holdfast.settings import PREFIX, Settings
from holdfast.workflows.durable import migrate
from holdfast.workflows.logs import configure_logs
from holdfast.workflows.service import Service
from holdfast.workflows.supervising import Supervisor

SECONDS_FOR_OPEN_REQUESTS = 10
"""How long requests that are under way when the server stops may take."""


def run_server(
    settings: Settings,
    *,
    ready: Callable[[str], None],
    any_port: bool = False,
    application: Callable[[Settings], FastAPI] = create_app,
) -> None:
    """Serve an application, by default the API alone, until told to stop; `ready` hears the address once it answers.

    SettingsError where it may not listen there or cannot.
    """
    check_address(settings)
    configure_logs(settings)
    _open_once(settings)
    listening = _listen(settings, any_port=any_port)
    address = address_of(settings.host, listening.getsockname()[1])
    supervisor = Supervisor(settings.workers, environment=environment_of(settings))

    def started() -> None:
        supervisor.start()
        ready(address)

    server = _Server(application(settings), started)
    for each in (signal.SIGINT, signal.SIGTERM):  # uvicorn raises them again once it has stopped, for us to hear
        signal.signal(each, _heard)
    try:
        server.run(sockets=[listening])
    finally:
        supervisor.stop()


def check_address(settings: Settings) -> None:
    """SettingsError where others could reach a server whose secret only this machine has agreed to."""
    if not is_loopback(settings.host) and settings.secret is None:
        raise SettingsError(
            "The server would be reachable from elsewhere, and has no secret.",
            seen=f"host is {settings.host}, secret is not set.",
            todo=f"Set {PREFIX}SECRET to at least 32 characters that nobody else knows, or leave host at 127.0.0.1.",
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach it."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def address_of(host: str, port: int) -> str:
    """As a browser takes it."""
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def environment_of(settings: Settings) -> dict[str, str]:
    """For the workers: ours, and what the command line said instead."""
    ours = {name: value for name, value in os.environ.items() if name != f"{PREFIX}HOME"}
    return ours | {f"{PREFIX}HOME": str(settings.home)}


def _open_once(settings: Settings) -> None:
    """Migrate records and queue, where an error can still be told as one: within the server it would be a traceback."""
    service = Service.open(settings)
    migrate(settings)
    service.close()


def _listen(settings: Settings, *, any_port: bool) -> socket.socket:
    """The socket, bound here so that a free port is known before anybody asks."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # Only where the protocol is named asyncio sends answers at once; else each waits 40 ms for an acknowledgement.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as error:
        if any_port and error.errno == errno.EADDRINUSE:
            listening.bind((settings.host, 0))
            return listening
        listening.close()
        raise SettingsError(
            "The server cannot listen there.",
            seen=f"{settings.host}:{settings.port}: {error.strerror}.",
            todo="Choose another --port (0 takes a free one), or another --host.",
        ) from error
    return listening


def _heard(_signal: int, _frame: FrameType | None) -> None:
    """The server has done what a signal asks for."""


class _Server(uvicorn.Server):
    """Says when it has started, and tells streams without an end when it stops."""

    def __init__(self, app: FastAPI, started: Callable[[], None]) -> None:
        self._app, self._on_start = app, started
        super().__init__(
            uvicorn.Config(
                self._app,
                log_config=None,  # logs are ours
                access_log=False,  # and so is the line for each request
                server_header=False,
                timeout_graceful_shutdown=SECONDS_FOR_OPEN_REQUESTS,
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            await asyncio.to_thread(self._on_start)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._app.state.stopping.set()
        super().handle_exit(sig, frame)
