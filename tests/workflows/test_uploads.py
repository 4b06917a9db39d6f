"""Receiving files: whole or not at all, under harmless names."""

from pathlib import Path

import pytest

from holdfast.errors import InputError
from holdfast.store import ShopFolder
from holdfast.workflows.uploads import LONGEST_NAME, Reception, safe_name


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("orders.csv", "orders.csv"),
        ("Bestellungen März.csv.gz", "Bestellungen März.csv.gz"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        (".bashrc", "bashrc"),
        ("a\x00b\n.csv", "a_b_.csv"),
        ("CON:stream.csv", "CON_stream.csv"),
        ("...", "file-3"),
        ("", "file-3"),
        (None, "file-3"),
        ("=cmd|' /C calc'!A0.csv", "C calc_A0.csv"),
    ],
)
def test_names_are_made_harmless(sent: str | None, kept: str) -> None:
    assert safe_name(sent, nth=3) == kept


def test_long_names_keep_their_ending() -> None:
    name = safe_name("x" * 500 + ".csv.gz", nth=1)
    assert name.endswith(".csv.gz")
    assert len(name) <= LONGEST_NAME


def test_files_are_there_only_once_all_were_received(tmp_path: Path) -> None:
    folder = ShopFolder.of(tmp_path, "shop")
    with Reception(folder) as reception:
        reception.take("orders.csv", [b"a,", b"b"])
        reception.take("orders.csv", [b"c"])
        target = folder.path / "uploads" / reception.id
        assert not target.exists()
        reception.keep(folder)
    assert {file.name: file.read_bytes() for file in target.iterdir()} == {"orders.csv": b"a,b", "2-orders.csv": b"c"}
    assert [(file.name, file.size) for file in reception.files] == [("orders.csv", 3), ("2-orders.csv", 1)]


def test_what_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    folder = ShopFolder.of(tmp_path, "shop")

    def broken() -> "list[bytes]":
        raise ConnectionError

    with Reception(folder) as reception:
        reception.take("orders.csv", [b"a"])
        with pytest.raises(ConnectionError):
            reception.take("more.csv", broken())
    assert list((folder.path / "uploads").iterdir()) == []


def test_nothing_is_no_upload(tmp_path: Path) -> None:
    folder = ShopFolder.of(tmp_path, "shop")
    with pytest.raises(InputError, match="Nothing was sent"), Reception(folder) as reception:
        reception.keep(folder)
