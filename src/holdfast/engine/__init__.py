"""The engine room: queries as values, the primitives they are made of, and DuckDB to run them."""

from holdfast.engine.duckdb import DuckEngine, Rows
from holdfast.engine.query import Query

__all__ = ["DuckEngine", "Query", "Rows"]
