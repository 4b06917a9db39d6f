"""The webhook of a tenant: where its action lists are sent, signed."""

from datetime import datetime

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from holdfast.access.audit import note
from holdfast.api.callers import Admin, Analyst, InService, RequestId, reading
from holdfast.workflows.clock import now
from holdfast.workflows.webhooks import endpoint_of, needed_webhook, remove_webhook, set_webhook, try_webhook

router = APIRouter(prefix="/webhook", tags=["actions"])


class NewWebhook(BaseModel, extra="forbid"):
    """Where to send."""

    url: str = Field(min_length=1, max_length=2000, description="https, unless private addresses are allowed.")


class Webhook(BaseModel, from_attributes=True):
    """Where lists are sent; the secret is not told again."""

    url: str
    created_at: datetime
    created_by: str


class WebhookWithSecret(Webhook):
    """A new webhook, with the secret that signs what is sent; shown this once."""

    secret: str = Field(description="As the Standard Webhooks specification has it: whsec_ and base64.")


class Tried(BaseModel):
    """A message without customers arrived."""

    answer: int = Field(description="The status of the answer.")


@router.get("")
def read_webhook(caller: Analyst, service: InService) -> Webhook:
    """Where action lists are sent; 404 where there is nothing."""
    with reading(service) as session:
        return Webhook.model_validate(needed_webhook(session, caller.tenant))


@router.put("")
def put_webhook(
    body: NewWebhook, response: Response, caller: Admin, service: InService, request_id: RequestId
) -> WebhookWithSecret:
    """Send lists there from now on, signed with a new secret."""
    with service.database.begin() as session:
        shop = service.shop(session, caller.tenant)
        record = set_webhook(session, shop.settings, url=body.url, by=caller.actor)
        host = endpoint_of(record).host
        note(session, caller, "set webhook", host, now=now(), request_id=request_id)
    response.headers["Cache-Control"] = "no-store"
    return WebhookWithSecret.model_validate(record)


@router.delete("", status_code=204)
def delete_webhook(caller: Admin, service: InService, request_id: RequestId) -> None:
    """Send nothing there any more."""
    with service.database.begin() as session:
        host = endpoint_of(needed_webhook(session, caller.tenant)).host
        remove_webhook(session, caller.tenant)
        note(session, caller, "remove webhook", host, now=now(), request_id=request_id)


@router.post("/test")
def test_webhook(caller: Admin, service: InService) -> Tried:
    """Send a signed message without customers, once; 502 where it is not taken."""
    with reading(service) as session:
        shop = service.shop(session, caller.tenant)
        endpoint = endpoint_of(needed_webhook(session, caller.tenant))
    return Tried(answer=try_webhook(shop.settings, endpoint))
