"""What a table holds: order lines, customers, reviews or nothing of interest, told by the fields its columns offer."""

from collections.abc import Mapping, Sequence

from holdfast.errors import InputError
from holdfast.sources.inspected import CUSTOMERS, LINES, REVIEWS
from holdfast.sources.mapping import Doubt, Proposal, from_preset, propose, with_given
from holdfast.sources.names import Names
from holdfast.sources.opened import OpenedTable
from holdfast.sources.presets import Preset
from holdfast.sources.profile import ColumnProfile, Look
from holdfast.sources.synonyms import CUSTOMER_NAMES, LINE_NAMES, REVIEW_NAMES
from holdfast.tables import CUSTOMER_FIELDS, FIELD, FIELDS, REVIEW_FIELDS, Field

FIELDS_OF: Mapping[str, tuple[Field, ...]] = {LINES: FIELDS, CUSTOMERS: CUSTOMER_FIELDS, REVIEWS: REVIEW_FIELDS}
_NAMES_OF: Mapping[str, Mapping[str, Names]] = {
    LINES: LINE_NAMES,
    CUSTOMERS: CUSTOMER_NAMES,
    REVIEWS: REVIEW_NAMES,
}
_VALUE = ("amount", "order_total", "unit_price", "quantity")
_UNIQUE = 0.95
_CHOICES = 6

Proposals = Mapping[str, Proposal]


def proposals_for(
    content: str, columns: Sequence[ColumnProfile], preset: Preset | None, given: Mapping[str, str]
) -> dict[str, Proposal]:
    """The mapping of a table taken as `content`: the preset's or a proposed one, overruled by the given."""
    fields = FIELDS_OF[content]
    ours = {field.name for field in fields}
    own = _of_preset(preset, columns, content) if preset else propose(columns, fields, _NAMES_OF[content])
    applying = {field: column for field, column in given.items() if field in ours}
    return with_given(own, applying, [each.name for each in columns])


def _of_preset(preset: Preset, columns: Sequence[ColumnProfile], content: str) -> dict[str, Proposal]:
    """The preset's mapping, and what a shop has surely added to an export whose columns are all known."""
    known = from_preset(preset, columns)
    if not preset.signature_is_whole:
        return known
    added = [column for column in columns if column.name not in preset.signature]
    open_fields = [field for field in FIELDS_OF[content] if field.name not in (*known, *_VALUE, "currency")]
    proposed = propose(added, open_fields, _NAMES_OF[content])
    return known | {name: each for name, each in proposed.items() if each.is_confident}


def content_of(columns: Sequence[ColumnProfile], given: Mapping[str, str]) -> str:
    """What a table of no known export holds; order lines where in doubt, so that what is missing comes up."""
    as_lines, as_customers, as_reviews = (
        proposals_for(content, columns, None, given) for content in (LINES, CUSTOMERS, REVIEWS)
    )
    if missing_essentials(as_lines) == []:
        return LINES
    if (
        _confident(as_reviews, "score")
        and _confident(as_reviews, "order_id")
        and (_confident(as_reviews, "text") or _confident(as_reviews, "created_at"))
    ):
        return REVIEWS
    says_more = any(_confident(as_customers, field.name) for field in CUSTOMER_FIELDS[1:])
    if _confident(as_customers, "customer_id") and says_more and "value" in missing_essentials(as_lines):
        key = next(each for each in columns if each.name == as_customers["customer_id"].column)
        if key.distinct >= _UNIQUE * key.rows:
            return CUSTOMERS
    return LINES


def missing_essentials(proposals: Proposals) -> list[str]:
    """Which of `customer_id`, `ordered_at` and `value` no column is confidently taken for."""
    has_value = (
        _confident(proposals, "amount")
        or _confident(proposals, "order_total")
        or (_confident(proposals, "quantity") and _confident(proposals, "unit_price"))
    )
    missing = [field for field in ("customer_id", "ordered_at") if not _confident(proposals, field)]
    return missing if has_value else [*missing, "value"]


