"""Results become tables in Markdown, beside the figures of other methods."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from quality_ablation import DEFAULT
from quality_scores import BEFORE, Figures, best, peers
from quality_tasks import TASKS

Results = Mapping[str, Any]
"""Task -> what was measured."""

PROBABILITY = (("auc", "AUC", 4), ("log_loss", "log loss", 4), ("ece", "ECE", 3))
TOTALS = (("orders_gini", "Gini of orders", 3), ("spend_gini", "Gini of spend", 3))
BIASES = (("orders_bias", "bias of orders"), ("spend_bias", "bias of spend"))
EVERYTHING = (
    "auc", "average_precision", "log_loss", "brier", "ece", "orders_gini", "orders_mae", "orders_bias", "spend_gini",
    "spend_mae", "spend_bias",
)  # fmt: skip
FEW_BUYERS = "olist"
"""The task on which 1.2 % order."""

SHORT = {"average_precision": "AP", "auc": "AUC", "ece": "ECE", "brier": "Brier"}


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def named(results: Results) -> list[str]:
    """The tasks there are results for, in their usual order."""
    return [name for name in TASKS if name in results]


# --- beside the peers ------------------------------------------------------------------------------------------------


def tasks_table(results: Results) -> str:
    """Three scores of the chance to order: this forecast, the best peer, the blend measured before."""
    heads = ["task", "customers", "base rate", *(f"{word}: ours" for _, word, _ in PROBABILITY)]
    for _, word, _ in PROBABILITY:
        at = heads.index(f"{word}: ours")
        heads[at + 1 : at + 1] = ["best peer", "blend before"]
    rows = []
    for name in named(results):
        ours = results[name]
        row = [name, f"{ours['customers']:,}", f"{ours['base_rate']:.3f}"]
        for score, _, digits in PROBABILITY:
            row += _beside(name, score, ours[score], digits)
        rows.append(row)
    return table(heads, rows)


def money_table(results: Results) -> str:
    """Ranking and totals of orders and spend."""
    heads = ["task"]
    for _, word, _ in TOTALS:
        heads += [f"{word}: ours", "best peer", "blend before"]
    for _, word in BIASES:
        heads += [f"{word}: ours", "blend before"]
    rows = []
    for name in named(results):
        row, before = [name], peers(name)[BEFORE]
        for score, _, digits in TOTALS:
            row += _beside(name, score, results[name][score], digits)
        for score, _ in BIASES:
            row += [f"{results[name][score]:+.1%}", f"{before[score]:+.1%}"]
        rows.append(row)
    return table(heads, rows)


def every_method(results: Results) -> str:
    """One table a task with all methods that were measured."""
    parts = []
    for name in named(results):
        heads = ["method", *(SHORT.get(score, score.replace("_", " ")) for score in EVERYTHING)]
        methods: dict[str, Figures] = {**peers(name), "**this forecast**": results[name]}
        rows = [[method, *(_figure(row.get(score), score) for score in EVERYTHING)] for method, row in methods.items()]
        parts.append(f"**{name}**: {TASKS[name].about}\n\n{table(heads, rows)}")
    return "\n\n".join(parts)


def seeds_table(results: Results, default: Results) -> str:
    """How far other seeds are from the default one."""
    rows = []
    for name in named(default):
        runs = [default[name], *(found for key, found in results.items() if key.split(" ")[0] == name)]
        if len(runs) > 1:
            spans = [[run[score] for run in runs] for score in ("auc", "log_loss", "ece", "spend_gini")]
            rows.append([name, str(len(runs)), *(f"{min(span):.4f} to {max(span):.4f}" for span in spans)])
    return table(["task", "seeds", "AUC", "log loss", "ECE", "Gini of spend"], rows)


def _beside(task: str, score: str, ours: float, digits: int) -> list[str]:
    """Our figure, the best peer's with its name, and that of the blend; bold where ours is the best of all three."""
    method, value = best(task, score)
    before = peers(task)[BEFORE][score] or 0.0
    sign = 1.0 if score in {"auc", "orders_gini", "spend_gini"} else -1.0
    first = sign * ours >= max(sign * value, sign * before)
    shown = f"{ours:.{digits}f}"
    return [f"**{shown}**" if first else shown, f"{value:.{digits}f} ({method})", f"{before:.{digits}f}"]


def _figure(value: float | None, score: str) -> str:
    if value is None:
        return ""
    return f"{value:+.1%}" if score.endswith("bias") else f"{value:,.1f}" if abs(value) >= 10 else f"{value:.4f}"


# --- ablations -------------------------------------------------------------------------------------------------------


def changes(results: Results, *, score: str = "log_loss") -> str:
    """Variants against the default: mean changes over the tasks, and the change of one score task by task.

    In thousandths. `better` counts the tasks whose log loss a variant lowers by at least 0.0001.
    """
    tasks = named(results)
    variants = [name for name in dict.fromkeys(name for task in tasks for name in results[task]) if name != DEFAULT]
    heads = ["variant", "mean AUC", f"mean {score.replace('_', ' ')}", "better on", *tasks]
    rows = []
    for variant in variants:
        there = [task for task in tasks if variant in results[task]]
        moved = {task: _moved(results[task], variant, score) for task in there}
        ranked = float(np.mean([_moved(results[task], variant, "auc") for task in there]))
        better = sum(_moved(results[task], variant, "log_loss") < -0.1 for task in there)
        cells = [f"{moved[task]:+.1f}" if task in moved else "" for task in tasks]
        means = [f"{ranked:+.1f}", f"{float(np.mean(list(moved.values()))):+.1f}"]
        rows.append([variant, *means, f"{better} of {len(there)}", *cells])
    return table(heads, rows)


