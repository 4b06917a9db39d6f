"""What every column contributes to a customer's chance to order, on the scale of log-odds, where the blend is a mean.

Trees give Shapley values (Lundberg et al., 2020, "From local explanations to global understanding with explainable AI
for trees"), the linear model slope times value, the purchase models the Shapley values of `history`. A member that
forecasts orders reaches the log-odds through a curve; its contributions are scaled by the chord from the typical
customer to this one: the Aumann-Shapley value on the straight line between them (Aumann and Shapley, 1974).

All contributions are then taken less their mean over a sample of the shop's customers. So they say by how much a
customer differs from the shop's average, and baseline + sum = the customer's log-odds.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from holdfast.forecast.arrays import Integers, Matrix, Vector
from holdfast.forecast.learning import blend, members, purchases
from holdfast.forecast.learning.blend import Expected
from holdfast.forecast.learning.design import LEAST_VALUE, LINEAR, RANKED_MODELS, Design, design
from holdfast.forecast.learning.lessons import sampled
from holdfast.forecast.learning.linear import Linear
from holdfast.forecast.learning.members import LINEAR_NAME, RECIPES, Base, Members, Target, as_log_odds, columns_of
from holdfast.forecast.learning.purchases import Outlook
from holdfast.forecast.learning.trees import contributions as shapley_values
from holdfast.forecast.model import Model
from holdfast.forecast.past import Snapshot
from holdfast.forecast.reasons.groups import HISTORY, KNOWN_DAYS, PURCHASE_HISTORY, QUIET_DAYS
from holdfast.forecast.reasons.history import Parts, Typical, parts, typical

BACKGROUND = 1_000
"""Customers whose mean is taken off: enough for a mean, few enough for a moment's work."""

LINEAR_READS: tuple[Mapping[str, float], ...] = (
    {QUIET_DAYS: 1.0},
    {PURCHASE_HISTORY: 1.0},
    {KNOWN_DAYS: 1.0},
    {PURCHASE_HISTORY: 1.0},
    {PURCHASE_HISTORY: 1.0},
    *({name: 1.0} for name in LINEAR),
    {"purchases.log_odds": 1.0},
    {"purchases.log_odds": 1.0},
    {"purchases.log_orders": 1.0},
    {"purchases.p_alive": 1.0},
    {QUIET_DAYS: 0.5, PURCHASE_HISTORY: 0.5},
    {QUIET_DAYS: 1.0},
    {QUIET_DAYS: 0.5, KNOWN_DAYS: 0.5},
)
"""What each scaled column of a design is made of, in its order; a product belongs half to either factor."""

FLAT = 1e-6
"""A chord shorter than this is replaced by the tangent."""


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """What the customers of a snapshot are compared with: made once, used for each of them.

    `design` and `outlook` are those of all customers. `sample` are the rows whose means are taken off: `means` of the
    contributions, one per name, and `moved` of what moves the purchase models. `baseline` is their mean log-odds.
    """

    design: Design
    outlook: Outlook
    typical: Typical
    sample: Integers
    names: tuple[str, ...]
    means: Vector
    moved: Vector
    baseline: float


@dataclass(frozen=True, slots=True, eq=False)
class Contributions:
    """What each column adds to the log-odds of each customer: `values`, shape (n, number of names).

    baseline + the sum of a row = `log_odds`, within 1e-6 (the trees' values come in single precision). `moved`,
    shape (n, 7), is what moved the purchase models, see `attributed`; `expected` is the forecast itself.
    """

    keys: Integers
    names: tuple[str, ...]
    values: Matrix
    moved: Matrix
    baseline: float
    log_odds: Vector
    expected: Expected

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def typical_chance(self) -> float:
        """The chance of a customer without any contribution: the shop's average on the log-odds scale."""
        return float(expit(self.baseline))

    @property
    def points(self) -> Vector:
        """Percentage points of p_buy per unit of log-odds, shape (n,): the chord from the typical chance to p_buy.

        So points times contributions add up to the difference of the two chances (Aumann and Shapley, 1974).
        """
        return 100.0 * _chord(
            self.log_odds - self.baseline,
            self.expected.p_buy - self.typical_chance,
            tangent=self.expected.p_buy * (1.0 - self.expected.p_buy),
        )


def background(
    model: Model, snapshot: Snapshot, *, outlook: Outlook | None = None, prepared: Design | None = None
) -> Background:
    """The background of a snapshot; `outlook` and `prepared`, the design of its customers, are made if not given."""
    said = outlook or purchases.look(model.purchases, snapshot, horizon=model.horizon)
    form = prepared or design(snapshot, said, features=model.features)
    usual = typical(snapshot.summary)
    sample = sampled(snapshot.keys, BACKGROUND / len(snapshot))
    names = (*model.features, *(name for name in LINEAR if name not in model.features), *RANKED_MODELS, *HISTORY)
    customers = _customers(model, snapshot, sample, form, said, usual)
    return Background(
        design=form,
        outlook=said,
        typical=usual,
        sample=sample,
        names=names,
        means=_before_centring(model, customers, names).mean(axis=0),
        moved=customers.moved.mean(axis=0),
        baseline=float(_log_odds(model, customers).mean()),
    )


