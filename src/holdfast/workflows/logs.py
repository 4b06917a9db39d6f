"""Logs of the service: one line an event, for people or as JSON, on stderr; ours and those of the libraries alike."""

import logging
import sys
from typing import Any

import structlog
import structlog.tracebacks

from holdfast.settings import Settings

QUIET = {"dbos": logging.WARNING, "alembic": logging.WARNING, "uvicorn": logging.WARNING, "httpx": logging.WARNING}
"""Libraries that tell more than anybody wants to know."""


def configure_logs(settings: Settings) -> None:
    """Write logs the way the settings say; once a process."""
    before: list[Any] = [
        structlog.contextvars.merge_contextvars,  # request, tenant, job: whatever the event is about
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*before, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendered(settings.log_format)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name, level in QUIET.items():
        logger = logging.getLogger(name)
        logger.handlers[:] = []
        logger.propagate = True
        logger.setLevel(level)


def _rendered(log_format: str) -> list[Any]:
    """Tracebacks without the values of variables, among which may be a password or a customer."""
    if log_format == "json":
        traceback = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        return [structlog.processors.ExceptionRenderer(traceback), structlog.processors.JSONRenderer()]
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
