import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

from holdfast.errors import InputError
from holdfast.forecast.measures.thresholds import THRESHOLDS, Confusion, confusion, confusions

BOUGHT = np.array([False, False, True, False, True, True])
CHURN = np.array([0.9, 0.7, 0.7, 0.4, 0.3, 0.1])


@pytest.mark.parametrize(
    ("threshold", "cells", "precision", "recall", "f1"),
    [
        (0.0, (3, 3, 0, 0), 1 / 2, 1.0, 2 / 3),
        (0.7, (2, 1, 1, 2), 2 / 3, 2 / 3, 2 / 3),  # at the threshold is flagged
        (0.71, (1, 0, 2, 3), 1.0, 1 / 3, 1 / 2),
        (1.0, (0, 0, 3, 3), None, 0.0, 0.0),
    ],
)
def test_the_four_cells_by_hand(
    threshold: float, cells: tuple[int, int, int, int], precision: float | None, recall: float, f1: float
) -> None:
    found = confusion(BOUGHT, CHURN, threshold=threshold)
    assert found == Confusion(threshold, *cells)
    assert found.precision == precision
    assert [found.recall, found.f1] == pytest.approx([recall, f1])


def test_the_table_has_a_row_for_each_threshold() -> None:
    table = confusions(BOUGHT, CHURN)
    assert [each.threshold for each in table] == list(THRESHOLDS)
    assert (THRESHOLDS[0], THRESHOLDS[-1], len(THRESHOLDS)) == (0.05, 0.95, 19)
    assert table[9].row() == {
        "threshold": 0.5,
        "flagged_left": 2,
        "flagged_stayed": 1,
        "unflagged_left": 1,
        "unflagged_stayed": 2,
        "precision": 2 / 3,
        "recall": 2 / 3,
        "f1": 2 / 3,
    }


@pytest.mark.parametrize(
    ("bought", "flagged", "expected"),
    [
        (True, True, (0.0, None, 0.0)),
        (True, False, (None, None, None)),
        (False, True, (1.0, 1.0, 1.0)),
        (False, False, (None, 0.0, 0.0)),
    ],
)
def test_one_class(bought: bool, flagged: bool, expected: tuple[float | None, ...]) -> None:
    found = confusion(np.full(4, bought), np.full(4, 0.8 if flagged else 0.2), threshold=0.5)
    assert (found.precision, found.recall, found.f1) == expected


def test_nobody() -> None:
    found = confusion(np.empty(0, dtype=np.bool_), np.empty(0), threshold=0.5)
    assert found == Confusion(0.5, 0, 0, 0, 0)
    assert (found.precision, found.recall, found.f1) == (None, None, None)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 20)), min_size=1, max_size=60), st.integers(0, 20))
@settings(max_examples=60, deadline=None)
def test_agreement_with_scikit_learn(rows: list[tuple[bool, int]], step: int) -> None:
    bought = np.array([row[0] for row in rows])
    churn = np.array([row[1] / 20 for row in rows])
    found = confusion(bought, churn, threshold=step / 20)
    flagged = churn >= step / 20
    assert [[found.unflagged_stayed, found.flagged_stayed], [found.unflagged_left, found.flagged_left]] == (
        confusion_matrix(~bought, flagged, labels=[False, True]).tolist()
    )
    precision, recall, f1, _ = precision_recall_fscore_support(~bought, flagged, average="binary", zero_division=0)
    assert [found.precision or 0, found.recall or 0, found.f1 or 0] == pytest.approx([precision, recall, f1])


def test_a_probability_above_1_is_refused() -> None:
    with pytest.raises(InputError, match="churn_probability"):
        confusion(BOUGHT, CHURN + 1, threshold=0.5)
