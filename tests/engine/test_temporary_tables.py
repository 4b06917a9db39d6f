"""When DuckDB compresses temporary tables: not below a quarter of the memory, however much that is."""

import pytest

from holdfast.engine import DuckEngine

MEGABYTE = 2**20


@pytest.mark.parametrize("megabytes", [200, 4000])
def test_temporary_tables_are_compressed_from_a_quarter_of_the_memory_on(megabytes: int) -> None:
    with DuckEngine(memory_limit=f"{megabytes}MiB") as engine:
        threshold = "SELECT parse_formatted_bytes(current_setting('checkpoint_threshold'))"
        (compressed_from,) = engine.execute(threshold).fetchone() or (0,)
    assert compressed_from == pytest.approx(megabytes * MEGABYTE / 4, rel=0.01)
