from holdfast.forecast.measures.bootstrap import Comparison, Difference
from holdfast.forecast.measures.comparison import comparison_table, mean_scores
from holdfast.forecast.measures.scores import Scores, TotalScores


def totals(bias: float | None) -> TotalScores:
    return TotalScores(gini=0.5, mae=1.0, rmse=2.0, spearman=None, bias=bias)


def test_scores_are_averaged_over_the_dates_that_have_them_and_customers_added() -> None:
    found = mean_scores(
        [
            Scores(100, 30, 0.3, auc=0.7, log_loss=0.5, spend=totals(0.2)),
            Scores(300, 30, 0.1, auc=0.8, spend=totals(None)),
        ]
    )
    assert (found.customers, found.buyers, found.base_rate) == (400, 60, 0.15)
    assert found.auc == 0.75
    assert found.log_loss == 0.5
    assert found.brier is None
    assert found.orders is None
    assert found.spend == totals(0.2)


def test_one_row_a_method_with_what_ours_is_ahead() -> None:
    ahead = Difference(ours=0.8, theirs=0.7, value=0.1, low=0.05, high=0.15)
    dates = [{"ours": Scores(10, 3, 0.3, auc=0.8), "rule": Scores(10, 3, 0.3, auc=0.7)}]
    rows = comparison_table(dates, [Comparison("ours", "rule", 1, auc=ahead, log_loss=None, captured_spend=None)])
    assert [(row.method, row.scores.auc, row.auc_difference) for row in rows] == [
        ("ours", 0.8, None),
        ("rule", 0.7, ahead),
    ]


def test_no_dates_no_rows() -> None:
    assert comparison_table([], []) == ()
