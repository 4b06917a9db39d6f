"""What is kept beside a model, as answers describe it: its backtest, its card, and what drives its forecasts.

The files are written once and handed out as they are, without being taken apart and put together again; these shapes
are what a test compares them with, and what clients are made from. A file may hold more than is named here.
"""

from pydantic import BaseModel, Field


class Counted(BaseModel):
    """A share that was counted, with its 95 % interval."""

    part: int
    whole: int
    value: float
    low: float
    high: float


class Difference(BaseModel):
    """What a forecast has over another one, with its 95 % interval."""

    ours: float
    theirs: float
    value: float
    low: float
    high: float


class Scores(BaseModel):
    """How good a way of forecasting was; null is what it does not forecast."""

    customers: int
    buyers: int
    base_rate: float
    auc: float | None
    average_precision: float | None
    log_loss: float | None
    brier: float | None
    ece: float | None = Field(description="Expected calibration error.")
    captured_buyers: float | None
    gain_buyers: float | None
    captured_spend: float | None = Field(description="Share of spend held by the first 10 % of the ranking.")
    gain_spend: float | None


class MethodRow(BaseModel):
    """A method over all past dates, beside the forecast."""

    method: str
    scores: Scores
    auc_difference: Difference | None
    log_loss_difference: Difference | None
    captured_spend_difference: Difference | None


class ReliabilityBin(BaseModel):
    """Customers of whom about the same was said, and what they did."""

    customers: int
    predicted: float
    observed: Counted


class Coverage(BaseModel):
    """How much of what was spent lay below, in and above its interval."""

    below: Counted
    inside: Counted
    above: Counted


class Total(BaseModel):
    """A sum as expected and as it came."""

    expected: float
    actual: float
    bias: float | None


class PastDate(BaseModel):
    """One date of the past, as forecast then and as it came."""

    date: str
    customers: int
    buyers: int
    state: str
    season_known: bool
    level_words: str
    orders: Total
    spend: Total
    scores: dict[str, Scores] = Field(description="By method.")
    reliability: list[ReliabilityBin]


class CostPoint(BaseModel):
    """What it costs to flag everybody from a threshold on; null flags nobody."""

    threshold: float | None
    flagged: int
    wasted: float
    lost: float


class Assumptions(BaseModel):
    """What costs were counted with."""

    margin: float
    success_rate: float
    incentive: float | None
    incentive_share: float
    currency: str | None


class Costs(BaseModel):
    """Costs by threshold."""

    customers: int
    best: CostPoint
    treat_nobody: CostPoint
    treat_all: CostPoint
    curve: list[CostPoint]


class Threshold(BaseModel):
    """From which risk on an incentive pays."""

    threshold: float
    incentive: float
    assumptions: Assumptions
    cost: Costs | None = Field(description="Null where nothing was spent.")
    sentence: str


class GainPoint(BaseModel):
    """How much of all spend the first share of a ranking held."""

    share: float
    spend: float


class Graded(BaseModel):
    """How far a forecast can be trusted."""

    grade: str
    sentence: str


class Backtest(BaseModel):
    """What forecasts would have been worth on past dates."""

    horizon: int
    dates: list[PastDate]
    reason: str = Field(description="Why there are fewer dates than were asked for; empty if there are not.")
    table: list[MethodRow]
    graded: Graded
    reliability: list[ReliabilityBin]
    ece: float | None
    spend_coverage: Coverage | None
    threshold: Threshold | None
    sentence: str
    as_of_date: str
    gain: dict[str, list[GainPoint]] | None = Field(default=None, description="By method.")


class Card(BaseModel):
    """What a model is for, what it saw, how good it was, and its limits."""

    grade: str
    use_rule: bool
    sentence: str
    evidence: str
    state: str
    missing: list[str]
    season_known: bool
    customers: int
    order_days: int
    first_day: str
    last_day: str
    horizon: int
    features: int
    folds: list[str]
    level: str
    past_dates: list[str]
    leak: str
    next_order: str
    limits: list[str]


class DriverGroup(BaseModel):
    """What a group of columns moves, in percentage points of the chance to order."""

    group: str
    points: float
    share: float


class DriverColumn(BaseModel):
    """What a column moves, and in which direction."""

    name: str
    group: str
    points: float
    direction: str


class Drivers(BaseModel):
    """What the forecasts of the whole shop are associated with."""

    customers: int
    typical: float
    groups: list[DriverGroup]
    columns: list[DriverColumn]
