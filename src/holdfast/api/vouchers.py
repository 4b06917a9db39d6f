"""Vouchers by segment: the history they are learned from, the answer for each segment, and decisions."""

import json
from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Form, Query, Request, Response, UploadFile
from pydantic import BaseModel, BeforeValidator, Field

from holdfast.access.audit import note
from holdfast.actions.vouchers.rules import COLUMNS, parse_voucher_rules
from holdfast.api.callers import Analyst, InService, RequestId, Viewer
from holdfast.api.etags import UNCHANGED, InReading
from holdfast.api.jobs import Accepted, accepted
from holdfast.errors import InputError
from holdfast.sources.voucher_files import parse_rule_table
from holdfast.workflows.clock import now
from holdfast.workflows.jobs import submit
from holdfast.workflows.reading import shop_of
from holdfast.workflows.uploads import Reception, blocks_of
from holdfast.workflows.voucher_answers import decision_as_dict, segments_as_dict, segments_version
from holdfast.workflows.voucher_decisions import VoucherQuestion, decide_voucher

router = APIRouter(prefix="/vouchers", tags=["vouchers"])


def _as_text(value: Any) -> Any:
    """Ids that are numbers in the caller's system."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


CustomerId = Annotated[
    str, BeforeValidator(_as_text, json_schema_input_type=str | int), Field(min_length=1, max_length=1000)
]


class VoucherCustomer(BaseModel):
    """Who gets a voucher, and by which kind of segment."""

    customer_id: CustomerId = Field(description="Comes back in no answer; nothing is looked up by it.")
    total_orders: int = Field(ge=0, le=1_000_000, description="Orders so far.")
    country_code: str = Field(min_length=1, max_length=200, description="As in the history, such as Peru.")
    last_order_ts: datetime | None = Field(
        default=None, description="When the last order was; needed by recency_segment unless there are no orders."
    )
    first_order_ts: datetime | None = Field(default=None, description="When the first order was.")
    segment_name: Literal["frequent_segment", "recency_segment"]
    as_of: date | None = Field(default=None, description="The day of the decision. Default: the shop's today.")

    def question(self) -> VoucherQuestion:
        """In the workflow's words."""
        return VoucherQuestion(**self.model_dump())


class VoucherDecision(BaseModel):
    """The voucher of one customer."""

    voucher_amount: str | None = Field(description="Exact, such as 2640.00; null where no segment holds the customer.")
    segment: str | None = Field(description="The customer's segment; null outside every range.")
    n: int = Field(description="Assignments that the share is of: of the segment, or of the country for a fallback.")
    share: float | None = Field(description="Share of them that had this amount.")
    label: Literal["most_used", "fallback_country", "outside_rules"] = Field(description="What the amount rests on.")
    as_of: date = Field(description="The day of the decision.")


class VoucherCustomers(BaseModel, extra="forbid"):
    """Several customers."""

    customers: list[VoucherCustomer] = Field(min_length=1, max_length=1000)


class VoucherDecisions(BaseModel):
    """Their vouchers, in the order they were asked for."""

    items: list[VoucherDecision]


class VoucherSegment(BaseModel):
    """The most used amount of a segment."""

    segment_name: str
    segment: str
    voucher_amount: str | None = Field(description="What a decision answers; null only without any history.")
    n: int = Field(description="Assignments in the segment.")
    used: int = Field(description="How many of them had the most used amount.")
    share: float | None = Field(description="used / n; null without history.")
    ties: list[str] = Field(description="All amounts used as often, where there are several; the smallest is answered.")
    label: Literal["most_used", "fallback_country"]


class VoucherCountry(BaseModel):
    """The answers of one country."""

    country: str
    n: int = Field(description="Assignments that count.")
    voucher_amount: str | None = Field(description="Most used in the whole country: the fallback.")
    used: int
    share: float | None
    ties: list[str]
    outside_rules: dict[str, int] = Field(description="Assignments in no segment, by kind of segment.")
    segments: list[VoucherSegment]


class VoucherRule(BaseModel, serialize_by_alias=True):
    """One row of the rule table; both ends included, null without end."""

    kind: str
    segment: str
    from_: int | None = Field(alias="from")
    to: int | None


class VoucherLedgerEntry(BaseModel):
    """Rows of the history with one fate."""

    reason: str
    rows: int
    amount: str = Field(description="What their vouchers are worth together.")
    explanation: str


