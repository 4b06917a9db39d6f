"""Architecture is a test: imports point down, rooms are strangers, and asking for help loads nothing heavy."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter import cli as import_linter

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src"
HEAVY = {
    "duckdb",
    "lightgbm",
    "numpy",
    "pandas",
    "polars",
    "pyarrow",
    "pydantic",
    "python_calamine",
    "scipy",
    "sklearn",
}

HELP = """
sys.argv = ["holdfast", "--help"]
from holdfast.cli.main import main
try:
    main()
except SystemExit as end:
    assert not end.code
"""


def loaded_by(code: str) -> set[str]:
    """Top-level packages that a fresh interpreter has loaded after running `code`."""
    script = f"import sys\n{code}\nprint('loaded', *sys.modules)"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", check=True)
    return {module.split(".")[0] for module in answer.stdout.splitlines()[-1].split()}


def test_the_import_contract_holds(capsys: pytest.CaptureFixture[str]) -> None:
    """The layers of pyproject.toml; every package has to be in one of them."""
    status = import_linter.lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True)
    assert status == import_linter.EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize("code", ["import holdfast", HELP], ids=["import holdfast", "holdfast --help"])
def test_nothing_heavy_is_loaded_before_it_is_needed(code: str) -> None:
    loaded = loaded_by(code)
    assert "holdfast" in loaded
    assert loaded & HEAVY == set()


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("__init__.py")), ids=lambda path: path.parent.name)
def test_a_package_says_what_it_is_and_only_hands_names_on(path: Path) -> None:
    module = ast.parse(path.read_text(encoding="utf-8"))
    at_the_root = path.parent.parent == SOURCE
    assert ast.get_docstring(module)
    assert [ast.unparse(line) for line in module.body[1:] if not _hands_names_on(line, at_the_root=at_the_root)] == []


def _hands_names_on(line: ast.stmt, *, at_the_root: bool) -> bool:
    """An import or `__all__`; at the root also the function that loads a name when it is first used."""
    match line:
        case ast.Import() | ast.ImportFrom() | ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=[]):
            return at_the_root
        case ast.FunctionDef(name="__getattr__" | "__dir__") | ast.Assign() | ast.AnnAssign():
            return at_the_root
        case _:
            return False


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_every_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
