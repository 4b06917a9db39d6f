"""Rules that are tried out before anybody keeps them."""

from datetime import date
from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from holdfast.api.customers import AsOf
from holdfast.api.etags import InReading
from holdfast.api.rfm import Number
from holdfast.api.segments import RuleSegment
from holdfast.workflows.opened_views import View
from holdfast.workflows.segments import Preview, preview

router = APIRouter(tags=["segments"])

Text: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]
Column: TypeAlias = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,100}$")]


class Range(BaseModel):
    """From `min` to `max`, both included; either may be left out."""

    model_config = ConfigDict(extra="forbid")

    min: Number | None = None
    max: Number | None = None


class Rule(BaseModel):
    """A rule segment: conditions that all have to hold."""

    model_config = ConfigDict(extra="forbid")

    name: Text = "Preview"
    kind: Annotated[str, Field(max_length=200)] = ""
    sentence: Annotated[str, Field(max_length=500)] = ""
    where: dict[Column, Range | bool | Number | Text | list[bool | Number | Text]] = Field(
        min_length=1,
        max_length=50,
        description="By column: `{min, max}`, a value, or a list of values.",
        examples=[{"order_count": {"min": 5, "max": 13}, "risk_band": ["medium", "high"]}],
    )

    def written(self) -> dict[str, Any]:
        """As it would stand in a rule file."""
        return self.model_dump(exclude_none=True)


class RuleFile(BaseModel):
    """Several rules, as in a rule file."""

    model_config = ConfigDict(extra="forbid")

    segments: list[Rule] = Field(min_length=1, max_length=20)


class PreviewedSegment(RuleSegment):
    """A segment as it would be."""

    customer_share: float | None
    in_words: str = Field(description="Its size, its revenue and its rule in one sentence.")
    risk_bands: dict[str, int] = Field(description="How many of its customers are in each risk band.")
    rfm_groups: dict[str, int]


class RulePreview(BaseModel):
    """What rules would hold; `overlap[i][j]` customers are in both i and j, `outside` are in none."""

    as_of: date
    currency: str | None
    segments: list[PreviewedSegment]
    overlap: list[list[int]]
    outside: int
    outside_revenue: str
    notes: list[str]


@router.post("/segments/preview")
def preview_rules(body: Rule | RuleFile, reading: InReading, as_of: AsOf = None) -> RulePreview:
    """How many customers a rule holds, with how much revenue, and where else they are. Keeps nothing."""
    rules = body.segments if isinstance(body, RuleFile) else [body]
    view = reading.view(as_of)
    return _previewed(view, preview(view, {"segments": [rule.written() for rule in rules]}))


def _previewed(view: View, found: Preview) -> RulePreview:
    result = found.result
    return RulePreview(
        as_of=date.fromisoformat(view.facts.as_of),
        currency=view.facts.currency,
        segments=[
            PreviewedSegment(
                name=segment.name,
                kind=segment.kind,
                sentence=segment.sentence,
                customers=segment.customers,
                revenue=str(segment.revenue),
                revenue_share=segment.revenue_share,
                customer_share=more.customer_share,
                in_words=more.sentence,
                risk_bands=dict(more.groups["risk_band"]),
                rfm_groups=dict(more.groups["rfm_group"]),
            )
            for segment, more in zip(result.segments, found.previewed, strict=True)
        ],
        overlap=[list(row) for row in result.overlap],
        outside=result.outside,
        outside_revenue=str(result.outside_revenue),
        notes=list(result.notes),
    )
