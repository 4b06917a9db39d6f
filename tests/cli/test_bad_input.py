"""Malformed and odd files end in a clear refusal or in ledgered rejects; never a traceback, never a silent change.

A case names its file, its content, and what is expected: a refusal (a word of it), or how many lines are kept and what
becomes of the others.
"""

import gzip
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.command import Command

HEADER = "customer_id,order_id,ordered_at,product_id,quantity,unit_price\n"
GOOD = "ann,1,2024-01-31 10:00,mug,2,3.50\nbob,2,2024-02-15 11:00,cup,1,4.00\n"


@dataclass(frozen=True)
class Case:
    """One file. `kept` is the number of kept lines; `reasons` those of the others; `refused` a word of the refusal."""

    name: str
    content: bytes
    kept: int | None = None
    reasons: dict[str, int] = field(default_factory=dict)
    refused: str | None = None
    options: tuple[str, ...] = ()


def csv(*rows: str, header: str = HEADER) -> bytes:
    """Our plain CSV with some rows."""
    return (header + "".join(row + "\n" for row in rows)).encode()


def with_good(*rows: str) -> bytes:
    """Two good lines, then these."""
    return (HEADER + GOOD + "".join(row + "\n" for row in rows)).encode()


def zipped(**members: bytes) -> bytes:
    """A zip of files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


def bad_cell(name: str, row: str, reason: str = "unreadable") -> Case:
    """A month of good lines and one that is rejected."""
    month = (f"ann,{day},2024-01-{day:02} 10:00,mug,2,3.50" for day in range(1, 29))
    return Case(f"{name}.csv", csv(*month, row.replace(",3,", ",300,")), kept=28, reasons={reason: 1})


CASES = [
    # nothing to read
    Case("empty.csv", b"", refused="empty"),
    Case("blank_lines.csv", b"\n\n\n", refused=""),
    Case("header_only.csv", HEADER.encode(), refused="row"),
    Case("only_a_bom.csv", b"\xef\xbb\xbf", refused=""),
    Case("empty.zip", zipped(), refused=""),
    Case("zip_of_nothing_useful.zip", zipped(readme__md=b"hello"), refused=""),
    # damaged or not what the name says
    Case("truncated.csv.gz", gzip.compress(with_good() * 50)[:60], refused=""),
    Case("not_gzip.csv.gz", b"\x1f\x8b" + b"rubbish" * 9, refused=""),
    Case("truncated.parquet", b"PAR1" + b"\x00" * 40, refused=""),
    Case("short.parquet", b"PAR1", refused=""),
    Case("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, refused=""),
    Case("document.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", refused="PDF"),
    Case("old.xls", bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600, refused=""),
    Case("page.csv", b"<!DOCTYPE html><html><body>Please sign in</body></html>", refused="HTML"),
    Case("orders.json", b'[{"customer_id": 1, "amount": 2}]', refused="JSON"),
    Case("broken.xlsx", b"PK\x03\x04" + b"\x00" * 30, refused=""),
    Case("broken.zip", zipped(a__csv=with_good())[:-40], refused=""),
    Case("nul_bytes.csv", with_good("cid,3,2024-03-01,mu\x00g,1,2"), refused="NUL"),
    Case("csv_called_parquet.parquet", with_good(), kept=2),
    Case("csv_called_xlsx.xlsx", with_good(), kept=2),
    Case("gzip_without_ending.csv", gzip.compress(with_good()), kept=2),
    Case("zip_of_one.zip", zipped(orders__csv=with_good()), kept=2),
    # other ways to write the same table
    Case("semicolons.csv", with_good().replace(b",", b";"), kept=2),
    Case("tabs.txt", with_good().replace(b",", b"\t"), kept=2),
    Case("pipes.csv", with_good().replace(b",", b"|"), kept=2),
    Case("utf8_bom.csv", b"\xef\xbb\xbf" + with_good(), kept=2),
    Case("utf16_le.csv", with_good().decode().encode("utf-16"), kept=2),
    Case("utf16_be.csv", b"\xfe\xff" + with_good().decode().encode("utf-16-be"), kept=2),
    Case("latin1.csv", with_good("cid,3,2024-03-01 09:00,caf\xe9,1,2").decode("latin-1").encode("latin-1"), kept=3),
    Case("windows1252.csv", HEADER.encode() + GOOD.encode() + b"cid,3,2024-03-01 09:00,\x80uro,1,2\n", kept=3),
    Case("crlf.csv", with_good().replace(b"\n", b"\r\n"), kept=2),
    Case("cr_only.csv", with_good().replace(b"\n", b"\r"), kept=2),
    Case("no_last_line_end.csv", with_good()[:-1], kept=2),
    Case("blank_lines_at_the_end.csv", with_good() + b"\n\n", kept=2),
    Case("quoted_line_break.csv", with_good('cid,3,2024-03-01 09:00,"a\nb",1,2'), kept=3),
    Case("doubled_quotes.csv", with_good('cid,3,2024-03-01 09:00,"a ""b""",1,2'), kept=3),
    Case("decimal_comma.csv", with_good().replace(b",", b";").replace(b".", b","), kept=2),
    Case("thousands.csv", with_good('cid,3,2024-03-01 09:00,mug,1,"1,234.50"'), kept=3),
    Case("currency_signs.csv", re.sub(rb"(\d\.\d\d)", "£\\1".encode(), with_good()), kept=2),
    Case("emoji_ids.csv", with_good("🛒,3,2024-03-01 09:00,☕,1,2"), kept=3),
    Case("formula_ids.csv", with_good('"=SUM(A1)",3,2024-03-01 09:00,@cmd,1,2'), kept=3),
    Case("leading_zeros.csv", csv("00123,1,2024-01-31,mug,1,2", "00124,2,2024-02-15,mug,1,2"), kept=2),
    Case("numbers_as_floats.csv", csv("17850.0,1,2024-01-31,mug,1,2", "13047.0,2,2024-02-15,mug,1,2"), kept=2),
    Case("day_first.csv", csv("a,1,31/01/2024 10:00,mug,1,2", "b,2,02/02/2024 10:00,mug,1,2"), kept=2),
    Case("month_first.csv", csv("a,1,1/31/2024 10:00,mug,1,2", "b,2,2/2/2024 10:00,mug,1,2"), kept=2),
    Case("dotted_days.csv", csv("a,1,31.01.2024,mug,1,2", "b,2,02.02.2024,mug,1,2"), kept=2),
    Case("iso_with_offset.csv", csv("a,1,2024-01-31T10:00+02:00,mug,1,2", "b,2,2024-02-02T10:00Z,mug,1,2"), kept=2),
    Case("compact_days.csv", csv("a,1,20240131,mug,1,2", "b,2,20240202,mug,1,2"), kept=2),
    Case("named_months.csv", csv("a,1,31 Jan 2024,mug,1,2", "b,2,2 Feb 2024,mug,1,2"), kept=2),
    Case("afternoon.csv", csv("a,1,01/31/2024 10:00 PM,mug,1,2", "b,2,02/02/2024 01:00 AM,mug,1,2"), kept=2),
    # single cells at fault
    bad_cell("no_such_day", "cid,3,2024-02-30 10:00,mug,1,2"),
    bad_cell("no_date", "cid,3,,mug,1,2"),
    bad_cell("words_for_a_date", "cid,3,yesterday,mug,1,2"),
    bad_cell("year_one", "cid,3,0001-01-01 00:00,mug,1,2"),
    bad_cell("year_9999", "cid,3,9999-12-31 00:00,mug,1,2"),
    bad_cell("nan", "cid,3,2024-03-01 09:00,mug,1,NaN"),
    bad_cell("infinite", "cid,3,2024-03-01 09:00,mug,1,inf"),
    bad_cell("1e308", "cid,3,2024-03-01 09:00,mug,1,1e308"),
    bad_cell("product_overflows", "cid,3,2024-03-01 09:00,mug,999999999,999999999"),
    bad_cell("words_for_a_number", "cid,3,2024-03-01 09:00,mug,two,2"),
    bad_cell("wrongly_grouped", 'cid,3,2024-03-01 09:00,mug,1,"1,2,3"'),
    bad_cell("no_price", "cid,3,2024-03-01 09:00,mug,1,"),
    bad_cell("negative_price", "cid,3,2024-03-01 09:00,mug,1,-2", "non_positive"),
    bad_cell("nothing_sold", "cid,3,2024-03-01 09:00,mug,0,2", "non_positive"),
    bad_cell("given_away", "cid,3,2024-03-01 09:00,mug,1,0", "free_goods"),
    bad_cell("return_of_nothing", "cid,C3,2024-03-01 09:00,mug,-1,2", "return_without_sale"),
    bad_cell("huge_return", "cid,C3,2024-03-01 09:00,mug,-80995,2.08", "return_without_sale"),
    bad_cell("too_few_cells", "cid,3"),
    bad_cell("too_many_cells", "cid,3,2024-03-01 09:00,mug,1,2,surplus,cells"),
    Case("huge_quantity.csv", with_good("cid,3,2024-03-01 09:00,mug,80995,2.08"), kept=3),
    Case("nobody_known.csv", with_good(",3,2024-03-01 09:00,mug,1,2"), kept=3),
    Case("all_rejected.csv", csv("ann,1,2024-01-31,mug,0,2", "bob,2,2024-02-15,mug,0,2"), kept=0,
         reasons={"non_positive": 2}),
    Case("one_order.csv", csv("ann,1,2024-01-31,mug,1,2"), kept=1),
    # the table itself
    Case("no_amount.csv", csv("ann,1,2024-01-31", header="customer_id,order_id,ordered_at\n"), refused="amount"),
    Case("no_customer_column.csv", csv("1,2024-01-31,2.50", header="order_id,ordered_at,amount\n"), refused="customer"),
    Case("no_date_column.csv", csv("ann,1,2.50", header="customer_id,order_id,amount\n"), refused="ordered_at"),
    Case("unknown_names.csv", csv("x,y,z", header="foo,bar,baz\n"), refused=""),
    Case("ambiguous_dates.csv", csv("a,1,03/04/2024,mug,1,2", "b,2,01/02/2024,mug,1,2"), refused="ordered_at"),
    Case("ambiguous_but_told.csv", csv("a,1,03/04/2024,mug,1,2", "b,2,01/02/2024,mug,1,2"), kept=2,
         options=("--date-order", "dmy")),
    Case("two_currencies.csv", csv("a,1,2024-01-31,5,EUR", "b,2,2024-02-01,6,USD",
         header="customer_id,order_id,ordered_at,amount,currency\n"), refused="currenc"),
    Case("duplicate_names.csv", csv("ann,1,2024-01-31,mug,1,2,9", header=HEADER.strip() + ",quantity\n"), kept=1),
    Case("ten_thousand_columns.csv", csv("ann,1,2024-01-31,mug,1,2" + ",x" * 10_000,
         header=HEADER.strip() + "".join(f",c{n}" for n in range(10_000)) + "\n"), refused="columns"),
    Case("mapping_to_nowhere.csv", with_good(), refused="Nowhere", options=("--map", "customer_id=Nowhere")),
    Case("mapping_of_nothing.csv", with_good(), refused="customr", options=("--map", "customr=customer_id")),
    Case("bad_policy.csv", with_good(), refused="strict", options=("--policy", "strict")),
    Case("bad_rule.csv", with_good(), refused="free_good", options=("--rule", "free_good=keep")),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_is_refused_clearly_or_ledgered(holdfast: Command, tmp_path: Path, case: Case) -> None:
    file = tmp_path / case.name
    file.write_bytes(case.content)
    ran = holdfast("import", file, *case.options)
    if case.refused is not None:
        assert ran.code == 2, ran.out
        assert {"code", "what", "seen", "todo"} <= ran.problem.keys()
        assert all(ran.problem[part] for part in ("what", "seen", "todo"))
        assert case.refused.lower() in ran.err.lower()
        assert holdfast("imports").json == {"items": []}
        return
    assert ran.code == 0, ran.err
    report = ran.json
    assert report["lines_kept"] == case.kept
    assert {each["reason"]: each["lines"] for each in report["reasons"]} == case.reasons
    assert report["lines_in"] == report["lines_kept"] + report["lines_rejected"]
    kept, rejected = Decimal(report["revenue_kept"]), Decimal(report["revenue_rejected"])
    assert Decimal(report["revenue_in"]) == kept + rejected


