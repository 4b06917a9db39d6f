"""What treating a customer brings, beside leaving them alone."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import expit, logit
from scipy.stats import norm

from holdfast.actions.effect import Effect
from holdfast.actions.profit import Offer, Prospects, expect
from holdfast.errors import InputError


def prospects(*p_buy: float, value: float = 100.0, order_value: float = 50.0, margin: float = 0.3) -> Prospects:
    n = len(p_buy)
    return Prospects(np.array(p_buy), np.full(n, value), np.full(n, order_value), margin)


CERTAIN = Effect(float(logit(0.6)), 1e-9)
"""Of those with an even chance, ten more in a hundred order."""


def test_profit_is_added_margin_less_contact_and_incentives() -> None:
    """0.1 x 100 x 0.3 = 3 comes in; 0.2 for the contact; 0.6 x 0.5 x (2 + 0.04 x 50) = 1.2 for the incentives."""
    found = expect(prospects(0.5), Offer(contact_cost=0.2, incentive=2, discount=0.04, redeemed=0.5), CERTAIN)
    assert found.profit[0] == pytest.approx(3 - 0.2 - 1.2)
    assert found.cost[0] == pytest.approx(0.2 + 1.2)
    assert found.added_buyers[0] == pytest.approx(0.1)


def test_sure_things_cost_incentives_and_lost_causes_contacts() -> None:
    sure, lost, even = expect(prospects(0.99, 0.01, 0.5), Offer(contact_cost=0.1, incentive=2), CERTAIN).profit
    assert sure < -1.5
    assert -0.1 < lost < 0.1
    assert even > 1.5


def test_the_mean_is_over_all_that_may_be_true_of_the_effect() -> None:
    effect = Effect(0.4, 0.8)
    found = expect(prospects(0.1, 0.5), Offer(), effect)
    for at, p_buy in enumerate((0.1, 0.5)):

        def added(theta: float, p_buy: float = p_buy) -> float:
            moved: float = expit(logit(p_buy) + theta) - p_buy
            return 100 * 0.3 * moved * float(norm.pdf(theta, 0.4, 0.8))

        assert found.profit[at] == pytest.approx(quad(added, -6, 6)[0], rel=1e-6)
        assert found.profit_low[at] < found.profit[at] < found.profit_high[at]
        assert found.profit_low[at] == pytest.approx(30 * (expit(logit(p_buy) + 0.4 - 1.2815516 * 0.8) - p_buy))


def test_low_is_low_also_where_an_incentive_is_dearer_than_the_order() -> None:
    found = expect(prospects(0.5), Offer(incentive=80), Effect(0.4, 0.8))
    assert found.profit_low[0] < found.profit[0] < found.profit_high[0] < 0


@pytest.mark.parametrize(
    "offer",
    [
        {"contact_cost": -1},
        {"incentive": float("nan")},
        {"incentive": float("inf")},
        {"redeemed": 1.1},
        {"discount": -0.1},
    ],
)
def test_an_offer_that_cannot_be_is_refused(offer: dict[str, float]) -> None:
    with pytest.raises(InputError, match="cannot cost"):
        Offer(**offer)


@pytest.mark.parametrize("given", [{"value": -1.0}, {"margin": 1.5}, {"margin": -0.1}, {"order_value": float("nan")}])
def test_prospects_that_cannot_be_are_refused(given: dict[str, float]) -> None:
    with pytest.raises(InputError):
        prospects(0.5, **given)
    with pytest.raises(InputError):
        prospects(1.2)
