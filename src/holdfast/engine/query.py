"""A query is a value: what it is called, what one row of it means, what it reads, and its text with its parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Query:
    """One SELECT composed from the primitives of `dialect`; values travel as `$name` in `parameters`, never as text."""

    name: str
    grain: str
    sql: str
    parameters: Mapping[str, object] = field(default_factory=dict)
