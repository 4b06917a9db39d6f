"""The engine room: queries as values, the primitives they are made of, and DuckDB to run them."""

from holdfast.engine.duckdb import DuckEngine
from holdfast.engine.query import Query

__all__ = ["DuckEngine", "Query"]
