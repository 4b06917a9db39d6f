"""RFM groups of customers who need not be in the shop."""

from collections.abc import Sequence
from typing import Annotated, TypeAlias

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from holdfast.api.callers import InService, Viewer
from holdfast.segments import RfmCutoffs
from holdfast.workflows.reading import shop_of
from holdfast.workflows.segments import Placed, cutoffs_of, place_features, place_scores
from holdfast.workflows.views import view_if_there

router = APIRouter(tags=["segments"])

LARGEST = 1e15
"""Beyond any figure of a customer; larger numbers are refused rather than rounded."""

Number: TypeAlias = Annotated[float, Field(ge=-LARGEST, le=LARGEST, allow_inf_nan=False)]


class Cutoffs(BaseModel):
    """The values from which on a customer scores 2, 3, 4 and 5; null where nobody earned that score."""

    model_config = ConfigDict(extra="forbid")

    recency: list[Number | None] = Field(min_length=4, max_length=4, description="Days since the last order, falling.")
    frequency: list[Number | None] = Field(min_length=4, max_length=4, description="Orders, rising.")
    monetary: list[Number | None] = Field(min_length=4, max_length=4, description="Net revenue, rising.")

    def as_cutoffs(self) -> RfmCutoffs:
        """In the words of the segments; PolicyError where they contradict themselves."""
        return RfmCutoffs(**{name: tuple(cuts) for name, cuts in self.model_dump().items()})


class PostedFeatures(BaseModel):
    """A customer as three figures."""

    model_config = ConfigDict(extra="forbid")

    customer_id: Annotated[str, Field(max_length=500)] | None = None
    recency_days: Annotated[float, Field(ge=0, le=LARGEST)] = Field(description="Days since the last order.")
    frequency: Annotated[float, Field(ge=0, le=LARGEST)] = Field(description="Orders so far.")
    monetary: Number = Field(description="Net revenue so far.")


class PostedScores(BaseModel):
    """A customer as three scores, 5 is best."""

    model_config = ConfigDict(extra="forbid")

    customer_id: Annotated[str, Field(max_length=500)] | None = None
    r: Annotated[int, Field(ge=1, le=5)]
    f: Annotated[int, Field(ge=1, le=5)]
    m: Annotated[int, Field(ge=1, le=5)]


class RfmQuestion(BaseModel):
    """Customers as figures or as scores, and the cut-offs to score figures by."""

    model_config = ConfigDict(extra="forbid")

    customers: Annotated[list[PostedFeatures] | list[PostedScores], Field(min_length=1, max_length=10_000)]
    cutoffs: Cutoffs | None = Field(
        default=None,
        description="Default: those of the shop's own ranks; in a shop without customers the ranks of those posted.",
    )


class Placement(BaseModel):
    """Where a customer belongs."""

    customer_id: str | None
    r: int
    f: int
    m: int
    fm: int
    rfm_group: str
    rfm_group_eight: str


class Placements(BaseModel):
    """Where posted customers belong, in their order, and what they were scored by."""

    items: list[Placement]
    cutoffs: Cutoffs | None
    cutoffs_from: str | None = Field(description="request, shop or posted customers; null where scores were posted.")


@router.post("/segments/rfm")
def place_customers(body: RfmQuestion, caller: Viewer, service: InService) -> Placements:
    """The RFM group of customers who need not be in the shop; keeps nothing."""
    ids = [customer.customer_id for customer in body.customers]
    scored = [(each.r, each.f, each.m) for each in body.customers if isinstance(each, PostedScores)]
    if scored:
        return _placements(ids, place_scores(scored))
    view = None if body.cutoffs else view_if_there(shop_of(service, caller.tenant))
    figures = [
        (each.recency_days, each.frequency, each.monetary)
        for each in body.customers
        if isinstance(each, PostedFeatures)
    ]
    given = body.cutoffs.as_cutoffs() if body.cutoffs else None
    return _placements(ids, place_features(figures, cutoffs=given, shop=cutoffs_of(view)))


def _placements(ids: Sequence[str | None], found: Placed) -> Placements:
    scores, cutoffs = found.scores, found.cutoffs
    return Placements(
        items=[
            Placement(
                customer_id=name,
                r=int(scores.r[at]),
                f=int(scores.f[at]),
                m=int(scores.m[at]),
                fm=int(scores.fm[at]),
                rfm_group=found.groups[at],
                rfm_group_eight=found.groups_eight[at],
            )
            for at, name in enumerate(ids)
        ],
        cutoffs=Cutoffs(
            recency=list(cutoffs.recency), frequency=list(cutoffs.frequency), monetary=list(cutoffs.monetary)
        )
        if cutoffs
        else None,
        cutoffs_from=found.cutoffs_from,
    )
