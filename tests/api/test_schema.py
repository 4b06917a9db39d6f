"""The API against its own description: whatever it allows and does not allow, sent to every address.

No answer is a server error, and each is one that the description announces, in the shape that it announces.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import hypothesis
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck
from schemathesis.checks import CHECKS

from holdfast.api.app import create_app
from holdfast.settings import Settings
from tests.api.conftest import key_for
from tests.api.parts import settings_on
from tests.api.servers import served

DESCRIPTION = create_app(Settings(home=Path(mkdtemp()))).openapi()
schema = schemathesis.openapi.from_dict(DESCRIPTION)
WITHOUT_END = "/api/v1/jobs/events"
"""Streams for as long as somebody listens."""

CHECKED: Any = CHECKS.get_by_names(
    ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance"]
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Of a server with an admin's key for an empty shop."""
    home = tmp_path_factory.mktemp("described")
    with served(settings_on(home, requests_per_minute=0)) as (base, server):
        app: Any = server.config.app
        yield base, key_for(app.state.service, "shop")


@schema.exclude(path=WITHOUT_END).parametrize()
@hypothesis.settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
def test_every_address_answers_as_described(case: schemathesis.Case[Any], address: tuple[str, str]) -> None:
    base, key = address
    with requests.Session() as session:
        case.call_and_validate(
            base_url=base, session=session, headers={"Authorization": f"Bearer {key}"}, checks=CHECKED, timeout=30
        )