class VoucherSegments(BaseModel):
    """The history in force: where it came from, the ledger, the rules, and the answers."""

    version: str
    created_at: datetime
    file: str
    place: str = Field(description="Where the layers lie: here, or in a warehouse.")
    currency: str | None = Field(description="Of the shop; the history itself names none.")
    policy: str
    rows_in: int
    rows_of_countries: int = Field(description="Rows of the countries that were asked for.")
    rows_kept: int
    rows_rejected: int
    duplicates: int = Field(description="Rows equal to an earlier one; they count.")
    ledger: list[VoucherLedgerEntry]
    rules: list[VoucherRule]
    notes: list[str] = Field(description="Gaps between ranges, and what is doubtful.")
    countries: list[VoucherCountry]


@router.post("/history", status_code=202)
def make_voucher_history(
    request: Request,
    response: Response,
    caller: Analyst,
    service: InService,
    request_id: RequestId,
    file: Annotated[
        UploadFile | None, File(description="A table of assignments. Without one, the raw history is made anew.")
    ] = None,
    country: Annotated[
        list[str] | None,
        Form(max_length=300, description="Whose history counts. Default: as the rules say, or as before."),
    ] = None,
    policy: Annotated[Literal["default", "simple"] | None, Form()] = None,
    rules: Annotated[
        str | None, Form(max_length=200_000, description="The rule table, as JSON rows or as the text of a CSV.")
    ] = None,
    mapping: Annotated[str | None, Form(max_length=5000, description="JSON object: our field -> column.")] = None,
    in_warehouse: Annotated[bool, Form(description="Make the layers in the warehouse of the settings.")] = False,  # noqa: FBT002
) -> Accepted:
    """Run the pipeline: raw, staged, published. The job's result is the ledger; then decisions go by it."""
    arguments: dict[str, Any] = {
        "countries": country,
        "policy": policy,
        "rules": _rules(rules),
        "mapping": _mapping(mapping),
        "in_warehouse": in_warehouse,
    }
    with service.database.begin() as session:
        shop = service.shop(session, caller.tenant)
    if file is not None:
        with Reception(shop.folder) as reception:
            reception.take(file.filename, blocks_of(file.file))
            reception.keep(shop.folder)
        arguments |= {"upload": reception.id, "files": [each.name for each in reception.files]}
    with service.database.begin() as session:
        subject = file.filename if file is not None and file.filename else "raw history"
        note(session, caller, "make voucher history", subject[:200], now=now(), request_id=request_id)
    job = submit(service, tenant=caller.tenant, kind="vouchers", arguments=arguments, by=caller.actor)
    return accepted(request, response, job)


@router.get("/segments", response_model=VoucherSegments, responses=UNCHANGED)
def list_voucher_segments(
    reading: InReading,
    country: Annotated[str | None, Query(max_length=200, description="Only this one.")] = None,
) -> Response:
    """The most used voucher of every segment, with n, share and ties; 404 before the first history."""
    shop = reading.shop
    asked = reading.of_version(segments_version(shop))
    return asked.answer(lambda: VoucherSegments.model_validate(segments_as_dict(shop, country=country)))


@router.post("/decision")
def decide_on_voucher(body: VoucherCustomer, caller: Viewer, service: InService) -> VoucherDecision:
    """The most used voucher of the customer's segment. Nothing is recorded; `POST /vouchers/offers` does that."""
    found = decide_voucher(shop_of(service, caller.tenant), body.question())
    return VoucherDecision.model_construct(**decision_as_dict(found))


@router.post("/decisions")
def decide_on_vouchers(body: VoucherCustomers, caller: Viewer, service: InService) -> VoucherDecisions:
    """The same for up to 1,000 customers, in their order; one that cannot be decided refuses them all, by its place."""
    shop = shop_of(service, caller.tenant)
    found = []
    for place, customer in enumerate(body.customers):
        try:
            decided = decide_voucher(shop, customer.question())
        except InputError as error:
            raise InputError(f"customers.{place}: {error.what}", seen=error.seen, todo=error.todo) from error
        found.append(VoucherDecision.model_construct(**decision_as_dict(decided)))
    return VoucherDecisions(items=found)


def _rules(text: str | None) -> list[dict[str, Any]] | None:
    """The rows of a rule table, checked before anything is queued."""
    if not text:
        return None
    rows = parse_rule_table(text, is_csv=text.lstrip()[:1] not in "[{", name="rules")
    for row in rows:
        if any(isinstance(value, dict | list) for value in row.values()):
            raise InputError("A rule is one row.", seen=f"{row!r:.100}", todo=f"Give it {', '.join(COLUMNS)}.")
    return parse_voucher_rules(rows).as_rows()


def _mapping(text: str | None) -> dict[str, str] | None:
    if not text:
        return None
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise InputError(
            "mapping is no JSON object of texts.", seen=text[:80], todo='Write it like {"country_code": "land"}.'
        )
    return value
