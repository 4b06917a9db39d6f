"""Lists of customers: filtered, sorted, searched, in pages, or all of them as a file."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from holdfast.access.audit import note
from holdfast.api.etags import UNCHANGED, InReading, Reading
from holdfast.api.files import FILE, made_for_download
from holdfast.api.paging import Cursor, Limit, decode, encode
from holdfast.errors import InputError
from holdfast.workflows.clock import now
from holdfast.workflows.listing import EVERYTHING, Asked
from holdfast.workflows.opened_views import View
from holdfast.workflows.reading import page_of_customers, write_list

router = APIRouter(tags=["customers"], responses=UNCHANGED)

Value: TypeAlias = str | int | float | bool | None
"""What is known of a customer in one column: exact money is text, what is missing null."""

AsOf = Annotated[
    str | None,
    Query(
        max_length=40,
        description="Look from this day (YYYY-MM-DD): known is every day before it. Default: the data set's proposal.",
    ),
]

FILE_TYPES = {"text/csv": "csv", "application/vnd.apache.parquet": "parquet"}
"""What `Accept` may ask for instead of JSON."""


class Customers(BaseModel):
    """A page of customers as of a day."""

    as_of: date
    dataset: str
    model: str | None = Field(description="Whose forecasts stand in the columns from `p_buy` on; null: there are none.")
    currency: str | None
    total: int = Field(description="How many customers the whole list has.")
    items: list[dict[str, Value]]
    next_cursor: str | None = Field(default=None, description="For the next page; null on the last one.")


class Listed:
    """The arguments of a list of customers."""

    def __init__(
        self,
        where: Annotated[
            list[str],
            Query(
                max_length=50,
                description="Conditions such as `risk_band=high` or `net_revenue>=100`; all of them have to hold.",
            ),
        ] = [],  # noqa: B006 - FastAPI copies it
        search: Annotated[
            str | None, Query(max_length=200, description="A part of the id, in upper or lower case.")
        ] = None,
        sort: Annotated[
            str | None,
            Query(max_length=100, description="A column, `-column` for falling. Default: revenue at risk, falling."),
        ] = None,
        columns: Annotated[
            str | None,
            Query(max_length=5_000, description="Names with commas between, or `*` for all; `/features` lists them."),
        ] = None,
        as_of: AsOf = None,
        limit: Limit = 100,
        cursor: Cursor = None,
        format: Annotated[  # noqa: A002 - its name in the address
            Literal["json", "csv", "parquet"] | None,
            Query(
                description="A file with all customers of the list, not of one page; `Accept: text/csv` does the same."
            ),
        ] = None,
    ) -> None:
        names = tuple(name.strip() for name in columns.split(",") if name.strip()) if columns else ()
        self.asked = Asked(tuple(where), search, sort, names)
        self.as_of, self.limit, self.cursor, self.format = as_of, limit, cursor, format


InList = Annotated[Listed, Depends()]


@router.get("/customers", response_model=Customers, responses=FILE)
def list_customers(reading: InReading, listed: InList) -> Response:
    """Customers as of a day: filtered, sorted, searched, in pages, or all of them as a file.

    In a CSV file texts that a spreadsheet would take for a formula begin with an apostrophe. Files are noted in the
    audit log. The first 1,000 customers of any list come as a page.
    """
    return answer_list(reading, listed, listed.asked)


def answer_list(reading: Reading, listed: Listed, asked: Asked) -> Response:
    """A page of a list, or the file of it."""
    form = listed.format or _accepted(reading)
    if form in ("csv", "parquet"):
        return _file(reading, listed, asked, form)
    return reading.answer(lambda: _page(reading.view(listed.as_of), listed, asked))


def _page(view: View, listed: Listed, asked: Asked) -> Customers:
    sort = asked.sort or ""
    after = _after(listed.cursor, sort) if listed.cursor else None
    found = page_of_customers(view, asked, limit=listed.limit, after=after)
    facts = view.facts
    return Customers.model_construct(  # the rows are JSON already, and may be many
        as_of=date.fromisoformat(facts.as_of),
        dataset=facts.dataset,
        model=facts.model,
        currency=facts.currency,
        total=found.total,
        items=found.items,
        next_cursor=encode([sort, list(found.ends_at)]) if found.ends_at is not None else None,
    )


def _after(cursor: str, sort: str) -> list[Any]:
    """The place that a cursor stands for; InputError where it was made for another order."""
    made_for, place = decode(cursor, parts=2)
    if made_for != sort or not isinstance(place, list):
        raise InputError(
            "The cursor belongs to another order.",
            seen=f"It was made for sort={str(made_for)[:80]!r}, this is sort={sort!r}.",
            todo="Begin without a cursor after changing `sort`.",
        )
    return place


def _file(reading: Reading, listed: Listed, asked: Asked, form: str) -> Response:
    """All customers of the list as a file, noted in the audit log before it leaves."""
    view = reading.view(listed.as_of)
    wanted = asked if asked.columns else replace(asked, columns=(EVERYTHING,))
    rows = 0

    def write(path: Any) -> None:
        nonlocal rows
        rows = write_list(view, wanted, path)

    response = made_for_download(f"customers.{form}", write)
    details = {
        "rows": rows,
        "as_of": view.facts.as_of,
        "where": list(asked.where),
        "search": asked.search,
        "format": form,
    }
    with reading.service.database.begin() as session:
        note(
            session,
            reading.caller,
            "export customers",
            view.facts.dataset,
            now=now(),
            request_id=reading.request.state.request_id,
            details=details,
        )
    response.headers["Vary"] = "Accept"
    return response


def _accepted(reading: Reading) -> str:
    """The form that `Accept` asks for first among those we have; JSON where it names none."""
    for wanted in reading.request.headers.get("Accept", "").split(","):
        kind = wanted.split(";")[0].strip().lower()
        if kind in FILE_TYPES:
            return FILE_TYPES[kind]
        if kind in ("application/json", "*/*"):
            return "json"
    return "json"
