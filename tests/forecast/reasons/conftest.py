import pytest

from .shops import Trained, trained


@pytest.fixture(scope="session")
def shop() -> Trained:
    return trained()


@pytest.fixture(scope="session")
def young() -> Trained:
    """Too young for any past date to teach anything: the purchase models alone."""
    return trained(customers=45, days=80)


@pytest.fixture(scope="session")
def without_amounts() -> Trained:
    return trained(amounts=False)