def contributions(model: Model, snapshot: Snapshot, rows: Integers, *, against: Background) -> Contributions:
    """The contributions to the customers at `rows`, in this order."""
    customers = _customers(model, snapshot, rows, against.design, against.outlook, against.typical)
    return Contributions(
        keys=snapshot.keys[rows],
        names=against.names,
        values=_before_centring(model, customers, against.names) - against.means,
        moved=customers.moved - against.moved,
        baseline=against.baseline,
        log_odds=_log_odds(model, customers),
        expected=blend.apply(model.blend, customers.said, customers.outlook),
    )


# --- customers -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Customers:
    """Some customers in all forms that members read, and what the members say of them."""

    design: Design
    outlook: Outlook
    parts: Parts
    moved: Matrix
    said: Mapping[str, Vector]


def _customers(
    model: Model, snapshot: Snapshot, rows: Integers, everybody: Design, expected: Outlook, usual: Typical
) -> _Customers:
    of_rows = Design(everybody.names, everybody.ranked[rows], everybody.plain[rows], everybody.scaled[rows])
    outlook, summary = expected.rows(rows), snapshot.summary.rows(rows)
    split = parts(model.purchases.orders, summary, against=usual, horizon=model.horizon)
    moved = [
        split.log_odds,
        split.log_orders,
        np.log(np.maximum(outlook.value, LEAST_VALUE)),
        np.column_stack([summary.T - summary.recency, summary.recency]),
    ]
    said = members.opinions(model.members, of_rows, outlook) if model.members else {}
    return _Customers(of_rows, outlook, split, np.column_stack(moved), said)


def _log_odds(model: Model, customers: _Customers) -> Vector:
    """The blended log-odds, as `blend` makes them."""
    centre = model.blend.centre
    if not centre:
        return customers.outlook.log_odds + model.blend.shift
    moved = [_member_log_odds(customers.said[name], name) + move for name, move in centre.items()]
    mean: Vector = np.mean(moved, axis=0)
    return mean + model.blend.shift


def _member_log_odds(said: Vector, name: str) -> Vector:
    return as_log_odds(said) if _counts_orders(name) else said


def _counts_orders(name: str) -> bool:
    return name != LINEAR_NAME and RECIPES[name].target is Target.ORDERS


# --- members ---------------------------------------------------------------------------------------------------------


def _before_centring(model: Model, customers: _Customers, names: tuple[str, ...]) -> Matrix:
    """What each column adds, up to a constant per column; shape (n, number of names)."""
    place = {name: at for at, name in enumerate(names)}
    found = np.zeros((len(customers.design), len(names)))
    if model.members is None or not model.blend.centre:
        _add_history(found, customers.parts.log_odds, place)
        return found
    for member in model.blend.centre:
        if member == LINEAR_NAME:
            found += _of_linear(model.members.linear, customers.design, place)
        else:
            found += _of_trees(model.members, member, customers, place)
    return found / len(model.blend.centre)


def _of_linear(model: Linear, design: Design, place: Mapping[str, int]) -> Matrix:
    shares = np.zeros((len(LINEAR_READS), len(place)))
    for nth, read in enumerate(LINEAR_READS):
        for name, share in read.items():
            shares[nth, place[name]] = share
    found: Matrix = (design.scaled * np.array(model.slopes)) @ shares
    return found


def _of_trees(trained: Members, member: str, customers: _Customers, place: Mapping[str, int]) -> Matrix:
    recipe = RECIPES[member]
    per_column = shapley_values(trained.trees[member], columns_of(customers.design, recipe.view)).astype(np.float64)
    found = np.zeros((len(customers.design), len(place)))
    found[:, [place[name] for name in customers.design.names]] = per_column[:, :-1]
    counts = recipe.target is Target.ORDERS
    parts = customers.parts
    if recipe.base is Base.PURCHASES:
        _add_history(found, parts.log_orders if counts else parts.log_odds, place)
    if not counts:
        return found
    start = per_column[:, -1] + (parts.typical_log_orders if recipe.base is Base.PURCHASES else 0.0)
    return found * _link_chord(start, customers.said[member])[:, None]


def _add_history(found: Matrix, split: Matrix, place: Mapping[str, int]) -> None:
    """Add the two parts of the purchase models, in place."""
    found[:, place[QUIET_DAYS]] += split[:, 0]
    found[:, place[PURCHASE_HISTORY]] += split[:, 1]


def _link_chord(start: Vector, end: Vector) -> Vector:
    """The slope from one log number of orders to another, once it is turned into log-odds of at least one."""
    orders = np.exp(end)
    return _chord(end - start, as_log_odds(end) - as_log_odds(start), tangent=-orders / np.expm1(-orders))


def _chord(run: Vector, rise: Vector, *, tangent: Vector) -> Vector:
    """The slope rise / run, or the tangent where there is no run to speak of."""
    flat = np.abs(run) < FLAT
    return np.where(flat, tangent, rise / np.where(flat, 1.0, run))