def _moved(variants: Mapping[str, Figures], variant: str, score: str) -> float:
    return 1000.0 * ((variants[variant][score] or 0.0) - (variants[DEFAULT][score] or 0.0))


def levels_table(results: Results) -> str:
    """Log loss, ECE and bias of orders by where the level comes from."""
    rows = []
    for task in named(results):
        for variant, found in results[task].items():
            figures = [f"{found['log_loss']:.4f}", f"{found['ece']:.3f}"]
            biases = [f"{found['orders_bias']:+.1%}", f"{found['spend_bias']:+.1%}"]
            rows.append([task if variant == DEFAULT else "", variant, *figures, *biases])
    return table(["task", "level", "log loss", "ECE", "bias of orders", "bias of spend"], rows)


def weights_table(results: Results) -> str:
    """The weights that were learned, task by task; equal ones are 0.20 each."""
    tasks = named(results)
    members = list(results[tasks[0]]["learned"])
    return table(
        ["task", *members], [[task, *(f"{results[task]['learned'][m]:.2f}" for m in members)] for task in tasks]
    )


def learners_table(results: Results) -> str:
    """Each learner alone, as it comes and at the model's level: means over the tasks, the one of few buyers apart."""
    tasks = named(results)
    names = [name for name in results[tasks[0]]["raw"] if all(name in results[task]["raw"] for task in tasks)]
    groups = [[task for task in tasks if task != FEW_BUYERS], [task for task in tasks if task == FEW_BUYERS]]
    heads, rows = ["learner"], [[name] for name in names]
    for group in (group for group in groups if group):
        of = group[0] if len(group) == 1 else f"{len(group)} tasks"
        heads += [f"{of}: AUC", "log loss", "ECE", "log loss at level", "ECE at level"]
        for name, row in zip(names, rows, strict=True):
            raw, level = ([results[task][kind][name] for task in group] for kind in ("raw", "levelled"))
            row += [_mean(raw, "auc"), _mean(raw, "log_loss"), _mean(raw, "ece", 3)]
            row += [_mean(level, "log_loss"), _mean(level, "ece", 3)]
    return table(heads, rows)


def columns_table(results: Results) -> str:
    """How many columns each variant keeps."""
    tasks = named(results)
    variants = list(results[tasks[0]]["columns"])
    return table(["columns", *tasks], [[v, *(str(results[task]["columns"][v]) for task in tasks)] for v in variants])


def _mean(rows: Sequence[Figures], score: str, digits: int = 4) -> str:
    return f"{float(np.mean([row[score] or 0.0 for row in rows])):.{digits}f}"


# --- checks ----------------------------------------------------------------------------------------------------------


def intervals_table(results: Results) -> str:
    """Where spend ended against P10 to P90, for customers and for the shop."""
    rows = []
    for task in named(results):
        found = results[task]
        below, above = found["coverage"]["below"], found["coverage"]["above"]
        figures = [f"{below['whole']:,}", _percent(below["value"]), _percent(above["value"])]
        pit = f"{min(found['pit']):.0%} to {max(found['pit']):.0%}"
        total = found["totals"]["spend"]
        shop = f"{total['p10']:,.0f} to {total['p90']:,.0f}, came {total['actual']:,.0f}"
        rows.append([task, found["level"], *figures, pit, f"{shop}: {'inside' if total['inside'] else 'outside'}"])
    heads = ["task", "level from", "customers with p_buy > 0.1", "below P10", "above P90", "tenths of the PIT"]
    return table([*heads, "total spend of the shop, P10 to P90"], rows)


def one_time_table(results: Results) -> str:
    """Customers with a single order day: how many come back, and whether those said to."""
    rows = []
    for task in named(results):
        found = results[task]["one_time"]
        seen = found["observed"]
        interval = f"{seen['value']:.1%} ({seen['low']:.1%} to {seen['high']:.1%})"
        rows.append([task, f"{seen['whole']:,}", f"{found['expected']:.1%}", interval, f"{found['auc']:.3f}"])
    return table(["task", "one-time buyers", "forecast to come back", "came back (95 %)", "AUC among them"], rows)


def leak_table(found: Mapping[str, Any]) -> str:
    """What a leaking label seems to reach, and what it is worth."""
    told = (
        ("no order for 90 days, recency among the features", "leaking"),
        ("the same label, recency taken out", "without_recency"),
        ("no order in the next 90 days (the honest label)", "honest"),
    )
    rows = []
    for words, key in told:
        one = found[key]
        seems = [f"{one['accuracy']:.1%}", f"{one['auc']:.3f}"]
        rows.append([words, *seems, f"{one['accuracy_ahead']:.1%}", f"{one['auc_ahead']:.3f}"])
    heads = ["trained on", "accuracy on that label", "AUC on that label", "accuracy about the next 90 days"]
    return table([*heads, "AUC about the next 90 days"], rows)


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"
