"""Deployment files: the image's steps run as a script, and what they make serves; every variable exists.

No container engine is at hand here, so the image itself is built elsewhere (the job `image` of the build server).
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from holdfast.settings import PREFIX, Settings
from tests.house.dockerfile import Stage, build, context_files, instructions

ROOT = Path(__file__).parent.parent.parent
NOT_ON_WINDOWS = pytest.mark.skipif(os.name == "nt", reason="the image is Linux")
SITE = sysconfig.get_paths()["purelib"]
LINK = "import site; site.addsitedir({site!r})"
WITH_OURS = """python -m venv {venv} && {venv}/bin/python - <<'END'
import pathlib, sysconfig
pathlib.Path(sysconfig.get_paths()["purelib"], "ours.pth").write_text({link!r})
END"""
"""Instead of fetching what is pinned: the packages that run these tests, which are pinned by the same files."""


def served(stage: Stage, **variables: str) -> str:
    """Start the last stage's command as the image would, wait for its own health check, stop it; its log."""
    for name in ("holdfast", "python"):
        script = stage.root / "venv" / "bin" / name
        assert script.exists(), f"the image has no {name}"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    set_by_image = {name: stage.translated(value) for name, value in stage.environment.items()}
    path = set_by_image.pop("PATH").replace("$PATH", os.environ["PATH"])
    environment = {"PATH": path, **set_by_image, "PORT": str(port), "HOLDFAST_WORKERS": "0", **variables}
    process = subprocess.Popen(
        stage.command,
        cwd=stage.path(stage.place),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        check = [stage.translated(word) for word in stage.check]
        until = time.monotonic() + 90
        while subprocess.run(check, env=environment, capture_output=True, check=False).returncode:
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < until, "it never became healthy"
            time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        log = process.communicate(timeout=40)[0]
    finally:
        process.kill()
    assert process.returncode == 0, log
    assert subprocess.run(check, env=environment, capture_output=True, check=False).returncode, (
        "nobody answers any more"
    )
    return log


def relocated(stage: Stage, built: Path) -> Stage:
    """The scripts of an environment name its folder, which in the image is the same in both stages, but not here."""
    for script in (stage.root / "venv" / "bin").iterdir():
        if script.is_file() and not script.is_symlink() and script.read_bytes().startswith(b"#!"):
            text = script.read_text(encoding="utf-8")
            script.write_text(text.replace(str(built), str(stage.root)), encoding="utf-8")
    return stage


def check_image(into: Path, *, instead: dict[str, str]) -> None:
    """Build, look, serve, refuse."""
    stage = relocated(build(ROOT, into, instead=instead), into / "build")
    assert [command.split()[0] for command in stage.left_out] == ["apt-get", "useradd"]
    assert stage.user == "holdfast"
    assert f"--no-create-home {stage.user}" in stage.left_out[1]
    assert not (stage.root / "build").exists(), "the last stage has nothing to build with"
    (stage.root / "data").mkdir(exist_ok=True)
    secret = {"HOLDFAST_SECRET": "s" * 32}
    log = served(stage, **secret, HOLDFAST_ALLOWED_HOSTS="*.example.com,shop.example.org")
    assert '"event": "request"' in log, "logs are JSON"
    with pytest.raises(AssertionError, match="no secret"):
        served(stage)


@NOT_ON_WINDOWS
def test_the_steps_of_the_image_make_something_that_serves(tmp_path: Path) -> None:
    instead = {
        "requirements/build.txt": WITH_OURS.format(venv="/tools", link=LINK.format(site=SITE)),
        "requirements/core.txt": WITH_OURS.format(venv="/venv", link=LINK.format(site=SITE)),
    }
    check_image(tmp_path, instead=instead)


@pytest.mark.slow
@NOT_ON_WINDOWS
def test_the_same_with_every_dependency_fetched_and_checked(tmp_path: Path) -> None:
    check_image(tmp_path, instead={})


def test_nothing_is_sent_to_the_builder_but_what_it_needs() -> None:
    sent = context_files(ROOT)
    tops = {name.split("/")[0] for name in sent}
    ours = {"src", "dashboard", "tools", "pyproject.toml", "README.md", "LICENSE", "requirements", "deploy"}
    assert tops == ours
    assert {name for name in sent if name.startswith("tools")} == {"tools/build_page.py"}
    assert not any("node_modules" in name or name.startswith("src/holdfast/web/page/") for name in sent)
    assert {name for name in sent if name.startswith("deploy")} == {"deploy/healthcheck.py"}
    assert not any("__pycache__" in name for name in sent)


def test_the_image_names_only_pinned_dependencies() -> None:
    installs = [rest for word, rest in instructions(ROOT / "Dockerfile") if word == "RUN" and "pip install" in rest]
    assert len(installs) == 3
    assert all("--require-hashes" in rest or "--no-deps" in rest for rest in installs)


# --- compose, platforms ----------------------------------------------------------------------------------------------

REFERENCE = re.compile(r"\$\{(\w+)(?::([?-])([^}]*))?\}")


def loaded(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def known(variables: dict[str, str]) -> None:
    """Every variable is a setting of ours, or one that other software reads by that name."""
    theirs = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"}
    settings = {PREFIX + name.upper() for name in Settings.model_fields}
    assert variables.keys() <= settings | theirs


def filled(value: str, given: dict[str, str]) -> str:
    """The value with what .env gives; a variable that has to be set and is not fails."""

    def look_up(found: re.Match[str]) -> str:
        name, sign, default = found.groups()
        if given.get(name):
            return given[name]
        assert sign == "-", f"{name} is not set"
        return str(default)

    return REFERENCE.sub(look_up, value)


@pytest.fixture
def given() -> dict[str, str]:
    """deploy/env.example, filled in."""
    lines = (ROOT / "deploy" / "env.example").read_text(encoding="utf-8").splitlines()
    found = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    optional = {"HOLDFAST_ALLOWED_HOSTS", "HOLDFAST_CORS_ORIGINS"}
    return {name: value or ("" if name in optional else "x" * 40) for name, value in found.items()}


@pytest.mark.parametrize("service", ["server", "worker"])
def test_what_compose_sets_are_settings_that_load(
    service: str, given: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    variables = loaded("compose.yaml")["services"][service]["environment"]
    known(variables)
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    for name, value in variables.items():
        monkeypatch.setenv(name, filled(str(value), given))
    settings = Settings.load({"home": tmp_path})
    assert settings.database_url == f"postgresql://holdfast:{'x' * 40}@postgres:5432/holdfast"
    assert settings.redis_url
    assert settings.storage_url
    assert settings.secret
    assert settings.workers == (0 if service == "server" else 1)
    assert settings.allowed_hosts == ()


def test_compose_starts_nothing_with_a_secret_that_is_not_set(given: dict[str, str]) -> None:
    text = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    required = {name for name, sign, _ in REFERENCE.findall(text) if sign == "?"}
    assert required == {"HOLDFAST_SECRET", "POSTGRES_PASSWORD", "STORAGE_KEY_ID", "STORAGE_KEY"}
    assert {name for name, _, _ in REFERENCE.findall(text)} <= given.keys()


def test_compose_waits_for_what_it_needs_and_for_what_it_stops() -> None:
    services = loaded("compose.yaml")["services"]
    for name in ("server", "worker"):
        assert services[name]["depends_on"].keys() == {"postgres", "redis", "bucket"}
        assert services[name]["stop_grace_period"] == "40s"
    assert all(port.startswith("127.0.0.1:") for port in services["server"]["ports"]), "HTTPS is a proxy's business"
    assert not any("ports" in services[name] for name in services if name != "server")
    healthy = {
        n for s in services.values() for n, c in s.get("depends_on", {}).items() if c["condition"] == "service_healthy"
    }
    assert all("healthcheck" in services[name] for name in healthy)
    assert services["worker"]["command"] == ["holdfast", "worker"]


def test_files_for_platforms_name_what_is_there() -> None:
    (service,) = loaded("deploy/render.yaml")["services"]
    known({each["key"]: "" for each in service["envVars"]})
    assert (service["healthCheckPath"], service["disk"]["mountPath"]) == ("/healthz", "/data")
    assert (ROOT / service["dockerfilePath"]).exists()
    railway = tomllib.loads((ROOT / "deploy" / "railway.toml").read_text(encoding="utf-8"))
    assert (ROOT / railway["build"]["dockerfilePath"]).exists()
    assert railway["deploy"]["healthcheckPath"] == "/healthz"


def test_every_variable_in_the_deployment_page_exists() -> None:
    page = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    known({name: "" for name in re.findall(r"\bHOLDFAST_[A-Z_]+\b", page) if name != "HOLDFAST_CONFIG"})


def test_python_is_the_one_that_the_image_names() -> None:
    (image,) = [rest for word, rest in instructions(ROOT / "Dockerfile") if word == "ARG"]
    newest = re.findall(
        r'python: \["([^\]]+)"\]', (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    )
    assert image.removeprefix("PYTHON=") in newest[0].split('", "')
    assert shutil.which("sh") or sys.platform == "win32"
