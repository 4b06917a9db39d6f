"""Backtests: what forecasts would have been worth on the shop's past dates, without keeping a model."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response
from pydantic import BaseModel, Field

from holdfast.api.callers import Analyst, InService, Viewer
from holdfast.api.jobs import Accepted, Job, accepted, list_of_kind, read_of_kind
from holdfast.api.paging import Cursor, Limit, Page
from holdfast.workflows.jobs import submit

router = APIRouter(prefix="/backtests", tags=["backtests"])


class Replay(BaseModel):
    """What to replay."""

    as_of: str | None = Field(default=None, description="Day to look from; default: the data set's proposal.")
    horizon_days: int | None = Field(default=None, ge=1, le=730)
    past_dates: int = Field(default=3, ge=1, le=24)
    label: str = Field(default="", max_length=200)


@router.post("", status_code=202)
def start_backtest(
    request: Request,
    response: Response,
    caller: Analyst,
    service: InService,
    body: Annotated[Replay | None, Body()] = None,
) -> Accepted:
    """Replay past dates. Answers with the job; its result is the backtest."""
    wanted = body or Replay()
    arguments: dict[str, Any] = {
        "as_of": wanted.as_of, "horizon": wanted.horizon_days, "dates": wanted.past_dates
    }  # fmt: skip
    job = submit(
        service, tenant=caller.tenant, kind="backtest", arguments=arguments, by=caller.actor, label=wanted.label
    )
    return accepted(request, response, job)


@router.get("")
def list_backtests(caller: Viewer, service: InService, limit: Limit = 100, cursor: Cursor = None) -> Page[Job]:
    """Backtests, the newest first, without their results."""
    return list_of_kind(service, caller, "backtest", limit=limit, cursor=cursor)


@router.get("/{backtest_id}")
def read_backtest(backtest_id: str, caller: Viewer, service: InService) -> Job:
    """A backtest: its job, with the result once it is there."""
    return read_of_kind(service, caller, "backtest", backtest_id)
