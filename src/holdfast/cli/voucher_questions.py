"""From a command's options to what is asked of a customer. Imported when a command runs."""

from datetime import datetime

from holdfast.errors import InputError
from holdfast.workflows.voucher_decisions import VoucherQuestion


def question_of(
    customer: str,
    country: str,
    total_orders: int,
    segment: str,
    last_order: str | None,
    first_order: str | None,
    as_of: str | None,
) -> VoucherQuestion:
    """What is asked of a customer, from the options; InputError for what is no time."""
    day = moment("--as-of", as_of)
    return VoucherQuestion(
        customer_id=customer,
        total_orders=total_orders,
        country_code=country,
        last_order_ts=moment("--last-order", last_order),
        first_order_ts=moment("--first-order", first_order),
        segment_name=segment,
        as_of=day.date() if day else None,
    )


def moment(option: str, text: str | None) -> datetime | None:
    """A day or moment as people write it; InputError for what is none."""
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise InputError(
            f"{option} is no time.", seen=f"{text[:80]!r}.", todo="Write it as 2018-07-21, or 2018-07-21T18:59."
        ) from error
