"""Segments: every grouping with its figures and actions, and who is in one."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, Field

from holdfast.api.customers import AsOf, Customers, InList, answer_list
from holdfast.api.etags import UNCHANGED, InReading
from holdfast.api.files import FILE
from holdfast.api.rfm import Cutoffs
from holdfast.workflows.opened_views import View
from holdfast.workflows.segments import members

router = APIRouter(tags=["segments"])


class Segment(BaseModel):
    """One segment of a grouping; money exact, times in days, nulls where nobody has the figure."""

    segment: str
    customers: int
    customer_share: float | None
    revenue: str
    revenue_share: float | None
    mean_days_since_last_order: float
    median_days_since_last_order: float
    mean_order_count: float
    median_order_count: float
    mean_net_revenue: str
    median_net_revenue: str
    mean_churn_ratio: float | None
    median_churn_ratio: float | None
    bands: dict[str, int] = Field(description="Customers in each risk band.")
    action: str = Field(description="What to do with it, by its value and its risk.")


class Cell(BaseModel):
    """One cell of the RFM grid."""

    r: int
    fm: int
    group: str
    group_eight: str
    customers: int
    revenue: str
    revenue_share: float | None


class Profile(BaseModel):
    """The median customer of an archetype."""

    customers: int
    days_since_last_order: float
    order_days: float
    median_gap_days: float | None
    net_revenue: float


class Archetypes(BaseModel):
    """How archetypes were found; `clear` is false where there are none, and `reason` says why."""

    clear: bool
    reason: str
    names: list[str]
    profiles: list[Profile]
    features: list[str]
    silhouette: float | None
    stability: float | None


class RuleSegment(BaseModel):
    """One segment of the rules."""

    name: str
    kind: str
    sentence: str
    customers: int
    revenue: str
    revenue_share: float | None


class Rules(BaseModel):
    """Rule segments; `overlap[i][j]` customers are in both i and j, `outside` are in none."""

    segments: list[RuleSegment]
    overlap: list[list[int]]
    outside: int
    outside_revenue: str
    notes: list[str]


class Segments(BaseModel):
    """Every grouping as of a day."""

    as_of: date
    dataset: str
    currency: str | None
    customers: int
    revenue: str
    risk_cutoffs: dict[str, str] = Field(description="Each risk band's cut-off in words.")
    risk_bands: list[Segment]
    rfm_cutoffs: Cutoffs
    rfm_grid: list[Cell] = Field(description="All 25 cells, R 5 first, FM 1 first.")
    rfm_groups: list[Segment]
    rfm_groups_eight: list[Segment]
    archetypes: list[Segment]
    fitted_archetypes: Archetypes
    rules: Rules | None


@router.get("/segments", response_model=Segments, responses=UNCHANGED)
def list_segments(reading: InReading, as_of: AsOf = None) -> Response:
    """Every grouping: risk bands, RFM grid and groups, archetypes, rules; with figures and an action for each."""
    return reading.answer(lambda: _segments(reading.view(as_of)))


@router.get("/segments/{grouping}/{name:path}/customers", response_model=Customers, responses={**UNCHANGED, **FILE})
def list_segment_customers(
    grouping: Annotated[str, Path(description="risk_band, rfm_group, rfm_group_eight, archetype or rule.")],
    name: Annotated[str, Path(description="A segment of it, percent-encoded.")],
    reading: InReading,
    listed: InList,
) -> Response:
    """The customers of one segment: a list as `/customers`, with the same arguments."""
    return answer_list(reading, listed, members(reading.view(listed.as_of), grouping, name, listed.asked))


def _segments(view: View) -> Segments:
    facts = view.facts
    return Segments(
        as_of=date.fromisoformat(facts.as_of),
        dataset=facts.dataset,
        currency=facts.currency,
        customers=facts.customers,
        revenue=facts.revenue,
        rfm_cutoffs=Cutoffs(**facts.rfm_cutoffs),
        **facts.segments,
    )
