"""Puts what was measured into the marked places of docs/evaluation.md, and draws its pictures."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import quality_charts
from quality_goals import goals_table
from quality_tables import (
    changes,
    columns_table,
    every_method,
    intervals_table,
    leak_table,
    learners_table,
    levels_table,
    money_table,
    one_time_table,
    seeds_table,
    tasks_table,
    weights_table,
)
from report import write_between

Results = Mapping[str, Any]


def write_page(page: Path, results: Results) -> None:
    """Write every table there are results for, and the pictures; the rest of the page stays."""
    for mark, (needed, make) in PLACES.items():
        if all(step in results for step in needed):
            write_between(page, mark, make(results))
    quality_charts.write(page.parent / "pictures", results)


def _variants(results: Results) -> dict[str, Any]:
    return {task: found["variants"] for task, found in results.items()}


def _added(results: Results) -> dict[str, Any]:
    return {task: found["added"] for task, found in results.items() if "added" in found}


def _machine(results: Results) -> str:
    facts = ", ".join(f"{name} {value}" for name, value in results["machine"].items())
    customers = sum(found["customers"] for found in results["table"].values())
    return f"Measured with {facts}. {len(results['table'])} tasks, {customers:,} customers, seed 7."


def _leak(results: Results) -> str:
    (found,) = results["leaks"].values()
    shown, check = found["demonstration"], found["check"]
    return (
        f"{leak_table(shown)}\n\nn = {shown['customers']:,} customers who were not trained on. Giving everybody the"
        f" more frequent answer is right for {shown['majority']:.1%} of them. The definition itself, no order for 90"
        f" days, ranks all customers about the next 90 days with an AUC of {found['definition_auc']:.3f}.\n\n"
        f"**The alarm.** {check['sentence']} ({check['folds']} past dates, {check['customers']:,} customers; the alarm"
        f" rings at {100 * check['limit']:.0f} points.)"
    )


def _cost(results: Results) -> str:
    ((task, found),) = results["costs"].items()
    best, nobody, everybody = found["best"], found["treat_nobody"], found["treat_all"]
    return (
        f"On `{task}`, with an incentive of {found['incentive']:,.2f} that keeps {found['success']:.0%} of those who"
        f" would leave (both are assumptions), and a customer worth what is expected of one who stays: treating nobody"
        f" costs {_cost_of(nobody):,.0f} in the window, treating all {found['customers']:,} costs"
        f" {_cost_of(everybody):,.0f}, and the cheapest threshold, churn_probability >= {best['threshold']:.2f}, costs"
        f" {_cost_of(best):,.0f} with {best['flagged']:,} incentives. That is {found['saving']:,.0f} less than the"
        f" better of the two. The threshold was chosen on those it is judged on: this is what could"
        f" be had at best."
    )


def _cost_of(point: Mapping[str, Any]) -> float:
    return float(point["wasted"] + point["lost"])


def _learners(results: Results) -> str:
    absent = sorted({name for found in results["learners"].values() for name in found["missing"]})
    left_out = f"\n\nLeft out, because not installed: {', '.join(absent)}." if absent else ""
    return learners_table(results["learners"]) + left_out


PLACES: Mapping[str, tuple[tuple[str, ...], Callable[[Results], str]]] = {
    "machine": (("table",), _machine),
    "tasks": (("table",), lambda results: tasks_table(results["table"])),
    "money": (("table",), lambda results: money_table(results["table"])),
    "goals": (("table", "checks"), lambda results: goals_table(results["table"], results["checks"])),
    "seeds": (("table", "seeds"), lambda results: seeds_table(results["seeds"], results["table"])),
    "parts": (("parts",), lambda results: changes(results["parts"])),
    "levels": (("levels",), lambda results: levels_table(results["levels"])),
    "weights": (("weights",), lambda results: changes(_variants(results["weights"]))),
    "learned": (("weights",), lambda results: weights_table(results["weights"])),
    "class weights": (("class_weights",), lambda results: changes(results["class_weights"])),
    "learners": (("learners",), _learners),
    "added": (("learners",), lambda results: changes(_added(results["learners"]))),
    "features": (("features",), lambda results: changes(_variants(results["features"]))),
    "columns": (("features",), lambda results: columns_table(results["features"])),
    "intervals": (("checks",), lambda results: intervals_table(results["checks"])),
    "one-time": (("checks",), lambda results: one_time_table(results["checks"])),
    "leak": (("leaks",), _leak),
    "cost": (("costs",), _cost),
    "methods": (("table",), lambda results: every_method(results["table"])),
}
"""Mark -> the results it needs, and what stands there."""
