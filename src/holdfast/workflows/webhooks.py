"""The webhook of a tenant: where its lists are sent."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from sqlalchemy.orm import Session

from holdfast.destinations.webhook import TIMEOUT_SECONDS, Endpoint, Message, deliver, new_secret
from holdfast.errors import InputError, NotFoundError
from holdfast.settings import Settings
from holdfast.sources.public_web import web_client
from holdfast.store.records import Webhook, new_id
from holdfast.workflows.clock import instant, now


def set_webhook(session: Session, settings: Settings, *, url: str, by: str) -> Webhook:
    """Send the tenant's lists there from now on, signed with a new secret; InputError for an address that is none."""
    endpoint = Endpoint(url, new_secret())
    if not (url.startswith("https://") or settings.private_addresses):
        raise InputError("A webhook needs https.", seen=url, todo="Use https://: what is sent names customers.")
    record = session.get(Webhook, settings.tenant) or Webhook(tenant=settings.tenant)
    record.url, record.secret, record.created_at, record.created_by = endpoint.url, endpoint.secret, now(), by
    session.add(record)
    return record


def needed_webhook(session: Session, tenant: str) -> Webhook:
    """The webhook of a tenant; NotFoundError if there is none."""
    found = session.get(Webhook, tenant)
    if found is None:
        raise NotFoundError(
            "There is no webhook.", seen=f"Tenant {tenant} has none.", todo="Set one with `holdfast webhook set URL`."
        )
    return found


def remove_webhook(session: Session, tenant: str) -> None:
    """Send nothing any more; NotFoundError if nothing was sent anyway."""
    session.delete(needed_webhook(session, tenant))


def endpoint_of(record: Webhook) -> Endpoint:
    """Where its messages go."""
    return Endpoint(record.url, record.secret)


def try_webhook(settings: Settings, endpoint: Endpoint) -> int:
    """Send a message that says nothing, once; returns the status it was taken with, or raises DeliveryError."""
    body = json.dumps({"type": "holdfast.test", "timestamp": now().isoformat(), "data": {}}).encode()
    with caller_of(settings) as client:
        return deliver(client, endpoint, Message(new_id("msg"), body), moment=instant, wait=time.sleep, waits=())


@contextmanager
def caller_of(settings: Settings) -> Iterator[httpx.Client]:
    """What calls a webhook: it follows nobody elsewhere, and reaches private addresses only where that is allowed."""
    opened = web_client(private_allowed=settings.private_addresses, timeout=TIMEOUT_SECONDS, redirects=False)
    with opened as client:
        yield client
