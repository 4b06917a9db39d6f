"""The first answer in money, and how far answers can be trusted."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from holdfast.api.customers import AsOf
from holdfast.api.etags import UNCHANGED, InReading, Reading

router = APIRouter(tags=["answer"], responses=UNCHANGED)


class Readiness(BaseModel):
    """Ready, degraded or not yet; and one sentence for each thing that is missing."""

    state: str
    missing: list[str]


class TableColumn(BaseModel):
    """A column of a table: its heading, with the unit, and whether it holds text, count, money, share or number."""

    heading: str
    kind: str


class Table(BaseModel):
    """A table for any page; money is exact, as text."""

    name: str
    title: str
    columns: list[TableColumn]
    rows: list[list[str | int | float | None]]
    note: str


class Answer(BaseModel):
    """What a shop is told first: what is at risk in money, who holds it, and which groups there are."""

    as_of: date
    currency: str = Field(description="ISO 4217 code; empty where no file and no setting names one.")
    horizon_days: int
    headline: str
    sentences: list[str]
    amount_at_risk: str | None = Field(description="Exact; null where it cannot be told.")
    customers_at_risk: int
    run_rate_at_risk: str
    top_share: float | None
    method: str
    readiness: Readiness
    tables: dict[str, Table] = Field(description="holders, risk_bands, rfm_grid, rfm_groups, archetypes, ledger.")


class ForecastReadiness(BaseModel):
    """How far the model in use can be trusted, by its own record; nulls without a model."""

    model: str | None
    state: str | None
    grade: str | None = Field(description="Of its backtest; empty without one.")
    sentence: str | None
    no_forecast: str | None = Field(description="Why customers have no forecast.")


class ReadinessReport(BaseModel):
    """How far what is said of this shop can be trusted, and what is missing."""

    as_of: date
    answer: Readiness
    forecast: ForecastReadiness


@router.get("/answer", response_model=Answer)
def read_answer(reading: InReading, as_of: AsOf = None) -> Response:
    """The first answer: what is at risk in money, with its evidence. The same as `holdfast answer --json`."""
    return reading.answer(lambda: Answer(**_answer(reading, as_of)))


@router.get("/readiness", response_model=ReadinessReport)
def read_readiness(reading: InReading) -> Response:
    """Ready, degraded or not yet: for the first answer, and for the forecasts."""
    return reading.answer(lambda: _readiness(reading))


def _answer(reading: Reading, as_of: str | None) -> dict[str, Any]:
    return dict(reading.view(as_of).facts.answer)


def _readiness(reading: Reading) -> ReadinessReport:
    facts, model = reading.view().facts, reading.edition.model
    record = model.record if model else None
    return ReadinessReport(
        as_of=date.fromisoformat(facts.as_of),
        answer=Readiness(**facts.answer["readiness"]),
        forecast=ForecastReadiness(
            model=record.id if record else None,
            state=record.state if record else None,
            grade=record.grade if record else None,
            sentence=record.sentence if record else None,
            no_forecast=facts.no_forecast,
        ),
    )
