"""Holdfast in a notebook: the verbs of the command line as methods of a shop.

import holdfast

shop = holdfast.open_shop("~/.holdfast", tenant="mine")
report = shop.import_files("orders.csv", policy="simple")
shop.answer().headline
shop.customers(where=["risk_band=high"], limit=20).to_pandas()
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holdfast.actions.vouchers import Decision
from holdfast.engine import Rows
from holdfast.features import rows as feature_rows
from holdfast.forecast.proof.backtest import Backtest
from holdfast.forecast.reasons import Drivers, ShapleyTable
from holdfast.reports import FirstAnswer
from holdfast.segments import SegmentResult
from holdfast.settings import Settings
from holdfast.sources.inspected import Inspection
from holdfast.store import Dataset, Import, StoredModel, delete_model, list_models, needed_model, use_model
from holdfast.workflows import (
    answer,
    customers,
    explaining,
    exporting,
    forecasting,
    importing,
    models,
    recommending,
    training,
    voucher_answers,
    voucher_decisions,
    vouchers,
)
from holdfast.workflows import shop as opening
from holdfast.workflows.churn import ChurnReport, churn_report
from holdfast.workflows.customers import CustomerProfile
from holdfast.workflows.explaining import Explained
from holdfast.workflows.forecasting import ForecastReport
from holdfast.workflows.importing import HowToRead
from holdfast.workflows.recommender_making import needed_recommender
from holdfast.workflows.recommending import Recommended
from holdfast.workflows.report import ImportReport
from holdfast.workflows.training import Training
from holdfast.workflows.voucher_decisions import VoucherQuestion

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["HowToRead", "Shop", "Table", "VoucherQuestion", "catalogue", "open_shop"]

Files = str | Path | Sequence[str | Path]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with names; money is exact (Decimal)."""

    names: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    as_of: date | None = None

    def __len__(self) -> int:
        """How many rows."""
        return len(self.rows)

    def dicts(self) -> list[dict[str, Any]]:
        """One dictionary a row."""
        return [dict(zip(self.names, row, strict=True)) for row in self.rows]

    def to_pandas(self, *, exact: bool = False) -> "pd.DataFrame":
        """A DataFrame; money becomes float64, or stays Decimal if it is to be `exact`. Needs holdfast[notebook]."""
        import pandas as pd  # noqa: PLC0415 - an extra, and slow to load

        frame = pd.DataFrame.from_records(list(self.rows), columns=list(self.names))
        for position, name in enumerate(self.names):
            if not exact and any(isinstance(row[position], Decimal) for row in self.rows):
                frame[name] = frame[name].astype(float)
        return frame


