import numpy as np
import pytest
from scipy.special import expit
from sklearn.metrics import roc_auc_score

from holdfast.forecast.arrays import Vector
from holdfast.forecast.learning.design import Columns
from holdfast.forecast.learning.trees import Boosting, Table, Trees, contributions, correction

BUYS = Boosting("binary", 40, 0.1)
COUNTS = Boosting("poisson", 40, 0.1)
SPENDS = Boosting("tweedie", 40, 0.1)
ROWS = 1500


@pytest.fixture(scope="module")
def columns() -> Columns:
    found = np.random.default_rng(1).normal(size=(ROWS, 4)).astype(np.float32)
    found[::7, 3] = np.nan
    return found


@pytest.fixture(scope="module")
def log_odds(columns: Columns) -> Vector:
    """Known: twice the first column. Not known yet: a step in the second."""
    found: Vector = 2.0 * columns[:, 0].astype(np.float64) + np.where(columns[:, 1] > 0, 1.0, -1.0)
    return found


@pytest.fixture(scope="module")
def bought(log_odds: Vector) -> Vector:
    found: Vector = (np.random.default_rng(2).random(ROWS) < expit(log_odds)).astype(np.float64)
    return found


def table(columns: Columns) -> Table:
    return Table(columns, np.ones(len(columns)))


def test_the_same_seed_and_data_give_the_same_text(columns: Columns, bought: Vector) -> None:
    base = np.zeros(ROWS)
    first, again, other = (table(columns).boost(BUYS, label=bought, base=base, seed=seed).text for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_learners_that_share_a_table_do_not_hear_each_other(columns: Columns, bought: Vector) -> None:
    shared, base = table(columns), np.full(ROWS, 0.3)
    before = shared.boost(BUYS, label=bought, base=np.zeros(ROWS), seed=0)
    shared.boost(COUNTS, label=3 * bought, base=base, seed=0)
    after = shared.boost(BUYS, label=bought, base=np.zeros(ROWS), seed=0)
    assert after.text == before.text


def test_trees_learn_what_the_base_does_not_know(columns: Columns, log_odds: Vector, bought: Vector) -> None:
    base = 2.0 * columns[:, 0].astype(np.float64)
    learned = correction(table(columns).boost(BUYS, label=bought, base=base, seed=0), columns)
    step = columns[:, 1] > 0
    assert learned[step].mean() - learned[~step].mean() == pytest.approx(2.0, abs=0.5)
    assert abs(np.corrcoef(learned, columns[:, 0])[0, 1]) < 0.2, "what is known is not learned again"
    assert roc_auc_score(bought, base + learned) > roc_auc_score(bought, base) + 0.02


@pytest.mark.parametrize("boosting", [BUYS, COUNTS, SPENDS], ids=lambda boosting: boosting.objective)
def test_the_correction_is_on_the_scale_of_the_link(columns: Columns, bought: Vector, boosting: Boosting) -> None:
    """The label's mean is met once base and correction are brought back from the link."""
    label = bought if boosting is BUYS else 5.0 * bought
    base = np.full(ROWS, 0.0 if boosting is BUYS else np.log(label.mean()))
    linked = base + correction(table(columns).boost(boosting, label=label, base=base, seed=0), columns)
    met = expit(linked) if boosting is BUYS else np.exp(linked)
    assert met.mean() == pytest.approx(label.mean(), rel=0.05)


def test_weights_count(columns: Columns, bought: Vector) -> None:
    weighed = Table(columns, np.where(bought > 0, 1.0, 0.1)).boost(BUYS, label=bought, base=np.zeros(ROWS), seed=0)
    fair = table(columns).boost(BUYS, label=bought, base=np.zeros(ROWS), seed=0)
    assert correction(weighed, columns).mean() > correction(fair, columns).mean() + 1.0


def test_the_text_is_the_whole_model(columns: Columns, bought: Vector) -> None:
    trees = table(columns).boost(BUYS, label=bought, base=np.zeros(ROWS), seed=0)
    np.testing.assert_array_equal(correction(Trees(str(trees.text)), columns), correction(trees, columns))


def test_contributions_add_up_to_the_correction(columns: Columns, bought: Vector) -> None:
    trees = table(columns).boost(BUYS, label=bought, base=np.zeros(ROWS), seed=0)
    shares = contributions(trees, columns)
    assert shares.shape == (ROWS, 5)
    np.testing.assert_allclose(shares.sum(axis=1), correction(trees, columns), atol=1e-4)
    assert np.abs(shares[:, 0]).mean() > np.abs(shares[:, 2]).mean(), "the first column decides, the third is noise"


def test_too_few_rows_teach_nothing() -> None:
    few = np.arange(20, dtype=np.float32).reshape(10, 2)
    label = np.array([0.0, 1.0] * 5)
    learned = correction(table(few).boost(BUYS, label=label, base=np.zeros(10), seed=0), few)
    assert np.isfinite(learned).all()
    assert np.ptp(learned) == 0.0


def test_missing_values_are_a_branch_of_their_own(columns: Columns) -> None:
    missing = np.isnan(columns[:, 3])
    learned = correction(
        table(columns).boost(BUYS, label=missing.astype(np.float64), base=np.zeros(ROWS), seed=0), columns
    )
    assert np.isfinite(learned).all()
    assert learned[missing].min() > learned[~missing].max()
