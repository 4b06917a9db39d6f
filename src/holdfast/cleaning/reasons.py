"""Why a line is not kept: a closed list, in the order in which the first that applies is given."""

from enum import StrEnum


class Reason(StrEnum):
    """Reason codes by falling precedence; the order is fixed, so that counts are reproducible."""

    ALREADY_IMPORTED = "already_imported"
    REPLACED = "replaced"
    UNREADABLE = "unreadable"
    NO_CUSTOMER = "no_customer"
    CANCELLED_INVOICE = "cancelled_invoice"
    RETURN_WITHOUT_SALE = "return_without_sale"
    NON_POSITIVE = "non_positive"
    FREE_GOODS = "free_goods"
    ORDER_STATUS = "order_status"
    SERVICE_LINE = "service_line"
    EXACT_DUPLICATE = "exact_duplicate"


class Kept(StrEnum):
    """What a kept line is."""

    SALE = "sale"
    SALE_WITHOUT_CUSTOMER = "sale_without_customer"
    SERVICE = "service"
    RETURN = "return"


EXPLANATIONS: dict[str, str] = {
    Reason.ALREADY_IMPORTED: "the same order, or the same row where there is no order id, came with an earlier file",
    Reason.REPLACED: "a later file brought another version of this order, which counts instead",
    Reason.UNREADABLE: "a date, a number or the whole row cannot be read",
    Reason.NO_CUSTOMER: "nobody knows who bought",
    Reason.CANCELLED_INVOICE: "line of a cancelled order",
    Reason.RETURN_WITHOUT_SALE: "a return whose sale is not in the data",
    Reason.NON_POSITIVE: "quantity or price is zero or below, and the line is no return",
    Reason.FREE_GOODS: "given away: the line costs nothing",
    Reason.ORDER_STATUS: "the order's status does not count as a sale",
    Reason.SERVICE_LINE: "postage, fee or adjustment, not goods",
    Reason.EXACT_DUPLICATE: "equal in every column to an earlier line of the same file",
    Kept.SALE: "goods sold to a known customer",
    Kept.SALE_WITHOUT_CUSTOMER: "goods sold to nobody known: in the shop's totals, not in customer analytics",
    Kept.SERVICE: "postage, fees and adjustments: in the totals, kept apart from goods",
    Kept.RETURN: "returns and cancellations that undo a sale from their day on",
}
