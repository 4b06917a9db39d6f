from collections.abc import Callable

import numpy as np
import pytest

from holdfast.errors import InputError
from holdfast.forecast.arrays import Vector
from holdfast.forecast.measures.predicted import amounts, probabilities, ranking


def test_good_values_come_back_as_they_are() -> None:
    values = np.array([0.0, 0.5, 1.0])
    assert probabilities(values, customers=3) is values
    assert amounts(values, customers=3, name="e_spend") is values
    assert ranking(-values, customers=3).tolist() == [0.0, -0.5, -1.0]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, -0.01, 1.01])
def test_a_probability_lies_between_0_and_1(bad: float) -> None:
    with pytest.raises(InputError, match=r"p_buy cannot be used\. 1 of 2 values are not between 0 and 1"):
        probabilities(np.array([0.5, bad]), customers=2)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -0.01])
def test_an_amount_is_finite_and_not_negative(bad: float) -> None:
    with pytest.raises(InputError, match="e_spend cannot be used"):
        amounts(np.array([0.5, bad]), customers=2, name="e_spend")


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_rank_is_finite(bad: float) -> None:
    with pytest.raises(InputError, match="ranking cannot be used"):
        ranking(np.array([0.5, bad]), customers=2)


@pytest.mark.parametrize("check", [probabilities, ranking])
def test_there_is_one_value_per_customer(check: Callable[..., Vector]) -> None:
    with pytest.raises(InputError, match=r"shape \(2,\) for 3 customers"):
        check(np.array([0.5, 0.5]), customers=3)
    with pytest.raises(InputError, match=r"shape \(3, 1\) for 3 customers"):
        check(np.full((3, 1), 0.5), customers=3)
