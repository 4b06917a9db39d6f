"""What to offer: every method on past dates of public shops, beside popularity and the same-basket rule.

    python benchmarks/recommendations.py                                # needs HOLDFAST_DATA
    python benchmarks/recommendations.py --docs docs/recommendations.md

Learned from what was known on a date, judged by what customers known by then bought in the days after it. The method
that the product would have used is chosen on the horizon before, never on the one it is judged by. Seconds are those
of processors, for the whole study: learned on three dates, judged on two.
"""

import argparse
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from quality_tables import table
from quality_tasks import data_folder
from report import machine, write_between

from holdfast.actions.recommendations import Measured
from holdfast.settings import Settings
from holdfast.workflows.importing import HowToRead, import_files
from holdfast.workflows.recommender_making import needed_recommender
from holdfast.workflows.shop import Shop


@dataclass(frozen=True, slots=True)
class Case:
    """A public shop as of a date, which ends the days that lists are judged by; None is the data set's own."""

    name: str
    files: tuple[str, ...]
    horizon_days: int
    as_of: date | None = None


CASES = (
    Case("Online Retail", ("online_retail/online_retail.parquet",), 90),
    *(
        Case(
            "Online Retail II",
            ("online_retail_ii/year_2009_2010.parquet", "online_retail_ii/year_2010_2011.parquet"),
            90,
            day,
        )
        for day in (date(2011, 9, 10), date(2011, 6, 12), date(2011, 3, 14))
    ),
    Case("Olist", ("olist",), 90),
    Case("Olist", ("olist",), 180),
)


@dataclass(frozen=True, slots=True)
class Found:
    """What came out of a case: lines in tables, and what it took."""

    case: Case
    facts: dict[str, object]
    seconds: float

    @property
    def title(self) -> str:
        """The case in words."""
        past = self.facts["evaluation"]
        assert isinstance(past, dict)
        return f"{self.case.name}, {past['as_of']} to {past['until']}"


def main() -> None:
    """Measure and print, or write into a page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--docs", type=Path, help="write the tables between the marks of this page")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="holdfast-") as home:
        found = [_measured(case, Path(home)) for case in CASES]
    text = "\n".join(_lines(found))
    if asked.docs:
        write_between(asked.docs, "recommendations", text)
    else:
        sys.stdout.write(text + "\n")


def _measured(case: Case, home: Path) -> Found:
    tenant = case.name.lower().replace(" ", "-") + f"-{case.horizon_days}"
    settings = Settings.load({"home": home, "tenant": tenant, "horizon_days": case.horizon_days})
    shop = Shop.open(settings)
    if not (home / "tenants" / tenant / "datasets").exists():
        import_files(shop, [data_folder() / file for file in case.files], how=HowToRead())
    begun = time.process_time()
    learned = needed_recommender(shop, as_of=case.as_of, wait=True)
    return Found(case, learned.facts, time.process_time() - begun)


def _lines(found: list[Found]) -> Iterator[str]:
    used = machine()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    yield f"Measured with {', '.join(f'{name} {value}' for name, value in used.items())}; highest memory {peak:,} MB."
    for kind, title in (("new", "Judged on what was new to the customer"), ("all", "Judged on all they bought")):
        yield f"\n### {title}\n"
        for each in found:
            yield from _case(each, kind)


def _case(found: Found, kind: str) -> Iterator[str]:
    past = found.facts["evaluation"]
    assert isinstance(past, dict)
    rows = [(row["method"], Measured(**{name: row[name] for name in row if name != "method"})) for row in past[kind]]
    took = f"; {found.seconds:.0f} processor seconds" if kind == "new" else ""
    yield f"**{found.title}**: {rows[0][1].customers:,} customers; chosen beforehand: `{past['method']}`{took}\n"
    yield table(
        ["method", "hit rate", "recall", "NDCG", "coverage", "NDCG above popularity (95 %)"],
        [
            [
                f"**{name}**" if name == past["method"] else name,
                f"{100 * m.hit_rate:.1f} %",
                f"{m.recall:.4f}",
                f"{m.ndcg:.4f}",
                f"{100 * m.coverage:.1f} %",
                "" if name == "popular" else f"{m.gain:+.4f} ({m.low:+.4f} to {m.high:+.4f})",
            ]
            for name, m in rows
        ],
    )
    yield ""


if __name__ == "__main__":
    main()
