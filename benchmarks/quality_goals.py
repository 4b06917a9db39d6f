"""The goals for the forecasts, and on which tasks they are reached: no goal is left out because it was missed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

from quality_scores import BEFORE, OTHER_BLENDS, Figures, best, peers
from quality_tables import named, table

KNOWN_SEASON = ("uci2_90b", "uci2_90c", "uci2_180")
"""Tasks with a year and a window of history before them."""

Judge = Callable[[str, Figures, Mapping[str, Any]], bool]
"""Whether a task, by its name, its scores and its checks, reaches a goal."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal, the tasks it is for (None: all), and how it is judged."""

    words: str
    judge: Judge
    tasks: tuple[str, ...] | None = None


def goals_table(scores: Mapping[str, Any], checked: Mapping[str, Any]) -> str:
    """Each goal with the tasks that reach it and those that do not."""
    rows = []
    for goal in GOALS:
        tasks = [name for name in named(scores) if name in (goal.tasks or scores) and name in checked]
        reached = [name for name in tasks if goal.judge(name, scores[name], checked[name])]
        missed = [name for name in tasks if name not in reached]
        rows.append([goal.words, f"{len(reached)} of {len(tasks)}", ", ".join(missed) or "none"])
    return table(["goal", "reached on", "missed on"], rows)


def _not_below_peers(name: str, ours: Figures, _: Mapping[str, Any]) -> bool:
    return _of(ours, "auc") >= best(name, "auc")[1] - 0.002


def _above_peers(name: str, ours: Figures, _: Mapping[str, Any]) -> bool:
    return _of(ours, "auc") > best(name, "auc")[1]


def _least_loss(name: str, ours: Figures, _: Mapping[str, Any]) -> bool:
    return _of(ours, "log_loss") <= best(name, "log_loss")[1]


def _usual_loss(name: str, ours: Figures, _: Mapping[str, Any]) -> bool:
    losses = [
        row["log_loss"] for method, row in peers(name).items() if method not in OTHER_BLENDS and "log_loss" in row
    ]
    return _of(ours, "log_loss") <= median(loss for loss in losses if loss is not None)


def _near_blend_auc(name: str, ours: Figures, _: Mapping[str, Any]) -> bool:
    return _of(ours, "auc") >= _of(peers(name)[BEFORE], "auc") - 0.002


def _near_blend_loss(name: str, ours: Figures, _: Mapping[str, Any]) -> bool:
    return _of(ours, "log_loss") <= _of(peers(name)[BEFORE], "log_loss") + 0.003


def _below_blend_loss(name: str, ours: Figures, _: Mapping[str, Any]) -> bool:
    return _of(ours, "log_loss") < _of(peers(name)[BEFORE], "log_loss")


def _within(score: str, limit: float) -> Judge:
    def judge(_: str, ours: Figures, __: Mapping[str, Any]) -> bool:
        return abs(_of(ours, score)) <= limit

    return judge


def _best_gini(name: str, ours: Figures, _: Mapping[str, Any]) -> bool:
    return _of(ours, "spend_gini") >= best(name, "spend_gini")[1]


def _tail(_: str, __: Figures, checked: Mapping[str, Any]) -> bool:
    return 0.08 <= (checked["coverage"]["above"]["value"] or 0.0) <= 0.12


def _floor(_: str, __: Figures, checked: Mapping[str, Any]) -> bool:
    return (checked["coverage"]["below"]["value"] or 0.0) <= 0.10


def _total_inside(_: str, __: Figures, checked: Mapping[str, Any]) -> bool:
    return bool(checked["totals"]["spend"]["inside"])


def _says_so(_: str, __: Figures, checked: Mapping[str, Any]) -> bool:
    return not checked["season_known"]


def _of(row: Figures, score: str) -> float:
    value = row[score]
    if value is None:
        raise ValueError(f"{score} cannot be told.")
    return value


GOALS = (
    Goal("AUC at least that of the best peer, less 0.002", _not_below_peers),
    Goal("AUC above every peer (wanted on half of the tasks)", _above_peers),
    Goal("AUC within 0.002 of the blend measured before", _near_blend_auc),
    Goal("log loss within 0.003 of the blend measured before", _near_blend_loss),
    Goal("log loss below the blend measured before (wanted on four)", _below_blend_loss),
    Goal(
        "log loss at most that of the best peer, where the season is known, and on cdnow and olist",
        _least_loss,
        (*KNOWN_SEASON, "cdnow", "olist"),
    ),
    Goal("log loss at most that of the median peer, on the shorter histories", _usual_loss, ("uci1", "uci2_90a")),
    Goal("the answer says that the season is unknown, on the shorter histories", _says_so, ("uci1", "uci2_90a")),
    Goal("ECE at most 0.03, where the season is known", _within("ece", 0.03), KNOWN_SEASON),
    Goal("bias of orders within 10 %, where the season is known", _within("orders_bias", 0.10), KNOWN_SEASON),
    Goal("bias of spend within 15 %, where the season is known", _within("spend_bias", 0.15), KNOWN_SEASON),
    Goal("Gini of spend at least that of the best peer", _best_gini),
    Goal("8 to 12 % of the customers above their P90", _tail),
    Goal("at most 10 % of the customers below their P10", _floor),
    Goal("the shop's total spend within its 80 % interval (75 to 85 % wanted over many dates)", _total_inside),
)