@dataclass(frozen=True, slots=True)
class Shop:
    """One shop. Dates are `datetime.date` or ISO text; `as_of` is exclusive and by default the data set's proposal."""

    _shop: opening.Shop

    def inspect(self, files: Files, *, how: HowToRead | None = None) -> Inspection:
        """What files are and how they would be read; changes nothing."""
        return importing.inspect_files(self._shop, _paths(files), how=how or HowToRead())

    def import_files(
        self,
        files: Files,
        *,
        how: HowToRead | None = None,
        policy: str | None = None,
        rules: Mapping[str, object] | None = None,
    ) -> ImportReport:
        """Import files under a policy (default: the shop's own), with single `rules` changed."""
        return importing.import_files(self._shop, _paths(files), how=how or HowToRead(), policy=policy, rules=rules)

    def imports(self) -> list[Import]:
        """The imports the data set is made of."""
        return importing.list_imports(self._shop)

    def undo(self, import_id: str) -> Dataset | None:
        """Take an import back; None if the shop is empty afterwards."""
        return importing.undo_import(self._shop, import_id)

    def rebuild(self, *, policy: str | None = None, rules: Mapping[str, object] | None = None) -> Dataset:
        """Clean all imports anew, under another policy or other rules."""
        return importing.rebuild(self._shop, policy=policy, rules=rules)

    def rejects(self, *, reason: str | None = None) -> Table:
        """Rejected lines counted by file, reason and column, with an example."""
        return _table(exporting.count_rejects(self._shop, reason=reason))

    def customers(
        self,
        *,
        as_of: str | date | None = None,
        where: Sequence[str] = (),
        sort: str | None = None,
        limit: int | None = None,
        columns: Sequence[str] = (),
    ) -> Table:
        """Customers as of a date; `columns=["*"]` for every feature and group."""
        found, day = customers.list_customers(
            self._shop, as_of=as_of, where=where, sort=sort, limit=limit, columns=columns
        )
        return Table(found.names, found.rows, day)

    def customer(self, customer_id: str, *, as_of: str | date | None = None) -> CustomerProfile:
        """One customer: facts, orders with their gaps, favourite products."""
        return customers.one_customer(self._shop, customer_id, as_of=as_of)

    def segments(self, *, as_of: str | date | None = None, rules: Mapping[str, Any] | None = None) -> SegmentResult:
        """Every grouping with its summaries."""
        with customers.grouped_customers(self._shop, as_of=as_of, rules=rules) as grouped:
            return grouped.groups

    def answer(self, *, as_of: str | date | None = None) -> FirstAnswer:
        """The first answer in money."""
        return answer.answer(self._shop, as_of=as_of)

    def train(
        self,
        *,
        as_of: str | date | None = None,
        horizon: int | None = None,
        dates: int = 3,
        make_default: bool = True,
    ) -> Training:
        """Train a model, replay `dates` past dates as proof (0 for none), forecast every customer."""
        return training.train(self._shop, as_of=as_of, horizon=horizon, dates=dates, make_default=make_default)

    def backtest(self, *, as_of: str | date | None = None, horizon: int | None = None, dates: int = 3) -> Backtest:
        """What forecasts would have been worth on past dates, beside simpler rules; keeps nothing."""
        return training.replay(self._shop, as_of=as_of, horizon=horizon, dates=dates)

    def models(self) -> list[StoredModel]:
        """The trained models, oldest first."""
        return list_models(self._shop.folder)

    def use_model(self, model: str) -> None:
        """Make a model the default."""
        use_model(self._shop.folder, needed_model(self._shop.folder, model).record.id)

    def delete_model(self, model: str) -> None:
        """Remove a model with its backtest and forecasts."""
        delete_model(self._shop.folder, model)

    def model_backtest(self, *, model: str | None = None) -> dict[str, Any] | None:
        """The backtest of a trained model as it was stored; None where it was trained without past dates."""
        return models.model_backtest(self._shop, model_id=model)

    def model_card(self, *, model: str | None = None) -> dict[str, Any]:
        """The card of a trained model: grade, evidence, data, known limits; it takes past dates to have one."""
        return models.model_card(self._shop, model_id=model)

    def churn(self, *, as_of: str | date | None = None, window: int | None = None) -> ChurnReport:
        """Definitions of churn judged on the shop's past, the window its gaps suggest, who comes back."""
        return churn_report(self._shop, as_of=as_of, window=window)

    def forecasts(self, *, model: str | None = None) -> Table:
        """Every customer's forecast as of the day its model was trained, the largest expected spend first."""
        found, day = forecasting.stored_forecasts(self._shop, model_id=model)
        return Table(found.names, found.rows, day)

    def score(self, out: str | Path, *, as_of: str | date | None = None, model: str | None = None) -> ForecastReport:
        """Forecast every customer with a trained model, on its own day or a later one, into a .csv or .parquet file."""
        return training.score(self._shop, as_of=as_of, model_id=model, out=Path(out))

    def reasons(self, customer_ids: Sequence[str], *, model: str | None = None) -> Explained:
        """Why customers are expected to order or not: three sentences each, and points by group of reasons."""
        return explaining.explain_customers(self._shop, customer_ids, model_id=model)

    def drivers(self, *, model: str | None = None) -> Drivers:
        """What the forecasts of the whole shop are associated with."""
        return explaining.model_drivers(self._shop, model_id=model)

    def shapley(self, customer_ids: Sequence[str], *, model: str | None = None) -> ShapleyTable:
        """The raw contributions of every column to the log-odds of some customers, for waterfalls and beeswarms."""
        return explaining.shapley_of(self._shop, customer_ids, model_id=model)

    def recommend(
        self, customer_ids: Sequence[str], *, n: int = 10, again: bool = True, as_of: str | date | None = None
    ) -> list[Recommended]:
        """What to offer some customers; `again`: also what is due again. NotFoundError for an id nobody knows."""
        return recommending.recommend_all(self._shop, customer_ids, n=n, again=again, as_of=as_of)

    def recommendation_evaluation(self, *, as_of: str | date | None = None) -> dict[str, Any]:
        """What recommendations would have been worth on the shop's past, and which method is used for it."""
        return dict(needed_recommender(self._shop, as_of=as_of, wait=True).facts)

    def import_vouchers(
        self,
        file: str | Path | None = None,
        *,
        countries: Sequence[str] | None = None,
        policy: str | None = None,
        rules: Sequence[Mapping[str, Any]] | None = None,
        in_warehouse: bool = False,
    ) -> dict[str, Any]:
        """Make a voucher history of a file, or anew of the raw one that is there; its ledger, rules and notes."""
        wishes = vouchers.HistoryWishes(countries=countries, policy=policy, rules=rules, in_warehouse=in_warehouse)
        return vouchers.import_history(self._shop, _paths(file) if file else [], wishes=wishes).as_dict()

    def voucher_segments(self, *, country: str | None = None) -> dict[str, Any]:
        """The most used voucher of every segment, with n, share and ties."""
        return voucher_answers.segments_as_dict(self._shop, country=country)

    def voucher_decision(self, question: VoucherQuestion) -> Decision:
        """The voucher of one customer, by default as of the shop's today; nothing is recorded."""
        return voucher_decisions.decide_voucher(self._shop, question)

    def export(self, table: str, out: str | Path, *, as_of: str | date | None = None) -> int:
        """Write customers, orders, lines or segments to a .csv or .parquet file; returns the rows."""
        return exporting.export(self._shop, table, Path(out), as_of=as_of)


def open_shop(home: str | Path | None = None, *, tenant: str | None = None, **settings: object) -> Shop:
    """The shop of a home folder and tenant; other `settings` as in docs/settings.md (default: environment and file)."""
    return Shop(opening.Shop.open(Settings.load({"home": home, "tenant": tenant, **settings})))


def catalogue() -> Table:
    """Every feature with its definition, unit, null rule and inputs."""
    features = feature_rows()
    names = tuple(features[0])
    return Table(names, [tuple(row[name] for name in names) for row in features])


def _table(rows: Rows) -> Table:
    return Table(rows.names, rows.rows)


def _paths(files: Files) -> list[Path]:
    listed = [files] if isinstance(files, str | Path) else files
    return [Path(file).expanduser() for file in listed]
