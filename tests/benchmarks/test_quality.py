"""The quality benchmark: tasks as the protocol has them, peers as they were measured, and a page without holes."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
import quality_charts
from quality_ablation import DEFAULT, learned_weights
from quality_goals import GOALS, goals_table
from quality_page import PLACES
from quality_scores import BEFORE, best, peers
from quality_tables import changes
from quality_tasks import TASKS, truth, write_history
from scipy.special import expit

PAGE = Path(__file__).parents[2] / "docs" / "evaluation.md"

POPULATIONS = {
    "cdnow": (23_570, 0.2994),
    "uci1": (3_317, 0.5620),
    "uci2_90a": (4_537, 0.3498),
    "uci2_90b": (4_933, 0.3286),
    "uci2_90c": (5_249, 0.4269),
    "uci2_180": (4_933, 0.5131),
    "olist": (56_622, 0.0118),
}
"""Customers of each task, and the share that ordered in the window, as the peers saw them."""


@pytest.mark.parametrize("name", list(TASKS))
def test_the_tasks_are_those_the_peers_were_measured_on(name: str, data: Path) -> None:
    came = truth(TASKS[name], data)
    customers, base_rate = POPULATIONS[name]
    assert len(came.customers) == customers == len(set(came.customers))
    assert round(float(came.outcomes.bought.mean()), 4) == pytest.approx(base_rate, abs=1e-4)


def test_a_history_ends_before_its_cutoff_and_has_everybody(data: Path, tmp_path: Path) -> None:
    task = TASKS["uci1"]
    write_history(task, data, tmp_path / "history.parquet")
    known = f"MAX(ordered_at) < TIMESTAMP '{task.cutoff}', COUNT(DISTINCT customer_id)"
    with duckdb.connect() as connection:
        assert connection.execute(f"SELECT {known} FROM '{tmp_path}/history.parquet'").fetchall() == [(True, 3317)]


def test_every_task_has_the_blend_and_peers() -> None:
    for name in TASKS:
        assert {"auc", "log_loss", "ece", "spend_gini", "orders_bias"} <= peers(name)[BEFORE].keys()
    assert best("uci1", "auc") == ("LightGBM rich", 0.7533)
    assert best("uci1", "log_loss") == ("LightGBM rich", 0.5771)
    assert best("cdnow", "ece") == ("LogReg 7 features", 0.0125)


def scores_of_the_blend() -> dict[str, Any]:
    return {name: dict(peers(name)[BEFORE]) for name in TASKS}


def checks_of(value: float) -> dict[str, Any]:
    tenth = {"value": value}
    one = {"coverage": {"above": tenth, "below": tenth}, "totals": {"spend": {"inside": True}}, "season_known": False}
    return dict.fromkeys(TASKS, one)


def row_of(words: str, table: str) -> list[str]:
    (line,) = [line for line in table.splitlines() if line.startswith(f"| {words} |")]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_goal_names_the_tasks_that_miss_it() -> None:
    scores = scores_of_the_blend()
    words = "AUC within 0.002 of the blend measured before"
    assert row_of(words, goals_table(scores, checks_of(0.1)))[1:] == ["7 of 7", "none"]
    scores["olist"]["auc"] -= 0.003
    assert row_of(words, goals_table(scores, checks_of(0.1)))[1:] == ["6 of 7", "olist"]
    tail = "8 to 12 % of the customers above their P90"
    assert row_of(tail, goals_table(scores, checks_of(0.2)))[1] == "0 of 7"
    assert len(goals_table(scores, checks_of(0.1)).splitlines()) == len(GOALS) + 2


def test_changes_are_in_thousandths_against_the_default() -> None:
    usual = {"auc": 0.8, "log_loss": 0.5}
    variants = {DEFAULT: usual, "other": {"auc": 0.799, "log_loss": 0.498}}
    found = row_of("other", changes({"cdnow": variants, "uci1": {**variants, "other": usual}}))
    assert found == ["other", "-0.5", "-1.0", "1 of 2", "-2.0", "+0.0"]


def test_learned_weights_follow_the_member_that_knows() -> None:
    rng = np.random.default_rng(0)
    truly = rng.normal(size=2000)
    bought = (rng.random(2000) < expit(2 * truly)).astype(np.float64)
    odds = np.column_stack([2 * truly, *(rng.normal(size=2000) for _ in range(4))])
    weight = learned_weights(odds, bought)
    assert weight.sum() == pytest.approx(1.0)
    assert weight.min() >= 0.0
    assert weight[0] > 0.6


def test_charts_stay_within_their_picture() -> None:
    share = {"value": 0.4, "low": 0.3, "high": 0.5, "part": 4, "whole": 10}
    gain = {name: [0.5, 1.0] for name in ("this forecast", "recency rule", "perfect order")}
    total = {"spend": {"expected": 9.0, "p10": 5.0, "p90": 50.0, "actual": 10.0, "inside": True}}
    one = {"reliability": [{"predicted": 0.35, "observed": share}], "gain": gain, "totals": total}
    checked = dict.fromkeys(TASKS, one)
    point = {"flagged": 5, "wasted": 1.0, "lost": 2.0}
    found = {"customers": 10, "curve": [{**point, "flagged": 0}, point, {**point, "flagged": 10}], "best": point}
    pictures = [
        quality_charts.reliability(checked),
        quality_charts.gain(checked),
        quality_charts.totals(checked),
        quality_charts.cost(found),
        quality_charts.auc(scores_of_the_blend()),
    ]
    for svg in pictures:
        root = ET.fromstring(svg)
        _, _, width, height = map(float, root.attrib["viewBox"].split())
        assert root[0].text
        points = re.findall(r"(-?[\d.]+),(-?[\d.]+)", " ".join(re.findall(r'points="([^"]+)"', svg)))
        points += re.findall(r'c?x="(-?[\d.]+)" c?y="(-?[\d.]+)"', svg)
        assert points
        assert all(0 <= float(x) <= width and 0 <= float(y) <= height for x, y in points)


def test_the_page_has_a_place_for_every_table_and_none_is_empty() -> None:
    page = PAGE.read_text(encoding="utf-8")
    marks = re.findall(r"<!-- (?!end of )(.+?) -->", page)
    assert sorted(marks) == sorted([*PLACES, "speed"])
    empty = [mark for mark in marks if not page.partition(f"<!-- {mark} -->")[2].partition("<!-- end of")[0].strip()]
    assert empty == []
