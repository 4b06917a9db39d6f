"""The least a request with a key can be: what all others are measured against."""

from fastapi import APIRouter
from pydantic import BaseModel

from holdfast.api.callers import Viewer

router = APIRouter(tags=["health"])


class Pong(BaseModel):
    """The key is good."""

    tenant: str


@router.get("/ping")
def ping(caller: Viewer) -> Pong:
    """Checks the key, and does nothing."""
    return Pong(tenant=caller.tenant)
