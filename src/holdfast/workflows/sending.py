"""Sending an action list to the tenant's webhook, part by part; what arrived is never sent again.

A part is written down as soon as the receiver took it. Whoever is killed in between sends that one part a second time,
under the same id, and nothing else.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from holdfast.destinations.webhook import Message, deliver
from holdfast.store.database import Database
from holdfast.store.records import ActionList, Delivery, ListEntry
from holdfast.workflows.action_lists import entries_of, exported, find_list, must_be
from holdfast.workflows.clock import instant, now
from holdfast.workflows.list_states import OPEN
from holdfast.workflows.shop import Progress, Shop
from holdfast.workflows.webhooks import caller_of, endpoint_of, needed_webhook

CUSTOMERS_A_PART = 500
"""About half a megabyte of JSON, which receivers take."""

FIGURES = ("place", "customer_id", "play", "evidence", "p_buy", "profit", "profit_low", "profit_high", "cost")


@dataclass(frozen=True, slots=True)
class Sent:
    """How a list was sent: customers that went now, and those who had gone before, to which host."""

    list_id: str
    customers: int
    before: int
    parts: int
    host: str

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


def check_sending(session: Session, *, tenant: str, list_id: str) -> ActionList:
    """The list, if it can be sent; NotFoundError without list or webhook, ListStateError where it is not open."""
    record = find_list(session, tenant=tenant, list_id=list_id)
    must_be(record, OPEN, "Only a list that was approved can be sent.")
    needed_webhook(session, tenant)
    return record


def send_list(
    database: Database,
    shop: Shop,
    list_id: str,
    *,
    sent_on: date,
    wait: Callable[[float], None],
    progress: Progress,
) -> Sent:
    """Send those who are treated; DeliveryError where the receiver does not take them, and what it took is kept.

    `wait` lets seconds pass between attempts; whoever wants to end it raises from there or from `progress`.
    """
    tenant = shop.settings.tenant
    with database.begin() as session:
        record = check_sending(session, tenant=tenant, list_id=list_id)
        exported(record, sent_on=sent_on)
        endpoint = endpoint_of(needed_webhook(session, tenant))
        arrived = {each.part: each.customers for each in session.scalars(deliveries_of(list_id))}
        parts = -(-int(record.totals["treated"]) // CUSTOMERS_A_PART)
    customers = 0
    with caller_of(shop.settings) as client:
        for part in (part for part in range(parts) if part not in arrived):
            progress("Sending", part / parts)
            with database.begin() as session:
                record = check_sending(session, tenant=tenant, list_id=list_id)
                message, n = _message(session, record, part, parts)
            answer = deliver(client, endpoint, message, moment=instant, wait=wait)
            with database.begin() as session:
                session.add(_delivery(record, part, n, endpoint.url, answer))
            customers += n
    return Sent(list_id, customers, sum(arrived.values()), parts, endpoint.host)


def deliveries_of(list_id: str) -> sa.Select[Delivery]:
    """What arrived of a list, the first part first."""
    return sa.select(Delivery).where(Delivery.list_id == list_id).order_by(Delivery.part)


def _message(session: Session, record: ActionList, part: int, parts: int) -> tuple[Message, int]:
    """A part of the list; the same part is the same message whenever it is made."""
    chosen = entries_of(record, holdout=False).offset(part * CUSTOMERS_A_PART).limit(CUSTOMERS_A_PART)
    customers = [_shown(entry) for entry in session.scalars(chosen)]
    data = {
        "list_id": record.id,
        "list_name": record.name,
        "as_of": record.as_of,
        "horizon": record.horizon,
        "currency": record.currency,
        "part": part + 1,
        "parts": parts,
        "customers": customers,
    }
    approved = record.approved_at or record.created_at
    body = {"type": "action_list.customers", "timestamp": approved.isoformat(), "data": data}
    return Message(f"msg_{record.id}_{part + 1}", json.dumps(body, ensure_ascii=False).encode()), len(customers)


def _shown(entry: ListEntry) -> dict[str, Any]:
    return {**{name: getattr(entry, name) for name in FIGURES}, **entry.words}


def _delivery(record: ActionList, part: int, customers: int, url: str, answer: int) -> Delivery:
    return Delivery(
        list_id=record.id,
        part=part,
        tenant=record.tenant,
        customers=customers,
        url=url,
        answer=answer,
        delivered_at=now(),
    )
