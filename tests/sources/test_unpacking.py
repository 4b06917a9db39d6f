"""Packed files of strangers: unpacked up to a limit, whatever they say of themselves."""

import gzip
import zipfile
from pathlib import Path

import pytest

from holdfast.engine import DuckEngine
from holdfast.errors import InputError
from holdfast.sources.opening import open_files

ZEROS = b"customer_id,order_id,ordered_at,amount\n" + b"a,1,2024-01-01,10\n" * 200_000


def bombs(folder: Path) -> dict[str, Path]:
    """3.6 MB of lines, in a few kilobytes."""
    packed, zipped = folder / "orders.csv.gz", folder / "orders.zip"
    packed.write_bytes(gzip.compress(ZEROS))
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("orders.csv", ZEROS)
    return {"gzip": packed, "zip": zipped}


@pytest.mark.parametrize("kind", ["gzip", "zip"])
def test_a_bomb_stops_at_the_limit(kind: str, tmp_path: Path) -> None:
    file, room = bombs(tmp_path)[kind], tmp_path / "room"
    room.mkdir()
    with DuckEngine() as engine, pytest.raises(InputError, match="more than may be unpacked"):
        open_files([file], into=room, engine=engine, most_bytes=1_000_000)
    assert list(room.iterdir()) == []


@pytest.mark.parametrize("kind", ["gzip", "zip"])
def test_within_the_limit_it_is_read(kind: str, tmp_path: Path) -> None:
    file, room = bombs(tmp_path)[kind], tmp_path / "room"
    room.mkdir()
    with DuckEngine() as engine:
        (table,) = open_files([file], into=room, engine=engine, most_bytes=10_000_000)
    assert table.rows == 200_000


def test_the_limit_is_for_all_files_together(tmp_path: Path) -> None:
    file, room = bombs(tmp_path)["gzip"], tmp_path / "room"
    second = tmp_path / "more.csv.gz"
    second.write_bytes(file.read_bytes())
    room.mkdir()
    with DuckEngine() as engine, pytest.raises(InputError, match="more than may be unpacked"):
        open_files([file, second], into=room, engine=engine, most_bytes=5_000_000)
