import json

import numpy as np
import pytest

from holdfast.forecast.reasons import Group, drivers
from holdfast.forecast.reasons.drivers import Direction, Drivers, _direction

from .shops import Trained


@pytest.fixture(scope="module")
def found(shop: Trained) -> Drivers:
    return drivers(shop.model, shop.snapshot, against=shop.background)


def test_silence_is_a_driver_and_goes_with_fewer_orders(found: Drivers) -> None:
    directions = {driver.name: driver.direction for driver in found.columns}
    assert directions["history.quiet_days"] is Direction.LESS
    assert Group.QUIET in [driver.group for driver in found.groups[:2]]


def test_drivers_are_ordered_and_shares_add_up(found: Drivers) -> None:
    for listed in (found.groups, found.columns):
        sizes = [driver.points for driver in listed]
        assert sizes == sorted(sizes, reverse=True)
        assert all(size > 0 for size in sizes)
    assert sum(driver.share for driver in found.groups) == pytest.approx(1.0)
    assert 0.0 < found.typical < 1.0


def test_a_driver_is_never_called_a_cause(found: Drivers) -> None:
    stored = json.loads(json.dumps(found.as_json()))
    assert stored["note"] == "Associated with the chance to order; not shown to cause it."
    assert all("associated with" in driver["direction"] for driver in stored["columns"])


def test_the_same_customers_each_time(shop: Trained) -> None:
    few = drivers(shop.model, shop.snapshot, customers=100)
    assert 50 < few.customers < 150
    assert few == drivers(shop.model, shop.snapshot, customers=100)


def test_directions() -> None:
    rising = np.arange(20.0)
    assert _direction(rising, rising**3) is Direction.MORE
    assert _direction(rising, -rising) is Direction.LESS
    assert _direction(rising, (rising - 9.5) ** 2) is Direction.NEITHER
    assert _direction(np.ones(20), rising) is Direction.NEITHER
    assert _direction(np.where(rising < 12, np.nan, rising), rising) is Direction.NEITHER
