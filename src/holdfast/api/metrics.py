"""/metrics for Prometheus: requests, jobs, cache, and the process itself. deploy/grafana/holdfast.json draws them."""

from collections.abc import Iterable

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from starlette.types import Scope

from holdfast.access.caller import Role, require
from holdfast.api.callers import Cookie, InService, Key, caller_of, reading
from holdfast.api.cookies import LOOPBACK_NAMES
from holdfast.api.problems import RESPONSES
from holdfast.store.records import Job
from holdfast.workflows.caching import stats
from holdfast.workflows.jobs import State

router = APIRouter(tags=["health"])

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
UNKNOWN = "other"
"""For addresses and methods that are none of ours: a label never holds what somebody made up."""

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")

requests_total = Counter("holdfast_requests", "Requests answered.", ["method", "route", "status"])
request_seconds = Histogram(
    "holdfast_request_seconds",
    "Time until an answer was complete.",
    ["method", "route"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request that was answered."""
    name = method if method in METHODS else UNKNOWN
    requests_total.labels(name, route, status).inc()
    request_seconds.labels(name, route).observe(seconds)


def template_of(scope: Scope) -> str:
    """The address of the route that answered, with the names of its parameters: `/api/v1/jobs/{job_id}`.

    A route knows its address without the prefix of the router it hangs on; the path itself says what that is.
    """
    template: str | None = getattr(scope.get("route"), "path_format", None)
    if template is None:
        return UNKNOWN
    path: str = scope["path"]
    ending = template.format(**scope["path_params"])
    return path[: -len(ending)] + template if ending and path.endswith(ending) else template


@router.get("/metrics", response_class=Response, responses=RESPONSES | {200: {"content": {"text/plain": {}}}})
def scrape_metrics(request: Request, service: InService, key: Key, cookie: Cookie) -> Response:
    """Numbers about this server, for Prometheus.

    Open to this machine itself; from elsewhere, or through a proxy, it takes an operator's key.
    """
    if not _is_from_here(request):
        require(caller_of(request, service, key, cookie), Role.OPERATOR)
    with reading(service) as session:
        counted = session.execute(sa.select(Job.state, sa.func.count()).group_by(Job.state))
        counts = {state: jobs for state, jobs in counted}  # noqa: C416 - rows are tuples only to the eye of the checker
    asked_now = CollectorRegistry(auto_describe=False)
    asked_now.register(_Counted(counts))
    return Response(generate_latest() + generate_latest(asked_now), media_type=CONTENT_TYPE_LATEST)


class _Counted:
    """What is counted elsewhere, and read when somebody asks: jobs, by all processes, and finds in the cache."""

    def __init__(self, jobs: dict[str, int]) -> None:
        self.jobs = jobs

    def collect(self) -> Iterable[Metric]:
        """One number a state and a result, also where it is none."""
        jobs = GaugeMetricFamily("holdfast_jobs", "Jobs of all tenants by state.", labels=["state"])
        for state in State:
            jobs.add_metric([state.value], self.jobs.get(state.value, 0))
        cache = CounterMetricFamily("holdfast_cache", "Answers looked for in the cache.", labels=["result"])
        cache.add_metric(["hit"], stats().hits)
        cache.add_metric(["miss"], stats().misses)
        return [jobs, cache]


def _is_from_here(request: Request) -> bool:
    """Whether this machine asks, and not a proxy on it for somebody else."""
    host = request.client.host if request.client else ""
    return host in LOOPBACK_NAMES and not any(name in request.headers for name in FORWARDED)
