"""Commands that stay: serve, worker."""

from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from holdfast.cli import options
from holdfast.cli.output import print_json

if TYPE_CHECKING:
    from threading import Event

    from holdfast.settings import Settings

KINDNESS = 10
"""How far workers step back for requests when both want the processor (a nice value, 0 to 19)."""


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on. [127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one. [8000]")] = None,
    workers: Annotated[int | None, typer.Option(help="Job workers to start; 0 if they run elsewhere. [1]")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the address as one JSON object.")] = False,
    home: options.Home = None,
) -> None:
    """Serve the page and the API and do their jobs, until Ctrl-C.

    Listens on this machine alone, unless --host says otherwise, which takes HOLDFAST_SECRET.
    """
    from holdfast.settings import Settings

    serve_with(Settings.load({"home": home, "host": host, "port": port, "workers": workers}), as_json=as_json)


def worker(
    until_input_ends: Annotated[bool, typer.Option("--until-input-ends", hidden=True)] = False,
    home: options.Home = None,
) -> None:
    """Do jobs of a server, until Ctrl-C. `holdfast serve` starts its own; this one is for more of them.

    On another machine it needs the same PostgreSQL and the same storage, by the same settings.
    """
    import os
    import signal
    import sys
    import threading

    from holdfast.settings import Settings
    from holdfast.workflows.job_kinds import KINDS
    from holdfast.workflows.logs import configure_logs
    from holdfast.workflows.worker import work

    settings = Settings.load({"home": home})
    configure_logs(settings)
    if hasattr(os, "nice"):
        os.nice(KINDNESS)
    stop = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stop.set())
    if until_input_ends:
        threading.Thread(target=_wait_for_end, args=(sys.stdin, stop), daemon=True).start()
    if not work(settings, KINDS, stop=stop):
        sys.stderr.flush()
        os._exit(0)  # a job that does not listen goes down with the process, and on with the next worker


def serve_with(settings: "Settings", *, as_json: bool = False, any_port: bool = False) -> None:
    """Serve under some settings, and say where; with `any_port` on a free one where the usual one is taken."""
    from holdfast.api.server import is_loopback, run_server
    from holdfast.web.app import create_app
    from holdfast.web.built import built_files, why_not_built

    def ready(address: str) -> None:
        link = f"{address}/sign-in?token={_sign_in_token(settings)}" if is_loopback(settings.host) else None
        if as_json:
            print_json({"address": address, "docs": f"{address}/docs", "sign_in": link})
            return
        lines = [f"Holdfast serves {settings.home} at {address}"]
        lines += [f"  Open the page, signed in:    {link}"] if link else []
        lines += [f"  The API, to read and to try: {address}/docs"]
        lines += [] if built_files() else [f"  There is no page: {why_not_built()}"]
        typer.echo("\n".join(["", *lines, "  Ctrl-C stops it."]))  # an address is not broken into lines

    run_server(settings, ready=ready, any_port=any_port, application=create_app)


def _wait_for_end(given: TextIO, stop: "Event") -> None:
    """Stop when whoever started this worker is gone: then nobody holds the other end any more."""
    given.read()
    stop.set()


def _sign_in_token(settings: "Settings") -> str:
    """For whoever sits at this machine: who may start the server may read all it knows anyway."""
    from holdfast.access.links import create_link
    from holdfast.access.tenants import ensure_tenant
    from holdfast.access.users import local_operator
    from holdfast.store.database import Database
    from holdfast.workflows.clock import now

    database = Database.open(settings.database_url, home=settings.home)
    try:
        with database.begin() as session:
            ensure_tenant(session, settings.tenant, now=now())
            return create_link(session, user_id=local_operator(session, now=now()).id, now=now())
    finally:
        database.close()
