"""The application: every room's router under `/api/v1`, around them what holds for every request."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version
from threading import Event

from fastapi import APIRouter, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from sqlalchemy.exc import DataError
from starlette.middleware.errors import ServerErrorMiddleware

from holdfast.access.limits import buckets_of
from holdfast.api import (
    action_lists,
    actions,
    answers,
    audit,
    backtests,
    contributions,
    customers,
    datasets,
    docs,
    features,
    health,
    imports,
    jobs,
    keys,
    list_results,
    members,
    metrics,
    models,
    next_actions,
    personal_data,
    ping,
    playbooks,
    points,
    predictions,
    previews,
    products,
    profiles,
    proofs,
    recommendations,
    rfm,
    runs,
    samples,
    segments,
    sessions,
    tenants,
    voucher_offers,
    vouchers,
    webhooks,
)
from holdfast.api.idempotency import Answers, Recalled, answer_again
from holdfast.api.limits import BodyLimit, HostCheck, refuse_value
from holdfast.api.problems import RESPONSES, handle_problems
from holdfast.api.requests import RequestContext
from holdfast.settings import Settings
from holdfast.workflows.service import Service

PREFIX = "/api/v1"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "testserver")

ROOMS: tuple[APIRouter, ...] = (
    sessions.router,
    tenants.router,
    keys.router,
    members.router,
    audit.router,
    samples.router,
    imports.router,
    datasets.router,
    runs.router,
    answers.router,
    customers.router,
    points.router,
    next_actions.router,  # before profiles: an id may hold slashes
    recommendations.router,
    products.router,
    profiles.router,
    segments.router,
    previews.router,
    rfm.router,
    features.router,
    models.router,
    proofs.router,
    actions.router,
    action_lists.router,
    list_results.router,
    webhooks.router,
    playbooks.router,
    contributions.router,
    predictions.router,
    backtests.router,
    vouchers.router,
    voucher_offers.router,
    jobs.router,
    personal_data.router,
    ping.router,
)
"""The routers of all rooms, in the order of the documentation."""


EXPOSED = [
    "ETag", "Location", "X-Request-Id", "Content-Disposition", "Retry-After", "Idempotency-Replayed",
    "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset",
]  # fmt: skip
"""Headers of answers that pages hosted elsewhere may read."""


def create_app(settings: Settings) -> FastAPI:
    """The application under some settings; records are opened when it starts."""
    app = FastAPI(
        title="Holdfast",
        version=version("holdfast"),
        summary="Customer retention for shops: who is about to leave, what that is worth, what to do.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(settings),
    )
    app.state.stopping = Event()  # set when the server is told to stop: streams without an end then end
    handle_problems(app)
    for router in (health.router, metrics.router, sessions.page_router, docs.router):
        app.include_router(router)
    for router in ROOMS:
        app.include_router(router, prefix=PREFIX, responses=RESPONSES)
    _guard(app, settings)
    return app


def _guard(app: FastAPI, settings: Settings) -> None:
    """Put around the application what holds for every request; what is added last is outermost."""
    app.add_exception_handler(Recalled, answer_again)
    app.add_exception_handler(DataError, refuse_value)
    app.add_middleware(Answers)
    app.add_middleware(BodyLimit, upload_bytes=settings.upload_limit_mb * 1_000_000)
    unexpected = app.exception_handlers.pop(Exception)  # answered within what follows, so that it gets their headers
    app.add_middleware(ServerErrorMiddleware, handler=unexpected)
    app.add_middleware(HostCheck, allowed=allowed_hosts(settings))
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.cors_origins),
            allow_methods=["*"],
            allow_headers=["*"],
            allow_credentials=True,
            expose_headers=EXPOSED,
        )
    app.state.buckets = buckets_of(settings.redis_url)
    app.add_middleware(RequestContext)


def allowed_hosts(settings: Settings) -> list[str]:
    """Under which names the server may be addressed: a page elsewhere cannot rebind its own name to our loopback."""
    if settings.allowed_hosts:
        return list(settings.allowed_hosts)
    return [*LOOPBACK, settings.host] if settings.host not in ("0.0.0.0", "::") else ["*"]  # noqa: S104


def _lifespan(settings: Settings) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.service = Service.open(settings)
        yield
        app.state.service.close()

    return lifespan
