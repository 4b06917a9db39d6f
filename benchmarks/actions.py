"""Who gets the offer: ranking by profit beside ranking by risk, by value at risk, and at random; effects are known.

    python benchmarks/actions.py                        # 40 simulated shops of 20,000 customers
    python benchmarks/actions.py --docs docs/actions.md

A shop's customers are of four kinds: persuadables, sure things, lost causes, and do-not-disturbs, whom the offer drives
away. Nobody sees the kind. Seen are a forecast of the chance and of the value, both with error, and a group that says
something about the kind, as a risk band does. Each method fills a list of the same number of contacts; what the list
truly earns is known, since the effect on everybody is. Profit ranking is told twice: by the rule of thumb alone, and
after one list to a tenth of the shop, drawn at random, half of it held out, whose buyers were counted by group.
"""

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from quality_tables import table
from report import machine, write_between
from scipy.special import expit, logit

from holdfast.actions.effect import Arms, Effect, believed_after, measured
from holdfast.actions.profit import Expected, Offer, Prospects, expect
from holdfast.experiments.assign import assign

Vector = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

KINDS = ("persuadable", "sure thing", "lost cause", "do not disturb")
SHARES = (0.25, 0.30, 0.30, 0.15)
CHANCES = ((3, 4), (12, 2), (1, 20), (4, 5))
"""Beta distributions of the chance to order without an offer, by kind."""

THETAS = (0.7, 0.1, 0.05, -0.7)
"""What the offer does to the log-odds, by kind."""

GROUPS = ((0.7, 0.1, 0.1, 0.1), (0.15, 0.7, 0.05, 0.1), (0.1, 0.05, 0.75, 0.1), (0.2, 0.1, 0.1, 0.6))
"""By kind, the chance to be seen in each of four groups."""

OFFER = Offer(contact_cost=0.5, incentive=4.0, redeemed=0.8)
MARGIN = 0.35
BELIEVED = Effect.of_points(4, give_or_take=6)
FORECAST_ERROR = 0.4
"""Standard deviation of the forecast's error, in log-odds and in the logarithm of value."""


@dataclass(frozen=True, slots=True, eq=False)
class Shop:
    """What is true of every customer, and what is seen of them."""

    p: Vector
    theta: Vector
    value: Vector
    group: Integers
    seen: Prospects

    def earns(self, chosen: Integers) -> float:
        """The true expected profit of making the offer to these customers."""
        treated = expit(logit(self.p[chosen]) + self.theta[chosen])
        added = (treated - self.p[chosen]) * self.value[chosen] * MARGIN
        costs = OFFER.contact_cost + treated * OFFER.redeemed * OFFER.incentive
        return float((added - costs).sum())


def main() -> int:
    """Simulate, rank, print."""
    options = _options()
    earned: dict[str, list[float]] = {}
    for nth in range(options.shops):
        shop = simulate(options.customers, np.random.default_rng([options.seed, nth]))
        for name, value in lists(shop, options.contacts, np.random.default_rng([options.seed, nth, 1])).items():
            earned.setdefault(name, []).append(value)
    text = shown(earned, options)
    print(text)
    if options.docs:
        write_between(options.docs, "actions", text)
    return 0


def simulate(customers: int, draw: np.random.Generator) -> Shop:
    """A shop, and what can be seen of it."""
    kind = draw.choice(len(KINDS), size=customers, p=SHARES)
    p = np.clip(np.array([draw.beta(*CHANCES[each]) for each in kind]), 1e-4, 1 - 1e-4)
    value = draw.lognormal(4.0, 0.8, customers)
    group = np.array([draw.choice(4, p=GROUPS[each]) for each in kind])
    seen_p = np.asarray(expit(logit(p) + draw.normal(0, FORECAST_ERROR, customers)), dtype=np.float64)
    seen_value = value * draw.lognormal(0, FORECAST_ERROR, customers)
    prospects = Prospects(seen_p, seen_value, seen_value / 2, MARGIN)
    return Shop(p, np.array(THETAS)[kind], value, group, prospects)


