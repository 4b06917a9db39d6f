"""What the rows of a family of tables are, and how its columns are read: readings, grain, doubts and warnings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from holdfast.sources.content import FIELDS_OF, doubts_of
from holdfast.sources.families import Family
from holdfast.sources.grain import Grain, read_grain
from holdfast.sources.identities import id_warnings
from holdfast.sources.inspected import LINES
from holdfast.sources.mapping import Doubt, Proposal
from holdfast.sources.names import words
from holdfast.sources.opened import OpenedTable
from holdfast.sources.profile import ColumnProfile
from holdfast.sources.readings import Decisions, Readings, read_columns

_IDS = ("customer_id", "order_id", "product_id")
_PERSON = frozenset(
    {"customer", "client", "person", "unique", "email", "mail", "user", "kunde", "cliente", "account", "member"}
)
_NO_PERSON = frozenset({"city", "state", "country", "zip", "region", "segment", "type", "code", "group"})
_WHOLE = frozenset({"order", "total", "grand", "invoice", "basket", "cart", "gesamt", "commande", "pedido"})
_REPEATED = 0.7


@dataclass(frozen=True, slots=True)
class Understood:
    """A family of tables with its readings and grain, one grain for each table."""

    family: Family
    readings: Readings
    grains: tuple[Grain, ...]
    doubts: tuple[Doubt, ...]
    notes: tuple[str, ...]


def understand(family: Family, decisions: Decisions) -> Understood:
    """Everything there is to know of a family of tables, with what somebody still has to decide."""
    if family.content != LINES:
        readings = read_columns(family.columns, family.proposals, FIELDS_OF[family.content], decisions)
        grains = tuple(Grain(table.rows) for table in family.tables)
        return Understood(family, readings, grains, readings.doubts, readings.notes)
    used = {field: each.column for field, each in family.proposals.items() if each.is_confident and each.column}
    grains = tuple(_grain(family, table, used) for table in family.tables)
    family, notes = _with_whole_order_amounts(family, grains)
    family, more = _with_questioned_customer(family, grains)
    readings = read_columns(family.columns, family.proposals, FIELDS_OF[LINES], decisions)
    doubts = (*doubts_of(family.proposals, family.profiles), *readings.doubts)
    warnings = id_warnings(
        family.columns.engine,
        family.columns.table,
        [(f, readings.readings[f].column) for f in _IDS if f in readings.readings],
    )
    notes = (*notes, *more, *_grain_notes(grains, used), *warnings, *readings.notes)
    return Understood(family, readings, grains, doubts, (*(family.preset.notes if family.preset else ()), *notes))


def _grain(family: Family, table: OpenedTable, used: Mapping[str, str]) -> Grain:
    """The grain of one table; a known export may say more than its rows do."""
    family.columns.engine.bind("grain_of", table.path)
    grain = read_grain(family.columns.engine, "grain_of", used)
    if family.preset is None:
        return grain
    return replace(
        grain,
        carry_down=grain.carry_down or family.preset.carry_down,
        rows_are_orders=grain.rows_are_orders or family.preset.rows_are_orders,
    )


def _with_whole_order_amounts(family: Family, grains: Sequence[Grain]) -> tuple[Family, tuple[str, ...]]:
    """What stands on every line of an order is the order's: an amount becomes its total, other fields are left out."""
    proposals, notes = dict(family.proposals), []
    for field in sorted({field for grain in grains for field in grain.repeated}):
        proposal = proposals[field]
        same = f"{proposal.column} is the same on every line of an order"
        if proposal.is_known:
            if not family.preset:
                notes.append(f"{same}: taken as {field} of each line, as given, it counts once for each line.")
        elif field == "amount" and "order_total" not in proposals:
            del proposals["amount"]
            proposals["order_total"] = _as_order_total(proposal)
            notes.append(f"{same}: it seems to be the order_total, to be counted once for each order.")
        else:
            del proposals[field]
            notes.append(f"{same}: left out as {field}, or it would count once for each line.")
    return replace(family, proposals=proposals), tuple(notes)


def _as_order_total(amount: Proposal) -> Proposal:
    """An amount that is the same on all lines as the order's; without doubt only if its name speaks of a whole."""
    says_so = bool(_WHOLE & set(words(amount.column or "")))
    return replace(
        amount,
        field="order_total",
        confidence=amount.confidence if says_so else min(amount.confidence, _REPEATED),
        reason=f"{amount.reason}; the same on every line of an order",
    )


def _with_questioned_customer(family: Family, grains: Sequence[Grain]) -> tuple[Family, tuple[str, ...]]:
    """A customer id that never comes back is probably an order's: warn, and doubt it where a better column is there."""
    if not all(grain.customer_is_per_order for grain in grains):
        return family, ()
    proposal = family.proposals["customer_id"]
    orders = sum(grain.orders for grain in grains)
    warning = (
        f"{proposal.column} has a new id for each of {orders:,} orders, so nobody ever came back: "
        "perhaps it is an id of orders, not of persons."
    )
    better = _better_customer(family, orders)
    if not better or proposal.is_known:
        return family, (warning,)
    doubtful = replace(
        proposal,
        confidence=0.5,
        reason=f"{proposal.reason}; one for each order, while {better.name} has only {better.distinct:,}",
        alternatives=tuple(dict.fromkeys([better.name, *proposal.alternatives])),
    )
    return replace(family, proposals=family.proposals | {"customer_id": doubtful}), (warning,)


def _better_customer(family: Family, orders: int) -> ColumnProfile | None:
    """A column that is called like a person and whose values come back."""
    taken = {each.column for each in family.proposals.values() if each.field in _IDS}
    fitting = [
        each
        for each in family.profiles
        if each.name not in taken and _PERSON & set(words(each.name)) and not _NO_PERSON & set(words(each.name))
        if 1 < each.distinct < orders
    ]
    return max(fitting, key=lambda each: each.distinct, default=None)


def _grain_notes(grains: Sequence[Grain], used: Mapping[str, str]) -> Iterable[str]:
    shared = sum(grain.shared_orders for grain in grains)
    if shared:
        yield f"{shared:,} orders have lines of more than one customer."
    if any(grain.carry_down for grain in grains):
        yield "Fields of the order stand on its first row only and are carried down to its other rows."
    if "order_id" not in used:
        rows_are_orders = all(grain.rows_are_orders for grain in grains)
        order = "each row is an order" if rows_are_orders else "lines of one customer at one time are one order"
        yield f"No column is an order id: {order}."
