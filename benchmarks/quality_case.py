"""A task opened up: the same history and the same training as through the door, with its parts in hand.

The history is imported as `holdfast forecast --policy none` does it, so that the forecast of a Case is the one of the
door; ablations change one part of it and leave the others as they are.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from quality_scores import Figures, figures
from quality_tasks import Task, truth, write_history

from holdfast.engine import Query
from holdfast.forecast import ForecastConfig, Level, Model, Past, Snapshot, fit
from holdfast.forecast.arrays import Vector
from holdfast.forecast.days import day_number
from holdfast.forecast.folds import plan
from holdfast.forecast.labels import Outcomes, select
from holdfast.forecast.learning import blend, members, purchases
from holdfast.forecast.learning.blend import Expected
from holdfast.forecast.learning.design import Design, design
from holdfast.forecast.learning.lessons import Lesson, learn_from
from holdfast.forecast.learning.members import Members
from holdfast.forecast.learning.purchases import Outlook
from holdfast.forecast.measures.scores import score
from holdfast.forecast.proof.remembered import Remembered
from holdfast.settings import Settings
from holdfast.workflows.importing import HowToRead, import_files
from holdfast.workflows.past import past_of
from holdfast.workflows.shop import Shop

Said = Mapping[str, Vector]
"""Member -> what it says of each customer, on the scale of its link."""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """What the model of a task learned from, what it knows of the customers (`now`), and what they did."""

    task: Task
    config: ForecastConfig
    past: Past
    now: Snapshot
    outcomes: Outcomes
    model: Model
    outlook: Outlook
    design: Design
    said: Said

    def expected(self, said: Said | None = None, *, level: Level | None = None) -> Expected:
        """The forecast with other opinions or another level than the model's own."""
        opinions = self.said if said is None else said
        mixed = blend.fit(opinions, self.outlook, self.model.level if level is None else level)
        return blend.apply(mixed, opinions, self.outlook)

    def judged(self, expected: Expected) -> Figures:
        """The scores of a forecast of these customers."""
        found = score(self.outcomes, p_buy=expected.p_buy, e_orders=expected.orders, e_spend=expected.spend)
        return figures(found)

    def trained(self, lessons: Sequence[Lesson], today: Design) -> Figures:
        """The scores where the members learn from other lessons; `today` has the same columns as these."""
        learned = members.fit(lessons, seed=self.config.seed)
        return self.judged(self.expected(members.opinions(learned, today, self.outlook)))


@contextmanager
def opened(task: Task, data: Path) -> Iterator[Case]:
    """Import the history of a task, train on it, and hold everything ready while the block runs."""
    with TemporaryDirectory(prefix="holdfast-") as home:
        history = Path(home) / "history.parquet"
        write_history(task, data, history)
        settings = Settings.load({"home": Path(home), "tenant": "quality"})
        shop = Shop.open(settings)
        import_files(shop, [history], how=HowToRead(), policy="none")
        with shop.stage() as (engine, _):
            names = engine.columns(
                Query("customers", "one customer", "SELECT customer_key, customer_id FROM customers")
            )
            ids = dict(zip(names["customer_key"].tolist(), map(str, names["customer_id"]), strict=True))
            past = Remembered(past_of(engine)).past
            yield _case(task, data, past, ForecastConfig(horizon=task.horizon, seed=settings.seed), ids)


def lessons_of(case: Case, past: Past | None = None, *, features: Sequence[str] | None = None) -> list[Lesson]:
    """What the model learned from, or would learn from another past of the same customers, as `fit` finds it."""
    folds = plan(first_day=case.now.day - case.now.history_days, as_of=case.now.day, horizon=case.task.horizon)
    customers_then = sum(int(np.count_nonzero(case.now.day - fold.day < case.now.summary.T)) for fold in folds)
    found = [
        learn_from(
            past or case.past,
            fold,
            as_of=case.now.day,
            horizon=case.task.horizon,
            features=case.model.features if features is None else features,
            start=case.model.purchases,
            share=min(case.config.most_rows / max(customers_then, 1), 1.0),
            seed=case.config.seed,
        )
        for fold in folds
    ]
    return [lesson for lesson in found if lesson]


def opinions_at(model: Model, now: Snapshot) -> tuple[Outlook, Design, Said]:
    """What a model and its members say of the customers of a day."""
    outlook = purchases.look(model.purchases, now, horizon=model.horizon)
    today = design(now, outlook, features=model.features)
    return outlook, today, members.opinions(trained_members(model), today, outlook)


def trained_members(model: Model) -> Members:
    """The members of a model; the tasks' histories are all long enough for them."""
    if model.members is None:
        raise ValueError("This history is too short for the ablations.")
    return model.members


def _case(task: Task, data: Path, past: Past, config: ForecastConfig, ids: Mapping[int, str]) -> Case:
    now = past.at(day_number(task.cutoff))
    model = fit(past, as_of=now.day, config=config)
    outlook, today, said = opinions_at(model, now)
    came = truth(task, data)
    at = {name: row for row, name in enumerate(came.customers)}
    rows = np.array([at[ids[key]] for key in now.keys.tolist()], dtype=np.int64)
    return Case(task, config, past, now, select(came.outcomes, rows), model, outlook, today, said)
