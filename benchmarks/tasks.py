"""Every measured task, one entry each: what it computes, which floor it is compared with, and how it runs."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import duckdb
import floors
import ours
import synthetic
from fifteen import FEATURES, Answer

from holdfast.features import Grain

AS_OF = date.fromisoformat(synthetic.AS_OF)

Timed = Callable[[], Answer]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a task finds its data, and what it may use."""

    raw: Path
    stage: Path
    memory_limit: str | None

    def scratch(self, stack: ExitStack) -> Path:
        """An empty folder that goes away with the task."""
        folder = Path(mkdtemp(dir=self.raw.parent))
        stack.callback(rmtree, folder)
        return folder


@dataclass(frozen=True, slots=True)
class Task:
    """`prepare` opens what the task needs and hands back the part that is timed.

    `floor` is the task it is compared with; None for a floor itself. `from_stage`: needs the stage. `is_fifteen`: its
    answer has to agree with that of the other engines. `most_lines`: beyond it the task is left out, for want of
    memory or of patience.
    """

    name: str
    computes: str
    prepare: Callable[[Place, ExitStack], Timed]
    floor: str | None = None
    from_stage: bool = False
    is_fifteen: bool = False
    most_lines: int | None = None
    on_request: bool = False


def _raw_floor(columns: tuple[str, ...]) -> Callable[[Place, ExitStack], Timed]:
    def prepare(place: Place, stack: ExitStack) -> Timed:
        connection = stack.enter_context(duckdb.connect())
        return lambda: {"rows": float(floors.read_and_sum(connection, {place.raw: columns}))}

    return prepare


def _stage_floor(names: Callable[[], list[str]]) -> Callable[[Place, ExitStack], Timed]:
    def prepare(place: Place, stack: ExitStack) -> Timed:
        connection = stack.enter_context(duckdb.connect())
        columns = ours.columns_read(place.stage, AS_OF, names())
        return lambda: {"rows": float(floors.read_and_sum(connection, columns))}

    return prepare


def _clean(policy: str) -> Callable[[Place, ExitStack], Timed]:
    def prepare(place: Place, stack: ExitStack) -> Timed:
        engine = stack.enter_context(ours.engine(place.memory_limit))
        into = place.scratch(stack)
        return lambda: ours.cleaned(engine, place.raw, policy=policy, into=into)

    return prepare


def _features(names: Callable[[], list[str]]) -> Callable[[Place, ExitStack], Timed]:
    def prepare(place: Place, stack: ExitStack) -> Timed:
        engine = stack.enter_context(ours.engine(place.memory_limit))
        ours.bind_stage(engine, place.stage)
        return lambda: ours.featured(engine, AS_OF, names())

    return prepare


def _raw_to_fifteen(place: Place, stack: ExitStack) -> Timed:
    engine = stack.enter_context(ours.engine(place.memory_limit))
    into = place.scratch(stack)

    def run() -> Answer:
        ours.cleaned(engine, place.raw, policy="simple", into=into)
        ours.bind_stage(engine, into)
        ours.featured(engine, AS_OF, FEATURES)
        return ours.sums_of_fifteen(engine)

    return run


def _pandas_vectorised(place: Place, _: ExitStack) -> Timed:
    import pandas_peer  # noqa: PLC0415  # the memory of pandas belongs to its own tasks alone

    return lambda: pandas_peer.vectorised(place.raw, AS_OF)


def _pandas_tutorial(place: Place, _: ExitStack) -> Timed:
    import pandas_peer  # noqa: PLC0415

    return lambda: pandas_peer.tutorial(place.raw, AS_OF)


def _polars_streaming(place: Place, _: ExitStack) -> Timed:
    import polars_peer  # noqa: PLC0415

    return lambda: polars_peer.streaming(place.raw, AS_OF)


def _of_orders() -> list[str]:
    return ours.of_grain(Grain.ORDERS)


def _of_products() -> list[str]:
    return ours.of_grain(Grain.PRODUCTS)


def _fifteen() -> list[str]:
    return list(FEATURES)


_M = 1_000_000
RAW_FLOOR = "floor: six raw columns"
TASKS: tuple[Task, ...] = (
    Task(RAW_FLOOR, "DuckDB sums what the 15 features need", _raw_floor(floors.RAW_SIX)),
    Task("floor: raw columns", "DuckDB sums all columns of the raw file", _raw_floor(floors.RAW_ALL)),
    Task("clean, default policy", "raw -> ledger + stage", _clean("default"), "floor: raw columns"),
    Task("clean, simple policy", "raw -> ledger + stage", _clean("simple"), "floor: raw columns"),
    Task("floor: stage, 15 features", "DuckDB sums the columns they read", _stage_floor(_fifteen), from_stage=True),
    Task("15 features", "stage -> 15 features", _features(_fifteen), "floor: stage, 15 features", from_stage=True),
    Task("floor: stage, order grain", "DuckDB sums the columns they read", _stage_floor(_of_orders), from_stage=True),
    Task(
        "order-grain features",
        "stage -> all of that grain",
        _features(_of_orders),
        "floor: stage, order grain",
        from_stage=True,
    ),
    Task(
        "floor: stage, product grain", "DuckDB sums the columns they read", _stage_floor(_of_products), from_stage=True
    ),
    Task(
        "product-grain features", "stage -> all of that grain", _features(_of_products), "floor: stage, product grain"
    ),
    Task(
        "Holdfast, all the way",
        "raw -> ledger + stage -> 15",
        _raw_to_fifteen,
        RAW_FLOOR,
        is_fifteen=True,
    ),
    Task(
        "Polars streaming",
        "raw -> 15, no ledger or stage",
        _polars_streaming,
        RAW_FLOOR,
        is_fifteen=True,
    ),
    Task(
        "pandas, vectorised",
        "raw -> 15, no ledger or stage",
        _pandas_vectorised,
        RAW_FLOOR,
        is_fifteen=True,
        most_lines=20 * _M,
    ),
    Task(
        "pandas, tutorial",
        "raw -> 15, groupby.apply",
        _pandas_tutorial,
        RAW_FLOOR,
        is_fifteen=True,
        most_lines=2 * _M,
        on_request=True,
    ),
)
TASK = {task.name: task for task in TASKS}
