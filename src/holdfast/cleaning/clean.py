"""Raw tables and a policy become a stage with a ledger: a pure function, the same in gives the same out."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from holdfast.cleaning.attachments import write_customers, write_reviews
from holdfast.cleaning.classify import classify, count_duplicates, needs_several_passes
from holdfast.cleaning.ledger import Entry, entries
from holdfast.cleaning.parse import fields_in, parse
from holdfast.cleaning.policy import Policy
from holdfast.cleaning.rejects import rejects_query
from holdfast.cleaning.stage import write_stage
from holdfast.engine import DuckEngine
from holdfast.tables import RawTable


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What cleaning made: rows of each stage table, the ledger, and how many rows are exact repetitions."""

    rows: dict[str, int]
    ledger: tuple[Entry, ...]
    duplicates: int
    fields: tuple[str, ...]


def clean(tables: Sequence[RawTable], *, policy: Policy, engine: DuckEngine, into: Path) -> Cleaned:
    """Clean the raw tables under the policy and write the tables of `tables.STAGE` into the folder.

    `tables` in the order in which they were imported; a line table's position among the line tables is the `source` of
    its lines. Sums are exact decimals.
    """
    lines = [table for table in tables if table.content == "lines"]
    fields = fields_in(lines)
    several_files = len(lines) > 1
    parse(engine, lines, keep_as="parsed", read_often=needs_several_passes(policy, several_files=several_files))
    classify(engine, policy, parsed="parsed", fields=fields, several_files=several_files)
    duplicates = count_duplicates(engine, lines="judged")
    ledger = entries(engine, lines="lines")
    row_orders = [source for source, table in enumerate(lines) if table.rows_are_orders]
    rows = write_stage(engine, fields=fields, row_orders=row_orders, into=into)
    rows["rejects"] = engine.write(rejects_query(engine, lines, lines="lines"), into / "rejects.parquet")
    rows["customers"] = write_customers(engine, [t for t in tables if t.content == "customers"], into=into)
    rows["reviews"] = write_reviews(engine, [t for t in tables if t.content == "reviews"], into=into)
    return Cleaned(rows=rows, ledger=ledger, duplicates=duplicates, fields=fields)
