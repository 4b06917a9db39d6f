"""`holdfast serve`: where it listens, what it refuses, how it stops."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from holdfast.api.server import _listen
from holdfast.settings import Settings
from tests.cli.command import Command


@contextmanager
def serving(home: Path, *options: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """A server process that has started, and what it said."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}
    server = subprocess.Popen(
        [sys.executable, "-m", "holdfast", "serve", "--port", "0", "--json", "--home", str(home), *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=clean | environment,
    )  # fmt: skip
    assert server.stdout is not None
    said = "".join(iter(server.stdout.readline, "}\n"))
    try:
        yield server, json.loads(said + "}")
    finally:
        server.kill()
        server.communicate()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_and_stops_when_told(tmp_path: Path, stop: signal.Signals) -> None:
    with serving(tmp_path, "--workers", "0", HOLDFAST_LOG_FORMAT="json") as (server, said):
        assert httpx.get(f"{said['address']}/readyz", headers={"X-Request-Id": "mine"}).json() == {"status": "ok"}
        signed_in = httpx.get(said["sign_in"])
        assert signed_in.status_code < 400, signed_in.text
        assert httpx.get(said["docs"]).status_code == 200
        server.send_signal(stop)
        _, logged = server.communicate(timeout=60)
        assert server.returncode == 0
    lines = [json.loads(line) for line in logged.splitlines()]
    (request,) = [line for line in lines if line.get("request_id") == "mine"]
    assert (request["event"], request["path"], request["status"]) == ("request", "/readyz", 200)
    assert "Traceback" not in logged


def test_a_killed_worker_comes_back_while_the_server_answers(tmp_path: Path) -> None:
    with serving(tmp_path, HOLDFAST_LOG_FORMAT="json") as (server, said):
        assert server.stderr is not None
        workers = []
        for line in server.stderr:
            event = json.loads(line)
            if event["event"] == "worker ready":
                workers.append((event["worker"], event["process"]))
                if len(workers) == 2:
                    break
                os.kill(event["process"], signal.SIGKILL)
                assert httpx.get(f"{said['address']}/healthz").status_code == 200
        (name, first), (again, second) = workers
        assert name == again
        assert first != second
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=60)
        assert server.returncode == 0
        with pytest.raises(ProcessLookupError):
            os.kill(second, 0)


def test_workers_do_not_outlive_a_killed_server(tmp_path: Path) -> None:
    with serving(tmp_path, HOLDFAST_LOG_FORMAT="json") as (server, _):
        assert server.stderr is not None
        worker = next(event["process"] for event in map(json.loads, server.stderr) if event["event"] == "worker ready")
        server.kill()
        until = time.monotonic() + 30
        while _lives(worker):
            assert time.monotonic() < until
            time.sleep(0.1)


def _lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "shop.example"])
def test_elsewhere_needs_a_secret(holdfast: Command, host: str) -> None:
    refused = holdfast("serve", "--host", host, "--port", "0")
    assert refused.code == 2
    assert refused.problem["code"] == "bad_settings"
    assert "HOLDFAST_SECRET" in refused.problem["todo"]


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        refused = refusal("serve", "--json", "--port", str(other.getsockname()[1]), HOLDFAST_HOME=str(tmp_path))
    assert json.loads(refused)["what"] == "The server cannot listen there."


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_database_that_is_not_there(tmp_path: Path, command: str) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    refused = refusal(command, HOLDFAST_HOME=str(tmp_path), HOLDFAST_PORT="0", HOLDFAST_DATABASE_URL=nowhere)
    assert "database cannot be reached" in refused
    assert "Traceback" not in refused


def test_a_taken_port_is_no_obstacle_for_the_demo(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        with _listen(Settings(home=tmp_path, port=taken), any_port=True) as listening:
            assert listening.getsockname()[1] not in (0, taken)


def test_the_demo_ends_with_serving_its_shop(holdfast: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[tuple[Path, str, bool]] = []
    monkeypatch.setattr("holdfast.workflows.demo.demo", lambda *_, **__: None)
    monkeypatch.setattr("holdfast.cli.views.show_run", lambda _: None)
    monkeypatch.setattr(
        "holdfast.cli.serve.serve_with",
        lambda settings, *, any_port: served.append((settings.home, settings.tenant, any_port)),
    )
    assert holdfast("demo", "--no-serve", as_json=False).code == 0
    assert served == []
    assert holdfast("demo", as_json=False).code == 0
    assert served == [(holdfast.home, "sample", True)]


def refusal(*arguments: str, **environment: str) -> str:
    """What a command says that is refused, in a process of its own: it would take over the logs of this one."""
    command = [sys.executable, "-m", "holdfast", *arguments]
    ran = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    return ran.stderr
