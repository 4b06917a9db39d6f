"""What to do for one customer now, or why it is left alone, and what it has stopped buying."""

from datetime import date
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from holdfast.api.actions import Action, known_lists, tag_of_lists, tag_of_playbook
from holdfast.api.customers import AsOf
from holdfast.api.etags import UNCHANGED, InReading
from holdfast.api.profiles import CustomerId, customer_behind
from holdfast.workflows.next_action import next_action

router = APIRouter(tags=["actions"], responses=UNCHANGED)

_ACTION = "/action"


class Offered(BaseModel):
    """What an action costs."""

    contact_cost: float
    incentive: float = Field(description="An amount for each who redeems.")
    discount: float = Field(description="A share of one order for each who redeems.")
    redeemed: float = Field(description="Share of those who order who redeem.")


class LeftAlone(BaseModel):
    """Why nothing is done."""

    reason: Literal["no_forecast", "no_consent", "on_another_list", "no_play", "costs_more"]
    because: str


class Stopped(BaseModel):
    """A category that the customer bought regularly and buys no more; a product where the shop has no categories."""

    kind: Literal["category", "product"]
    name: str
    order_days: int = Field(description="Days with an order of it; at least 3.")
    median_gap_days: float
    last_bought_on: date
    days_silent: int = Field(description="Up to as_of: more than twice the median gap.")
    net_revenue: str = Field(description="What was spent on it, after returns; exact.")
    worth_a_month: float = Field(description="Net revenue a month over its active span.")
    ordered_since: int = Field(description="Days with an order of something else after it was last bought.")
    sentence: str = Field(description="A message point with these numbers.")


class NextAction(BaseModel):
    """The next action of a customer; it is done unless `left_alone` says why not."""

    customer_id: str
    as_of: date
    dataset: str
    model: str | None
    currency: str | None
    horizon_days: int | None
    action: Action | None = Field(description="The play that is expected to earn most; null where none suits.")
    offer: Offered | None
    place: int | None = Field(description="Among all who are worth treating, without limits; null for the others.")
    of: int = Field(description="How many are worth treating.")
    left_alone: LeftAlone | None
    stopped: list[Stopped] = Field(description="Up to 10, what was worth most a month first.")
    stopped_total: int


@router.get("/customers/{customer_id:path}/action", response_model=NextAction)
def read_next_action(
    customer_id: CustomerId,  # noqa: ARG001 - see `customer_behind`
    request: Request,
    reading: InReading,
    as_of: AsOf = None,
) -> Response:
    """The next action for one customer: what, why, when, in which words, at what expected profit; or why none.

    Also what the customer has stopped buying, from its own order lines as of the day.
    """
    name, other = customer_behind(request, _ACTION, reading, as_of)
    if other is not None:
        return other
    lists = known_lists(reading.service, reading.shop)
    asked = reading.depending_on(f"{tag_of_playbook(reading.shop)}-{tag_of_lists(lists)}")
    return asked.answer(
        lambda: NextAction.model_validate(next_action(reading.shop, name, as_of=as_of, lists=lists).as_dict())
    )