@pytest.mark.parametrize("make", [lambda p: p / "nothing.csv", lambda p: p], ids=["no_such_file", "empty_folder"])
def test_a_path_without_tables_is_refused(holdfast: Command, tmp_path: Path, make: Callable[[Path], Path]) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    ran = holdfast("import", make(folder))
    assert ran.code == 2
    assert ran.problem["todo"]


def test_a_home_that_is_a_file_is_refused(holdfast: Command, tmp_path: Path) -> None:
    holdfast.home.write_text("not a folder", encoding="utf-8")
    (tmp_path / "orders.csv").write_bytes(with_good())
    ran = holdfast("import", tmp_path / "orders.csv")
    assert ran.code == 2
    assert "--home" in ran.problem["todo"]


def test_amounts_without_a_currency_stand_alone(holdfast: Command, tmp_path: Path) -> None:
    month = (f"c{day % 4},{day},2024-01-{day:02} 10:00,mug,2,3.50" for day in range(1, 29))
    (tmp_path / "orders.csv").write_bytes(csv(*month))
    assert "196.00, 2024-01-01" in holdfast("run", tmp_path / "orders.csv", as_json=False).out
    assert holdfast("answer").json["currency"] == ""
    assert "XXX" not in holdfast("answer", as_json=False).out


def test_there_are_at_least_sixty_cases() -> None:
    assert len({case.name for case in CASES}) >= 60
