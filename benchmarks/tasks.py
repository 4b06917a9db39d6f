"""Every measured task, one entry each: what it computes, which floor it is compared with, and where its code is.

Nothing here imports an engine: each is loaded in the process of its own task alone, so that memory is told apart.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import cast

from fifteen import Answer


@dataclass(frozen=True, slots=True)
class Place:
    """Where a task finds its data, and how much memory Holdfast's engine may take."""

    raw: Path
    stage: Path
    memory_limit: str | None


Timed = Callable[[], Answer]
Prepare = Callable[[Place, ExitStack], Timed]
"""Opens what a task needs, to be closed with the stack, and hands back the part that is timed."""


@dataclass(frozen=True, slots=True)
class Task:
    """`code` is module:function, a `Prepare`; `floor` the task it is compared with, None for a floor itself.

    `from_stage`: needs the stage. `is_fifteen`: does the task of `fifteen`, so its answer has to agree with the others.
    `most_lines`: beyond it the task is left out, for want of memory or of patience. `on_request`: only if asked for.
    """

    name: str
    computes: str
    code: str
    floor: str | None = None
    from_stage: bool = False
    is_fifteen: bool = False
    most_lines: int | None = None
    on_request: bool = False

    def load(self) -> Prepare:
        """Import the task's module and no other engine's."""
        module, _, function = self.code.partition(":")
        return cast("Prepare", getattr(import_module(module), function))


SIX, RAW = "floor: six raw columns", "floor: raw columns"
FIFTEEN, ORDERS, PRODUCTS = "floor: stage, 15 features", "floor: stage, order grain", "floor: stage, product grain"
OURS = "Holdfast, all the way"
_SUMS, _SUMS_OF_STAGE = "DuckDB sums the columns of the raw file", "DuckDB sums the columns that are read"
_CLEANS, _ALL, _SHORT = "raw -> ledger + stage", "stage -> all of that grain", "raw -> 15 features, nothing kept"

TASKS: tuple[Task, ...] = (
    Task(SIX, "DuckDB sums what 15 features need", "floors:six_raw_columns"),
    Task(RAW, _SUMS, "floors:raw_columns"),
    Task("clean, default policy", _CLEANS, "ours:clean_by_default", RAW),
    Task("clean, simple policy", _CLEANS, "ours:clean_simply", RAW),
    Task(FIFTEEN, _SUMS_OF_STAGE, "ours:floor_of_fifteen", from_stage=True),
    Task("15 features", "stage -> 15 features", "ours:fifteen_features", FIFTEEN, from_stage=True),
    Task(ORDERS, _SUMS_OF_STAGE, "ours:floor_of_orders", from_stage=True),
    Task("order-grain features", _ALL, "ours:order_features", ORDERS, from_stage=True),
    Task(PRODUCTS, _SUMS_OF_STAGE, "ours:floor_of_products", from_stage=True),
    Task("product-grain features", _ALL, "ours:product_features", PRODUCTS, from_stage=True),
    Task(OURS, "raw -> ledger + stage -> 15 features", "ours:all_the_way", SIX, is_fifteen=True),
    Task("Polars streaming", _SHORT, "polars_peer:streaming", SIX, is_fifteen=True),
    Task("pandas, vectorised", _SHORT, "pandas_peer:vectorised", SIX, is_fifteen=True, most_lines=20_000_000),
    Task(
        "pandas, tutorial", _SHORT, "pandas_peer:tutorial", SIX, is_fifteen=True, most_lines=2_000_000, on_request=True
    ),
)
TASK = {task.name: task for task in TASKS}
