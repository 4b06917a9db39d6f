import pytest

from holdfast.forecast.measures.bootstrap import Comparison, Difference
from holdfast.forecast.proof.grade import Grade, Graded, grade, points

BETTER, WORSE = (0.04, 0.07), (-0.07, -0.03)
NARROW, WIDE = (-0.01, 0.015), (-0.06, 0.09)


def difference(interval: tuple[float, float] | None, *, theirs: float) -> Difference | None:
    if interval is None:
        return None
    value = sum(interval) / 2
    return Difference(theirs + value, theirs, value, *interval)


def graded(
    auc: tuple[float, float] | None, spend: tuple[float, float] | None, *, customers: int = 3000, buyers: int = 900
) -> Graded:
    comparison = Comparison(
        "blend",
        "recency",
        3,
        auc=difference(auc, theirs=0.7),
        log_loss=None,
        captured_spend=difference(spend, theirs=0.4),
    )
    return grade(comparison, rule="the recency rule", horizon=90, customers=customers, buyers=buyers)


@pytest.mark.parametrize(
    ("auc", "spend", "expected"),
    [
        (BETTER, BETTER, Grade.BETTER),
        (BETTER, NARROW, Grade.BETTER),
        (BETTER, WIDE, Grade.BETTER),
        (NARROW, BETTER, Grade.BETTER),
        (BETTER, None, Grade.BETTER),
        (NARROW, NARROW, Grade.AS_GOOD),
        (NARROW, None, Grade.AS_GOOD),
        (WORSE, BETTER, Grade.WORSE),
        (BETTER, WORSE, Grade.WORSE),
        (WORSE, WIDE, Grade.WORSE),
        (NARROW, WIDE, Grade.CANNOT_TELL),
        (WIDE, NARROW, Grade.CANNOT_TELL),
        (WIDE, None, Grade.CANNOT_TELL),
        (None, BETTER, Grade.CANNOT_TELL),
    ],
)
def test_the_grade_follows_from_the_intervals(
    auc: tuple[float, float] | None, spend: tuple[float, float] | None, expected: Grade
) -> None:
    found = graded(auc, spend)
    assert found.grade is expected
    assert found.use_rule is (expected is not Grade.BETTER)


@pytest.mark.parametrize(
    ("auc", "expected"),
    [
        ((0.001, 0.004), Grade.AS_GOOD),  # sure, and too small to matter
        ((-0.004, -0.001), Grade.AS_GOOD),
        ((0.001, 0.006), Grade.BETTER),
        ((-0.02, 0.02), Grade.AS_GOOD),
        ((-0.021, 0.02), Grade.CANNOT_TELL),
        ((-0.02, 0.021), Grade.CANNOT_TELL),
        ((0.0, 0.03), Grade.CANNOT_TELL),  # zero is in it
    ],
)
def test_margins_of_the_auc(auc: tuple[float, float], expected: Grade) -> None:
    assert graded(auc, None).grade is expected


@pytest.mark.parametrize(
    ("spend", "expected"),
    [
        ((0.001, 0.01), Grade.AS_GOOD),
        ((0.001, 0.011), Grade.BETTER),
        ((-0.05, 0.05), Grade.AS_GOOD),
        ((-0.05, 0.051), Grade.CANNOT_TELL),
    ],
)
def test_margins_of_the_captured_spend(spend: tuple[float, float], expected: Grade) -> None:
    assert graded(NARROW, spend).grade is expected


def test_a_marketer_reads_the_numbers() -> None:
    assert graded((0.06, 0.08), (0.05, 0.11)).sentence == (
        "Better than the recency rule. Measured on 3 past dates. The first 10 % of the list held 48 % of the spend of"
        " the next 90 days, with the recency rule 40 % (+8.0 points, 95 % interval +5.0 to +11.0). Of a buyer and a"
        " non-buyer, the buyer came first 77 % of the time, with the recency rule 70 %"
        " (+7.0 points, 95 % interval +6.0 to +8.0)."
    )


@pytest.mark.parametrize(
    ("auc", "opening"),
    [
        (
            NARROW,
            "As good as the recency rule, not better: use the rule, it is simpler. Measured on 3 past dates. Of a",
        ),
        (WORSE, "Worse than the recency rule: use the rule. Measured"),
        (WIDE, "Cannot tell whether this is better than the recency rule: use the rule until it can be told. Measured"),
    ],
)
def test_what_is_not_better_says_use_the_rule(auc: tuple[float, float], opening: str) -> None:
    assert graded(auc, None).sentence.startswith(opening)


@pytest.mark.parametrize(
    ("customers", "buyers", "why"),
    [
        (99, 50, "99 customers on past dates; 100 are needed."),
        (3000, 29, "29 buyers on past dates; 30 are needed."),
        (3000, 1, "1 buyer on past dates; 30 are needed."),
        (3000, 2980, "20 customers without an order on past dates; 30 are needed."),
        (0, 0, "0 customers on past dates; 100 are needed."),
    ],
)
def test_too_few_cannot_be_told_whatever_the_interval_says(customers: int, buyers: int, why: str) -> None:
    found = graded(BETTER, BETTER, customers=customers, buyers=buyers)
    assert found.grade is Grade.CANNOT_TELL
    assert found.sentence.endswith(why)


def test_no_auc_is_a_reason() -> None:
    assert graded(None, None).sentence.endswith("Past dates with both buyers and non-buyers are needed.")


def test_differences_have_a_sign() -> None:
    assert points(Difference(0.5, 0.42, 0.081, -0.004, 0.112)) == "+8.1 points, 95 % interval -0.4 to +11.2"