def doubts_of(proposals: Proposals, columns: Sequence[ColumnProfile]) -> list[Doubt]:
    """What is missing or doubtful among the essential fields, as questions."""
    missing = missing_essentials(proposals)
    doubts = [_doubt(field, proposals, columns) for field in missing if field != "value"]
    return [*doubts, _value_doubt(proposals, columns)] if "value" in missing else doubts


def refuse_without_essentials(table: OpenedTable, proposals: Proposals, columns: Sequence[ColumnProfile]) -> None:
    """Raise InputError where no column at all could be the customer, the time or the value of an order."""
    missing = missing_essentials(proposals)
    lacking = [field for field in missing if field not in proposals and field != "value"]
    if "value" in missing and not any(field in proposals for field in ("amount", "order_total", "unit_price")):
        lacking.append("value")
    if not lacking:
        return
    what = {
        "customer_id": "customer_id (who bought)",
        "ordered_at": "ordered_at (when the order was placed)",
        "value": "a value (amount, order_total, or quantity and unit_price)",
    }
    raise InputError(
        f"{table.file} cannot be read as an order history.",
        seen=f"No column was found for {' or '.join(what[field] for field in missing)}. {_seems(columns, missing)} "
        f"Its columns: {', '.join(each.name for each in columns[:20])}{' ...' if len(columns) > 20 else ''}.",
        todo="Give one row per order or order line with at least the customer, the time of the order and its value; "
        "if the columns are there under other names, name them, such as --map ordered_at=COLUMN.",
        details={"missing": missing, "columns": [each.name for each in columns]},
    )


def _seems(columns: Sequence[ColumnProfile], missing: Sequence[str]) -> str:
    has_times = any(each.look is Look.TIME for each in columns)
    if not has_times and "customer_id" in missing:
        return "It seems to be a result per customer, such as of a campaign or survey, without ids or dates."
    if not has_times:
        return "It seems to be a summary per customer, without the dates of orders."
    if "value" in missing:
        return "It seems to list orders or events without what they were worth."
    return "It seems to be something else than orders."


def _confident(proposals: Proposals, field: str) -> bool:
    return field in proposals and proposals[field].is_confident


def _doubt(field: str, proposals: Proposals, columns: Sequence[ColumnProfile]) -> Doubt:
    proposal = proposals.get(field)
    likely = (proposal.column, *proposal.alternatives) if proposal and proposal.column else ()
    fitting = [each.name for each in columns if (each.look is Look.TIME) == (field == "ordered_at")]
    choices = tuple(dict.fromkeys(each for each in (*likely, *fitting) if each))[:_CHOICES]
    question = f"Which column says {FIELD[field].definition.split(':')[0]}?"
    if proposal and proposal.column:
        question += f" Perhaps {proposal.column} ({proposal.reason})."
    return Doubt(field, choices[:1], question, choices, f"--map {field}=COLUMN")


def _value_doubt(proposals: Proposals, columns: Sequence[ColumnProfile]) -> Doubt:
    if _confident(proposals, "unit_price") and "quantity" not in proposals:
        price = proposals["unit_price"].column or ""
        question = f"{price} looks like the price of one unit, but no column is a quantity. Is each row one unit?"
        return Doubt("amount", (price,), question, (price,), f"--map amount={price}, or --map quantity=COLUMN")
    candidates = [proposals[field] for field in _VALUE if field in proposals]
    perhaps = [f"{each.column} as {each.field} ({each.reason})" for each in candidates]
    question = "Which column is the value of a row?" + (f" Perhaps {'; '.join(perhaps)}." if perhaps else "")
    named = [each.column for each in candidates if each.column]
    numbers = [each.name for each in columns if each.look in (Look.NUMBER, Look.WHOLE)]
    choices = tuple(dict.fromkeys([*named, *numbers]))[:_CHOICES]
    todo = "--map amount=COLUMN (or order_total=COLUMN, or quantity=COLUMN and unit_price=COLUMN)"
    return Doubt("amount", choices[:1], question, choices, todo)
