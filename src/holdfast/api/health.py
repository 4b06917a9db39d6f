"""Is it alive, is it ready: for load balancers and people."""

import sqlalchemy as sa
from fastapi import APIRouter
from pydantic import BaseModel

from holdfast.api.callers import InService
from holdfast.api.problems import RESPONSES

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """All is well."""

    status: str = "ok"


@router.get("/healthz")
def alive() -> Health:
    """The process answers."""
    return Health()


@router.get("/readyz", responses={503: RESPONSES[503]})
def ready(service: InService) -> Health:
    """The records can be reached; 503 otherwise."""
    with service.database.begin() as session:
        session.execute(sa.text("SELECT 1"))
    return Health()
