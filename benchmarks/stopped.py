"""How often what a customer "has stopped buying" stayed away: called on a past day, looked up in the days after it.

    python benchmarks/stopped.py HOME [--tenant NAME] [--days 90]

HOME holds an imported shop. The day lies `--days` before the end of its orders. Only customers who ordered something in
the days after it are counted: who stayed away as a whole stopped everything. Beside it stands what the same customers
bought as regularly and had not stopped: how often they left that out.
"""

import argparse
from datetime import date, timedelta
from pathlib import Path

from holdfast.actions.stopped import Kind, kind_of, stopped_buying
from holdfast.engine import DuckEngine, Query
from holdfast.settings import Settings
from holdfast.workflows.shop import Shop, as_of_date

LATER = """
    SELECT DISTINCT COALESCE({shown}) AS name FROM order_lines AS l JOIN products AS p ON p.product_key = l.product_key
    WHERE l.customer_key = $customer AND NOT l.is_service AND l.reversed_at IS NULL
        AND l.ordered_at >= CAST($day AS TIMESTAMP) AND l.ordered_at < CAST($until AS TIMESTAMP)"""


def main() -> None:
    """Print two shares, with the numbers they are of."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--tenant", default="default")
    parser.add_argument("--days", type=int, default=90)
    given = parser.parse_args()
    shop = Shop.open(Settings(home=given.home, tenant=given.tenant))
    with shop.stage() as (engine, dataset):
        for name in ("order_lines", "returns", "products"):
            engine.keep(f"kept_{name}", Query(name, "as it is", f"SELECT * FROM {name}"))
            engine.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS SELECT * FROM kept_{name}")
        until = as_of_date(None, dataset)
        day = until - timedelta(days=given.days)
        called, others = _counts(engine, day, until)
    for words, (things, away) in {"called stopped": called, "bought as regularly, not stopped": others}.items():
        print(f"{words}: {away:,} of {things:,} not bought in the {given.days} days from {day} ({away / things:.1%})")


def _counts(engine: DuckEngine, day: date, until: date) -> tuple[tuple[int, int], tuple[int, int]]:
    """(things, of them not bought later) that were called stopped on the day, and that were regular and not stopped."""
    keys = engine.columns(Query("keys", "customer", "SELECT customer_key FROM customers ORDER BY 1"))
    sums = [[0, 0], [0, 0]]
    for key in map(int, keys["customer_key"]):
        later = _later(engine, key, day, until)
        if not later:
            continue
        gone = {each.name for each in stopped_buying(engine, key, as_of=day)}
        regular = {each.name for each in stopped_buying(engine, key, as_of=day, silent_gaps=-1)}
        for at, names in enumerate((gone, regular - gone)):
            sums[at][0] += len(names)
            sums[at][1] += len(names - later)
    (a, b), (c, d) = sums
    return (a, b), (c, d)


def _later(engine: DuckEngine, key: int, day: date, until: date) -> set[str]:
    shown = "p.category" if kind_of(engine) is Kind.CATEGORY else "p.product_name, p.product_id"
    scope: dict[str, object] = {"customer": key, "day": day, "until": until}
    return {row[0] for row in engine.rows(Query("later", "thing", LATER.format(shown=shown), scope)).rows if row[0]}


if __name__ == "__main__":
    main()
