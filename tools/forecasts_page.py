"""Run the commands of docs/forecasts.md on the sample shop and write what they print into the page.

    .venv/bin/python tools/forecasts_page.py          makes the sample shop first, which takes some minutes
    .venv/bin/python tools/forecasts_page.py HOME     with the home folder of a finished `holdfast demo`

An output that ends with a line of three dots stays as long as it is. A slow test runs the same and changes nothing.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from subprocess import DEVNULL, PIPE, STDOUT
from tempfile import TemporaryDirectory

PAGE = Path(__file__).parent.parent / "docs" / "forecasts.md"
CONSOLE = re.compile(r"```console\n\$ (python -c '.*?\n'|[^\n]*)\n(.*?)```", re.DOTALL)
BIN = Path(sys.executable).parent
MODEL_ID = re.compile(r"\b(\d{4})-[0-9a-f]{8}\b")  # from the checksum, which another machine may not repeat
WIDTH = 118
ELLIPSIS = "..."


def refreshed(text: str, home: Path) -> str:
    """The page with every output as it is now; commands run in the order of the page, in an empty folder."""
    with TemporaryDirectory() as folder:

        def block(found: re.Match[str]) -> str:
            command, shown = found[1], found[2].splitlines()
            printed = run(command, home, Path(folder))
            if shown and shown[-1] == ELLIPSIS:
                printed = [*printed[: len(shown) - 1], ELLIPSIS]
            return "\n".join(["```console", f"$ {command}", *printed, "```"])

        return CONSOLE.sub(block, text)


def run(command: str, home: Path, folder: Path) -> list[str]:
    """What a command prints about the shop `sample`, problems included; the home folder is called by its usual name."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}
    environment |= {"HOLDFAST_HOME": str(home), "HOLDFAST_TENANT": "sample", "COLUMNS": str(WIDTH)}
    program, *arguments = shlex.split(command)
    given = [str(BIN / program), *arguments]  # the page is our own
    ran = subprocess.run(given, cwd=folder, env=environment, text=True, stdout=PIPE, stderr=STDOUT, check=False)  # noqa: S603
    printed = MODEL_ID.sub(r"\1-…", ran.stdout.replace(str(home), "~/.holdfast"))
    return [line.rstrip() for line in printed.splitlines()]


def demo(home: Path) -> Path:
    """The home folder with the sample shop in it."""
    command = [str(BIN / "holdfast"), "demo", "--no-serve", "--home", str(home)]
    subprocess.run(command, check=True, stdout=DEVNULL)  # noqa: S603
    return home


if __name__ == "__main__":
    with TemporaryDirectory() as made:
        where = Path(sys.argv[1]) if len(sys.argv) > 1 else demo(Path(made))
        PAGE.write_text(refreshed(PAGE.read_text(encoding="utf-8"), where), encoding="utf-8")