def lists(shop: Shop, contacts: int, draw: np.random.Generator) -> Mapping[str, float]:
    """What the list of each method truly earns; those by profit stop where the next customer costs more."""
    n, p, value = len(shop.p), shop.seen.p_buy, shop.seen.value
    by_thumb = expect(shop.seen, OFFER, BELIEVED)
    after = _after_a_list(shop, draw)
    truth = expit(logit(shop.p) + shop.theta)
    true_profit = (truth - shop.p) * shop.value * MARGIN - OFFER.contact_cost - truth * OFFER.redeemed * OFFER.incentive
    return {
        "at random": shop.earns(draw.permutation(n)[:contacts]),
        "by risk": shop.earns(_first(1 - p, contacts)),
        "by value at risk": shop.earns(_first((1 - p) * value, contacts)),
        "by profit, rule of thumb": shop.earns(_first(by_thumb.profit, contacts, above=0)),
        "by profit, after one measured list": shop.earns(_first(after.profit, contacts, above=0)),
        "if all effects were known": shop.earns(_first(true_profit, contacts, above=0)),
    }


def _after_a_list(shop: Shop, draw: np.random.Generator) -> Expected:
    """What is expected once a list to a tenth of the shop was measured, group by group."""
    listed = np.sort(draw.permutation(len(shop.p))[: len(shop.p) // 10])
    held_out = assign(shop.seen.value[listed], share=0.5, seed=int(draw.integers(2**31))).held_out
    chance = np.where(held_out, shop.p[listed], expit(logit(shop.p[listed]) + shop.theta[listed]))
    bought = draw.random(len(listed)) < chance
    parts = np.empty((5, len(shop.p)))
    for group in np.unique(shop.group):
        mine = shop.group[listed] == group
        treated, alone = mine & ~held_out, mine & held_out
        arms = Arms(int(treated.sum()), int(bought[treated].sum()), int(alone.sum()), int(bought[alone].sum()))
        everybody = shop.group == group
        seen = Prospects(
            shop.seen.p_buy[everybody], shop.seen.value[everybody], shop.seen.order_value[everybody], MARGIN
        )
        found = expect(seen, OFFER, believed_after(BELIEVED, measured(arms)))
        parts[:, everybody] = (found.profit, found.profit_low, found.profit_high, found.cost, found.added_buyers)
    return Expected(*parts)


def _first(ranking: Vector, contacts: int, *, above: float | None = None) -> Integers:
    order = np.argsort(-ranking, kind="stable")[:contacts]
    return order if above is None else order[ranking[order] > above]


def shown(earned: Mapping[str, list[float]], options: argparse.Namespace) -> str:
    """A table: what the lists earn in the mean over the shops, and beside risk ranking."""
    anchor = np.array(earned["by risk"])
    rows = []
    for name, values in earned.items():
        mean, error = np.mean(values), np.std(values, ddof=1) / np.sqrt(len(values))
        more = np.array(values) - anchor
        margin = 1.96 * np.std(more, ddof=1) / np.sqrt(len(more))
        against = "" if name == "by risk" else f"{more.mean():+,.0f} (± {margin:,.0f})"
        best = f"{(np.array(values) > anchor).mean():.0%}"
        rows.append([name, f"{mean:,.0f} (± {1.96 * error:,.0f})", against, "" if name == "by risk" else best])
    facts = ", ".join(f"{name} {value}" for name, value in machine().items() if name in ("python", "holdfast", "numpy"))
    told = (
        f"{options.shops} shops of {options.customers:,} customers, up to {options.contacts:,} contacts each; {facts}."
    )
    return f"{told} Intervals are 95 %.\n\n" + table(["list", "true profit", "more than by risk", "better in"], rows)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shops", type=int, default=40)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--contacts", type=int, default=4_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--docs", type=Path, help="write the table into this page")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
