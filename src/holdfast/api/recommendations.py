"""Recommendations: what to offer a customer, some customers, and whether that would have been worth it."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from holdfast.api import profiles
from holdfast.api.callers import InService, Viewer
from holdfast.api.customers import AsOf
from holdfast.api.etags import UNCHANGED, InReading
from holdfast.workflows.reading import shop_of
from holdfast.workflows.recommender_files import Recommender
from holdfast.workflows.recommender_making import needed_recommender
from holdfast.workflows.recommending import (
    CUSTOMERS_AT_ONCE,
    DEFAULT,
    MOST,
    Recommended,
    Together,
    recommend,
    recommend_one,
)

router = APIRouter(tags=["recommendations"])

_ENDING = "/recommendations"

Many = Annotated[int, Query(ge=1, le=MOST, description="How many products.")]
Again = Annotated[
    bool,
    Query(
        description="Also products bought before that are due again, at most half of the list; false: new ones only."
    ),
]


class Because(BaseModel):
    """A product bought before, on which a recommendation rests."""

    product_id: str
    product_name: str


class Recommendation(BaseModel):
    """A product for a customer."""

    rank: int
    product_id: str
    product_name: str
    category: str | None
    score: float = Field(
        description="The chance that it is bought within the horizon if `score_is_chance`; else only for the order."
    )
    label: str = Field(
        description="How it came about: bought_with, similar_customers, due_again, popular_in_category, "
        "popular_in_segment or popular."
    )
    explanation: str
    because: list[Because]


class Learned(BaseModel):
    """What answers rest on."""

    as_of: date
    dataset: str
    horizon_days: int
    method: str = Field(description="What ranks new products: the method that was best on this shop's past.")
    why: str = Field(description="Why this method.")
    score_is_chance: bool


class CustomerRecommendations(Learned):
    """What to offer one customer."""

    customer_id: str
    note: str = Field(description="What was done otherwise than usual; empty if nothing.")
    items: list[Recommendation]


class CustomerList(BaseModel):
    """The list of one customer among several."""

    customer_id: str
    method: str
    note: str
    items: list[Recommendation]


class RecommendationsAsked(BaseModel):
    """Several customers in one call."""

    customer_ids: list[Annotated[str, Field(min_length=1, max_length=500)]] = Field(
        min_length=1, max_length=CUSTOMERS_AT_ONCE
    )
    n_recommendations: int = Field(default=DEFAULT, ge=1, le=MOST)
    again: bool = Field(default=True, description="Also products bought before that are due again.")
    as_of: str | None = Field(default=None, max_length=40, description="Default: the data set's proposal.")


class RecommendedTogether(Learned):
    """Lists in the order they were asked for; customers nobody knows are listed apart."""

    items: list[CustomerList]
    unknown: list[str]


class Measured(BaseModel):
    """A method on a past day, at ten products a customer."""

    method: str
    customers: int = Field(description="Customers known on the day who bought something in the horizon after it.")
    hit_rate: float = Field(description="Share of them for whom one of ten was right.")
    recall: float
    ndcg: float
    coverage: float = Field(description="Share of the products in range that were shown to anybody.")
    gain: float = Field(description="NDCG above that of popularity.")
    low: float = Field(description="Its 95 % interval, by paired bootstrap over customers.")
    high: float


class PastDay(BaseModel):
    """How methods did between two days of the past, learned from what was known on the first."""

    as_of: date
    until: date
    horizon_days: int
    method: str = Field(description="The method that an earlier day had chosen.")
    new: list[Measured] = Field(description="Judged on what customers bought that was new to them.")
    all: list[Measured] = Field(
        description="Judged on all they bought, with `as answered`: the list with what was due again."
    )


class RecommendationEvaluation(Learned):
    """Whether recommendations would have been worth it on this shop's past."""

    customers: int
    products_in_range: int
    evaluation: PastDay | None = Field(description="Null where the past is too short.")


@router.get(
    "/customers/{customer_id:path}/recommendations", response_model=CustomerRecommendations, responses=UNCHANGED
)
def list_customer_recommendations(
    customer_id: profiles.CustomerId,  # noqa: ARG001 - see `customer_behind`
    request: Request,
    reading: InReading,
    n_recommendations: Many = DEFAULT,
    again: Again = True,  # noqa: FBT002
    as_of: AsOf = None,
) -> Response:
    """What to offer one customer: ranked products, each with how it came about and the numbers it rests on.

    The first question after a change of the data is answered when the shop has been learned: 503 until then.
    """
    name, other = profiles.customer_behind(request, _ENDING, reading, as_of)
    if other is not None:
        return other
    return reading.answer(
        lambda: _customer(recommend_one(reading.shop, name, n=n_recommendations, again=again, as_of=as_of))
    )


@router.post("/recommendations", response_model=RecommendedTogether)
def recommend_together(caller: Viewer, service: InService, asked: RecommendationsAsked) -> RecommendedTogether:
    """What to offer up to 1,000 customers at once."""
    shop = shop_of(service, caller.tenant)
    found = recommend(shop, asked.customer_ids, n=asked.n_recommendations, again=asked.again, as_of=asked.as_of)
    return RecommendedTogether(
        **_learned(found.recommender),
        items=[CustomerList.model_validate(asdict(each)) for each in found.items],
        unknown=list(found.unknown),
    )


@router.get("/recommendations/evaluation", response_model=RecommendationEvaluation, responses=UNCHANGED)
def read_evaluation(reading: InReading, as_of: AsOf = None) -> Response:
    """What recommendations would have been worth on this shop's past, beside popularity and the same-basket rule."""
    return reading.answer(lambda: _evaluation(needed_recommender(reading.shop, as_of=as_of, edition=reading.edition)))


def _learned(found: Recommender) -> dict[str, Any]:
    facts = found.facts
    return {
        "as_of": date.fromisoformat(facts["as_of"]),
        "dataset": facts["dataset"],
        "horizon_days": facts["horizon"],
        "method": facts["method"],
        "why": facts["why"],
        "score_is_chance": facts["score_is_chance"],
    }


def _customer(found: Together) -> CustomerRecommendations:
    one: Recommended = found.items[0]
    return CustomerRecommendations.model_validate(_learned(found.recommender) | asdict(one))


def _evaluation(found: Recommender) -> RecommendationEvaluation:
    facts = found.facts
    return RecommendationEvaluation(
        **_learned(found),
        customers=facts["customers"],
        products_in_range=facts["in_range"],
        evaluation=PastDay(**facts["evaluation"]) if facts["evaluation"] else None,
    )
