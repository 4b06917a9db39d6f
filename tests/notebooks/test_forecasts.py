"""The worked notebook: every cell runs, every picture shows something, and what it checks by hand is right."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

NOTEBOOK = Path(__file__).parent.parent.parent / "docs" / "notebooks" / "forecasts.py"
PICTURES = ("ledger", "gain", "reliability", "totals", "waterfall", "beeswarm")


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """Everything that the cells defined, run in their order without a display."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("MPLBACKEND", "Agg")
        spec = spec_from_file_location("forecasts_notebook", NOTEBOOK)
        assert spec
        assert spec.loader
        notebook = module_from_spec(spec)
        spec.loader.exec_module(notebook)
        _, defined = notebook.app.run()
    return dict(defined)


def marks(axes: Any) -> int:
    """Bars, lines of more than one point, and dots in a picture."""
    lines = [line for line in axes.lines if len(line.get_xdata()) > 1]
    return len(axes.patches) + len(lines) + sum(len(dots.get_offsets()) for dots in axes.collections)


@pytest.mark.parametrize("picture", PICTURES)
def test_every_picture_shows_something(names: dict[str, Any], picture: str, tmp_path: Path) -> None:
    figure = names[f"{picture}_figure"]
    assert all(marks(axes) > 0 for axes in figure.axes)
    figure.savefig(tmp_path / "picture.png")
    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG")


def test_there_is_no_picture_that_nobody_looks_at(names: dict[str, Any]) -> None:
    assert {name.removesuffix("_figure") for name in names if name.endswith("_figure")} == set(PICTURES)


def test_what_is_counted_by_hand_is_what_the_backtest_says(names: dict[str, Any]) -> None:
    assert names["top_by_hand"]["forecast"] == pytest.approx(names["in_the_backtest"], abs=1e-9)
    assert names["top_by_hand"]["random"] == pytest.approx(0.1)
    assert names["happened"]["bought"].sum() == names["latest"].buyers
    assert names["happened"]["spend"].sum() == pytest.approx(names["latest"].spend.actual)


def test_the_bars_of_a_waterfall_add_up(names: dict[str, Any]) -> None:
    steps = names["steps"]
    assert steps.baseline + sum(step.contribution for step in steps.steps) == pytest.approx(steps.log_odds)


def test_totals_are_those_of_the_customers(names: dict[str, Any]) -> None:
    expected, forecasts = names["expected"], names["forecasts"]
    assert expected.spend.expected == pytest.approx(forecasts["e_spend"].sum())
    assert expected.spend.p10 < expected.spend.expected < expected.spend.p90
    assert len(forecasts) == names["score_report"].customers == len(names["customers"])
