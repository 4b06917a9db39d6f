"""A Dockerfile done as a script: its COPY and RUN steps in folders that stand for the root of each stage.

What needs the base image's own system (a package manager, users) cannot be done here, and is handed back by name.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

NEEDS_THE_IMAGE = ("apt-get", "useradd")


@dataclass
class Stage:
    """A stage: the folder that stands for its root, and what it says about the process that is to run."""

    root: Path
    place: str = "/"
    environment: dict[str, str] = field(default_factory=dict)
    user: str = "root"
    command: list[str] = field(default_factory=list)
    check: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def path(self, inside: str) -> Path:
        """Where a path of the image lies on this machine."""
        absolute = inside if inside.startswith("/") else f"{self.place.rstrip('/')}/{inside}"
        return self.root / absolute.strip("/")

    def translated(self, text: str) -> str:
        """A command with the stage's own folders in the place of the image's."""
        tops = "|".join(("build", "tools", "venv", "dist", "data", "healthcheck"))
        return re.sub(rf"(?<![\w./])/({tops})\b", lambda found: f"{self.root}/{found[1]}", text)


def instructions(dockerfile: Path) -> list[tuple[str, str]]:
    """Every instruction and what it is given, with continued lines joined and comments left out."""
    lines = [line for line in dockerfile.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    text = "\n".join(lines).replace("\\\n", " ")
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in text.splitlines() if line)]


def context_files(root: Path) -> set[str]:
    """What is sent to the builder: everything that .dockerignore does not leave out; the last line that fits counts."""
    rules = [line for line in (root / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    names = (p.relative_to(root).as_posix() for top in _tops(root) for p in [top, *top.rglob("*")] if p.is_file())
    return {name for name in names if not _ignored(name, rules)}


def _tops(root: Path) -> list[Path]:
    return [path for path in root.iterdir() if path.name not in (".git", ".venv")]


def _ignored(name: str, rules: list[str]) -> bool:
    ignored = False
    parts = [name, *(parent.as_posix() for parent in Path(name).parents if parent.as_posix() != ".")]
    for rule in rules:
        pattern = rule.removeprefix("!").replace("**/", "*")
        if any(fnmatch(part, pattern) or fnmatch(f"/{part}", pattern) for part in parts):
            ignored = not rule.startswith("!")
    return ignored


def build(root: Path, into: Path, *, instead: dict[str, str]) -> Stage:
    """Do the steps; the last stage. `instead` has other commands for those that contain a text."""
    stages: dict[str, Stage] = {}
    sent = context_files(root)
    stage = Stage(into)
    for word, rest in instructions(root / "Dockerfile"):
        match word:
            case "FROM":
                name = rest.partition(" AS ")[2] or str(len(stages))
                stage = stages[name] = Stage(into / name)
                stage.root.mkdir(parents=True)
            case "COPY":
                _copy(rest, stage, stages, root, sent)
            case "RUN":
                _run(next((other for text, other in instead.items() if text in rest), rest), stage)
            case "ENV":
                stage.environment |= dict(pair.split("=", 1) for pair in shlex.split(rest))
            case "WORKDIR":
                stage.place = rest
                stage.path(rest).mkdir(parents=True, exist_ok=True)
            case "USER":
                stage.user = rest
            case "CMD":
                stage.command = json.loads(rest)
            case "HEALTHCHECK":
                stage.check = json.loads(rest.partition("CMD ")[2])
            case "ARG" | "VOLUME" | "EXPOSE":
                pass
            case _:
                raise AssertionError(f"the test does not know {word}")
    return stage


def _copy(rest: str, stage: Stage, stages: dict[str, Stage], root: Path, sent: set[str]) -> None:
    words = rest.split()
    source_root, allowed = (
        (stages[words.pop(0).removeprefix("--from=")].root, None) if "--from=" in rest else (root, sent)
    )
    *sources, target = words
    for source in sources:
        origin = source_root / source.strip("/")
        place = stage.path(target) / (origin.name if target.endswith("/") else "")
        files = (
            [origin]
            if origin.is_file()
            else [path for path in origin.rglob("*") if path.is_file() or path.is_symlink()]
        )
        files = [f for f in files if allowed is None or f.relative_to(root).as_posix() in allowed]
        assert files, f"COPY {source}: there is no such file in what is sent"
        for file in files:
            to = place if file == origin else place / file.relative_to(origin)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(file, to, follow_symlinks=False)


def _run(command: str, stage: Stage) -> None:
    if command.startswith(NEEDS_THE_IMAGE):
        stage.left_out.append(command)
        return
    environment = {**os.environ, **stage.environment, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["sh", "-euc", stage.translated(command)],
        cwd=stage.path(stage.place),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"RUN {command}\n{done.stdout}"
