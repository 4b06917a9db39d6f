"""Voucher histories of a shop: real rows, versions, a warehouse that says the same, and what is refused."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import fakesnow
import pytest

from holdfast.errors import (
    EngineError,
    HoldfastError,
    InputError,
    MappingError,
    NotFoundError,
    PolicyError,
    SettingsError,
)
from holdfast.settings import Settings
from holdfast.store.vouchers import RAW_FILE, current_history, layer
from holdfast.workflows.backup import write_backup
from holdfast.workflows.restoring import restore
from holdfast.workflows.shop import Shop
from holdfast.workflows.voucher_answers import segments_as_dict
from holdfast.workflows.vouchers import HistoryWishes, import_history

PERU = HistoryWishes(countries=["Peru"])
HEADER = "timestamp,country_code,last_order_ts,first_order_ts,total_orders,voucher_amount\n"
ROW = "2018-07-21 18:59:21,Peru,2018-06-01,2018-01-05,{orders},{amount}\n"
WAREHOUSE = "snowflake://ann:p%40ss@account/SHOPS?warehouse=W&role=R"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop.open(Settings(home=tmp_path / "home", tenant="tea", warehouse_url=WAREHOUSE))


@pytest.fixture
def warehouse() -> Iterator[None]:
    """fakesnow stands in for Snowflake: its connector, with DuckDB behind it."""
    with fakesnow.patch():
        yield


@pytest.fixture
def real(data: Path) -> Path:
    return data / "voucher_assignment" / "voucher_assignments.parquet"


def written(folder: Path, text: str, name: str = "history.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def history(folder: Path, *orders_and_amounts: tuple[object, object]) -> Path:
    return written(folder, HEADER + "".join(ROW.format(orders=o, amount=a) for o, a in orders_and_amounts))


def reasons(report: dict[str, Any]) -> dict[str, int]:
    return {entry["reason"]: entry["rows"] for entry in report["ledger"]}


# --- real rows -------------------------------------------------------------------------------------------------------


def test_the_ledger_of_real_rows(shop: Shop, real: Path) -> None:
    found = import_history(shop, [real], wishes=PERU).as_dict()
    assert (found["rows_in"], found["rows_of_countries"], found["rows_kept"]) == (285_570, 44_920, 33_596)
    assert found["rows_kept"] + found["rows_rejected"] == found["rows_in"]
    assert reasons(found) == {
        "kept": 33_596,
        "other_country": 240_650,
        "blank_total_orders": 3_519,
        "blank_voucher_amount": 764,
        "dates_without_orders": 4_147,
        "assigned_before_last_order": 2_894,
    }
    assert found["outside_rules"] == {"Peru": {"frequent_segment": 5_078, "recency_segment": 64}}
    assert found["duplicates"] == 10
    simple = import_history(shop, wishes=HistoryWishes(policy="simple")).as_dict()
    assert (simple["rows_kept"], simple["rows_of_countries"]) == (36_490, 44_920)


def test_the_answers_of_real_rows(shop: Shop, real: Path) -> None:
    import_history(shop, [real], wishes=PERU)
    (peru,) = segments_as_dict(shop)["countries"]
    told = [(e["segment"], e["voucher_amount"], e["n"], e["used"], e["label"]) for e in peru["segments"]]
    assert told == [
        ("1-4", "2640.00", 12_458, 5_406, "most_used"),
        ("5-13", "2640.00", 9_390, 5_357, "most_used"),
        ("14-37", "2640.00", 6_670, 4_035, "most_used"),
        ("30-60", "2640.00", 17_177, 10_839, "most_used"),
        ("61-90", "2640.00", 0, 0, "fallback_country"),
        ("91-120", "2640.00", 16_355, 7_105, "most_used"),
        ("121-180", "2640.00", 0, 0, "fallback_country"),
        ("180+", "2640.00", 0, 0, "fallback_country"),
    ]
    assert (peru["voucher_amount"], peru["n"], peru["used"]) == ("2640.00", 33_596, 17_988)
    assert [e["share"] for e in peru["segments"]][4] is None


def test_raw_stays_as_it_came_and_the_layers_are_tables(shop: Shop, real: Path) -> None:
    version = import_history(shop, [real], wishes=PERU).manifest.version
    files = {name: layer(shop.folder, version, f"{name}.parquet") for name in ("raw", "staged", "rejects", "published")}
    fields = "timestamp, country_code, last_order_ts, first_order_ts, total_orders, voucher_amount"
    with duckdb.connect() as connection:

        def rows(text: str) -> list[tuple[Any, ...]]:
            return connection.execute(text).fetchall()

        both = f"(SELECT {fields} FROM '{files['raw']}' EXCEPT ALL SELECT {fields} FROM '{real}')"
        assert rows(f"SELECT COUNT(*) FROM {both}") == [(0,)]
        kinds = f"DESCRIBE SELECT {fields} FROM "
        assert rows(f"{kinds}'{files['raw']}'") == rows(f"{kinds}'{real}'"), "types as they came"
        counted = {name: rows(f"SELECT COUNT(*) FROM '{path}'")[0][0] for name, path in files.items()}
        assert counted == {"raw": 285_570, "staged": 33_596, "rejects": 251_974, "published": 24}
        recency = f"SELECT DISTINCT days_since_last_order FROM '{files['staged']}' ORDER BY 1"
        assert [day for (day,) in rows(recency)] == [1, 2, 3, 4, 5, 31, 91, 92]


def test_every_country_at_once(shop: Shop, real: Path) -> None:
    found = segments_as_dict(shop) if import_history(shop, [real]).changed else {}
    assert [each["country"] for each in found["countries"]] == ["Australia", "China", "Latvia", "Peru"]
    assert sum(each["n"] for each in found["countries"]) == found["rows_kept"]


# --- the same in a warehouse -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("warehouse")
def test_a_warehouse_makes_the_same_layers(shop: Shop, real: Path) -> None:
    here = import_history(shop, [real], wishes=PERU).manifest
    there = import_history(shop, [real], wishes=replace(PERU, in_warehouse=True)).manifest
    assert there.place == "snowflake://account/SHOPS/HOLDFAST_TEA", "and no password in it"
    assert (there.ledger, there.uses, there.duplicates) == (here.ledger, here.uses, here.duplicates)
    assert layer(shop.folder, there.version, "staged.parquet") is None
    simple = import_history(shop, wishes=HistoryWishes(policy="simple", in_warehouse=True)).as_dict()
    assert simple["rows_kept"] == 36_490


@pytest.mark.usefixtures("warehouse")
def test_odd_rows_have_the_same_fate_in_a_warehouse(shop: Shop, tmp_path: Path) -> None:
    text = HEADER + "".join(
        (
            ROW.format(orders="4.0", amount="10"),
            ROW.format(orders="4.0", amount="20.5"),
            ROW.format(orders="four", amount="10"),
            ROW.format(orders="1.5", amount="10"),
            ROW.format(orders="NaN", amount="10"),
            ROW.format(orders=3, amount="1e2"),
            ROW.format(orders=3, amount=""),
            '"2018-07-21T18:59:21+02:00","Peru ","2018-06-01","",7,10\n',
            "21.07.2018,Peru,2018-06-01,,7,10\n",
            "1532131200,Peru,2018-06-01,,7,10\n",
            '2018-07-21,"Pe""ru,100%",2018-06-01,,7,10\n',
            "2018-07-21,,2018-06-01,,7,10\n",
            "2018-02-30,Peru,2018-06-01,,7,10\n",
        )
    )
    here = import_history(shop, [written(tmp_path, text)], wishes=PERU).manifest
    there = import_history(shop, [tmp_path / "history.csv"], wishes=replace(PERU, in_warehouse=True)).manifest
    assert {entry["reason"] for entry in here.ledger} > {"kept", "unreadable", "no_country", "other_country"}
    assert (there.ledger, there.uses) == (here.ledger, here.uses)


@pytest.mark.usefixtures("warehouse")
def test_a_raw_table_that_somebody_else_loads_will_do(shop: Shop) -> None:
    with pytest.raises(NotFoundError, match="has no raw history either"):
        import_history(shop, wishes=HistoryWishes(in_warehouse=True))
    connection = _connected()
    connection.execute(
        "CREATE TABLE voucher_raw (row_number BIGINT, timestamp VARCHAR, country_code VARCHAR, last_order_ts VARCHAR, "
        "first_order_ts VARCHAR, total_orders VARCHAR, voucher_amount VARCHAR)"
    )
    connection.execute("INSERT INTO voucher_raw VALUES (1, '2018-07-21', 'Peru', '2018-06-01', NULL, '3', '15')")
    found = import_history(shop, wishes=HistoryWishes(in_warehouse=True)).as_dict()
    assert (found["rows_kept"], found["file"]) == (1, "voucher_raw")
    connection.execute("SELECT segment_name, segment, voucher_amount FROM voucher_published WHERE place = 1 ORDER BY 1")
    assert [(name, segment, int(amount)) for name, segment, amount in connection.fetchall()] == [
        ("country", "Peru", 15),
        ("frequent_segment", "1-4", 15),
        ("recency_segment", "30-60", 15),
    ]
    with pytest.raises(NotFoundError, match="no voucher history to make anew"):
        import_history(shop)


def _connected() -> Any:
    import snowflake.connector  # noqa: PLC0415 - patched while the test runs

    connection = snowflake.connector.connect(account="account", user="ann", password="p", database="SHOPS")
    cursor = connection.cursor()
    cursor.execute('USE SCHEMA "HOLDFAST_TEA"')
    return cursor


@pytest.mark.parametrize(
    "address",
    [
        "snowflake://account/SHOPS",
        "snowflake://ann@/SHOPS",
        "snowflake://ann:p@account",
        "snowflake://ann:p@account/SHOPS?ocsp_fail_open=true",
    ],
)
def test_an_address_that_cannot_be_meant(shop: Shop, tmp_path: Path, address: str) -> None:
    there = replace(shop, settings=shop.settings.model_copy(update={"warehouse_url": address}))
    with pytest.raises(SettingsError) as refused:
        import_history(there, [history(tmp_path, (3, 10))], wishes=HistoryWishes(in_warehouse=True))
    assert "ann:p" not in str(refused.value)
    assert current_history(shop.folder) is None


def test_without_a_warehouse_the_wish_is_refused(tmp_path: Path) -> None:
    shop = Shop.open(Settings(home=tmp_path / "home", tenant="tea"))
    with pytest.raises(SettingsError, match="No warehouse is known"):
        import_history(shop, [history(tmp_path, (3, 10))], wishes=HistoryWishes(in_warehouse=True))


def test_a_warehouse_that_does_not_let_us_in_says_so(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import snowflake.connector  # noqa: PLC0415 - an extra
    from snowflake.connector.errors import DatabaseError  # noqa: PLC0415

    def refuse(**_: object) -> None:
        raise DatabaseError("250001 (08001): Incorrect username or password was specified.")

    monkeypatch.setattr(snowflake.connector, "connect", refuse)
    with pytest.raises(EngineError, match="Incorrect username"):
        import_history(shop, [history(tmp_path, (3, 10))], wishes=HistoryWishes(in_warehouse=True))


# --- versions --------------------------------------------------------------------------------------------------------


def test_the_same_again_changes_nothing_and_other_rules_do(shop: Shop, tmp_path: Path) -> None:
    first = import_history(shop, [history(tmp_path, (3, 10), (7, 20))], wishes=PERU)
    again = import_history(shop, [tmp_path / "history.csv"])
    assert (first.changed, again.changed, again.manifest) == (True, False, first.manifest)
    rules = [{"kind": "frequency", "segment": "all", "from": 1, "to": None}]
    other = import_history(shop, wishes=HistoryWishes(rules=rules))
    assert other.changed
    assert other.manifest.sha256 == first.manifest.sha256, "the raw layer that was there"
    (whole,) = segments_as_dict(shop)["countries"]
    assert [(each["segment"], each["n"]) for each in whole["segments"]] == [("all", 2)]
    kept = import_history(shop, [history(tmp_path, (3, 10), (7, 30))])
    assert kept.manifest.rules == other.manifest.rules, "rules stay until others are given"


def test_old_versions_go(tmp_path: Path) -> None:
    shop = Shop.open(Settings(home=tmp_path / "home", tenant="tea", keep_datasets=2))
    versions = [import_history(shop, [history(tmp_path, (3, amount))]).manifest.version for amount in (10, 20, 30, 40)]
    assert shop.folder.names("vouchers") == versions[-2:]
    in_force = current_history(shop.folder)
    assert in_force is not None
    assert in_force.version == versions[-1]


def test_a_restored_backup_answers_the_same(shop: Shop, tmp_path: Path) -> None:
    import_history(shop, [history(tmp_path, (3, 10), (7, 20))], wishes=PERU)
    write_backup(shop.settings, tmp_path / "backup.tar")
    there = Settings(home=tmp_path / "elsewhere", tenant="tea")
    restore(there, tmp_path / "backup.tar", force=False)
    assert segments_as_dict(Shop.open(there)) == segments_as_dict(shop)
    assert import_history(Shop.open(there), wishes=HistoryWishes(policy="simple")).changed, "the raw layer is there too"


def test_another_machine_with_the_same_storage_answers_the_same(tmp_path: Path) -> None:
    (tmp_path / "storage").mkdir()
    one, other = (
        Shop.open(Settings(home=tmp_path / name, tenant="tea", storage_url=f"file://{tmp_path}/storage"))
        for name in ("one", "other")
    )
    import_history(one, [history(tmp_path, (3, 10))], wishes=PERU)
    assert segments_as_dict(other) == segments_as_dict(one)
    assert import_history(other, wishes=HistoryWishes(policy="simple")).changed
    for _ in range(40):  # what another machine published is seen a moment later
        if segments_as_dict(one)["policy"] == "simple":
            break
        time.sleep(0.1)
    assert segments_as_dict(one) == segments_as_dict(other)


def test_a_run_that_is_done_again_finds_what_it_made(shop: Shop, tmp_path: Path) -> None:
    path = history(tmp_path, (3, 10))
    first = import_history(shop, [path], run="job_1")
    path.unlink()
    assert import_history(shop, [path], run="job_1") == first


def test_other_columns_are_left_out(shop: Shop, tmp_path: Path) -> None:
    text = "name,Land,Timestamp,last_order_ts,first_order_ts,total_orders,voucher_amount\n"
    text += "Mara,Peru,2018-07-21,2018-06-01,,3,10\n"
    wishes = HistoryWishes(mapping={"country_code": "land"})
    made = import_history(shop, [written(tmp_path, text)], wishes=wishes).manifest
    raw = layer(shop.folder, made.version, RAW_FILE)
    with duckdb.connect() as connection:
        names = [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM '{raw}'").fetchall()]
    assert "name" not in names
    assert names[0] == "row_number"


@pytest.mark.parametrize(
    ("text", "wishes", "kind", "says"),
    [
        ("", PERU, InputError, ""),
        (HEADER, PERU, InputError, ""),
        ("a,b\n1,2\n", PERU, MappingError, "has no column for timestamp"),
        (HEADER + ROW.format(orders=3, amount=10), HistoryWishes(mapping={"who": "x"}), MappingError, "no field 'who'"),
        (HEADER + ROW.format(orders=3, amount=10), HistoryWishes(countries=["Narnia"]), InputError, "No voucher"),
        (HEADER + ROW.format(orders="", amount=10), PERU, InputError, "No voucher"),
        (HEADER + ROW.format(orders=3, amount=10), HistoryWishes(policy="strict"), PolicyError, "strict"),
        (HEADER + ROW.format(orders=3, amount=10), HistoryWishes(rules=[]), PolicyError, "no ranges"),
    ],
    ids=["empty", "no rows", "other columns", "unknown field", "no such country", "nothing left", "policy", "rules"],
)
def test_what_cannot_be_a_history_is_refused_and_changes_nothing(
    shop: Shop, tmp_path: Path, text: str, wishes: HistoryWishes, kind: type[HoldfastError], says: str
) -> None:
    before = import_history(shop, [history(tmp_path, (3, 10))]).manifest
    with pytest.raises(kind) as refused:
        import_history(shop, [written(tmp_path, text, "bad.csv")], wishes=wishes)
    assert says in refused.value.what
    assert refused.value.todo
    assert current_history(shop.folder) == before
    assert not list((shop.folder.path / "tmp").iterdir())


def test_nothing_to_make_anew(shop: Shop) -> None:
    with pytest.raises(NotFoundError, match="no voucher history to make anew"):
        import_history(shop)
