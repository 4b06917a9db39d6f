"""Views: the same answers as computing anew, made once, whole or not at all, and never stale."""

import json
import shutil
import threading
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from filelock import FileLock

from holdfast.engine import Query
from holdfast.errors import InputError, NotFoundError
from holdfast.forecast.days import day_number
from holdfast.settings import Settings
from holdfast.store import default_model, use_model
from holdfast.workflows import views
from holdfast.workflows.answer import answer
from holdfast.workflows.customers import grouped_customers, list_customers, one_customer
from holdfast.workflows.derived import BeingPreparedError, beside
from holdfast.workflows.editions import needed_edition
from holdfast.workflows.explaining import explain_customers
from holdfast.workflows.forecasting import stored_forecasts
from holdfast.workflows.importing import HowToRead, import_files, rebuild
from holdfast.workflows.listing import GROUPED
from holdfast.workflows.opened_views import View
from holdfast.workflows.plain import plain
from holdfast.workflows.profiles import known_customer, orders_of
from holdfast.workflows.shop import Shop
from holdfast.workflows.training import score
from holdfast.workflows.view_making import FACTS, FORECAST_COLUMNS, TABLES, make_tables
from holdfast.workflows.views import forget_model, needed_ground, needed_view, refresh_view
from tests.sample_home import shop_in

EARLIER = "2024-06-01"


@pytest.fixture
def shop(sample_home: Path) -> Shop:
    """The sample shop, to be read."""
    return shop_in(sample_home)


@pytest.fixture
def own(sample_home: Path, tmp_path: Path) -> Shop:
    """A copy of it that may be changed."""
    shutil.copytree(sample_home / "tenants", tmp_path / "tenants")
    shutil.rmtree(tmp_path / "tenants" / "sample" / "derived", ignore_errors=True)
    return shop_in(tmp_path)


def rows(view: View, text: str) -> list[dict[str, Any]]:
    with view.engine() as engine:
        return engine.rows(Query("asked", "any", text)).dicts()


def views_in(shop: Shop) -> list[str]:
    return sorted(path.parent.name for path in (shop.folder.path / "derived").glob(f"*/views/*/{FACTS}"))


# --- what is in it ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_of", [None, EARLIER])
def test_every_customer_has_the_features_and_groups_that_are_computed_anew(shop: Shop, as_of: str | None) -> None:
    computed, day = list_customers(shop, as_of=as_of, columns=["*"])
    view = needed_view(shop, as_of=as_of)
    assert view.facts.as_of == day.isoformat()
    kept = rows(view, f"SELECT {', '.join(computed.names)} FROM {GROUPED}")
    assert kept == computed.dicts()  # in the order of a list that nobody sorted


def test_every_customer_has_the_forecasts_of_the_model_in_use(shop: Shop) -> None:
    stored, day = stored_forecasts(shop)
    view = needed_view(shop)
    assert (view.facts.model, view.facts.as_of) == (default_model(shop.folder), day.isoformat())
    kept = rows(view, f"SELECT customer_id, {', '.join(FORECAST_COLUMNS[:-1])} FROM {GROUPED} ORDER BY customer_id")
    assert kept == sorted(stored.dicts(), key=lambda row: row["customer_id"])


def test_bands_say_where_the_chance_lies(shop: Shop) -> None:
    found = rows(
        needed_view(shop),
        f"SELECT p_buy_band, MIN(p_buy) AS least, MAX(p_buy) AS most FROM {GROUPED} GROUP BY p_buy_band",
    )
    bounds = {"under 20 %": (0, 0.2), "20 to 40 %": (0.2, 0.4), "40 to 60 %": (0.4, 0.6), "60 to 80 %": (0.6, 0.8)}
    assert len(found) > 2
    for row in found:
        least, below = bounds.get(row["p_buy_band"], (0.8, 1.1))
        assert least <= row["least"]
        assert row["most"] < below


def test_before_the_model_was_trained_there_are_no_forecasts_and_the_view_says_why(shop: Shop) -> None:
    view = needed_view(shop, as_of=EARLIER)
    assert "p_buy" not in view.types
    assert view.facts.model is None
    assert "has seen what came after" in str(view.facts.no_forecast)
    assert needed_ground(shop, needed_edition(shop), view) is None


def test_after_it_was_trained_customers_are_forecast_anew_as_score_does(shop: Shop, tmp_path: Path) -> None:
    score(shop, as_of="2026-03-01", out=tmp_path / "scores.parquet")
    view = needed_view(shop, as_of="2026-03-01")
    kept = rows(view, f"SELECT customer_id, {', '.join(FORECAST_COLUMNS[:-1])} FROM {GROUPED} ORDER BY customer_id")
    with duckdb.connect() as connection:
        scored = connection.execute(f"SELECT * FROM '{tmp_path / 'scores.parquet'}'").fetchall()
    assert [tuple(row.values()) for row in kept] == scored


def test_summaries_and_the_answer_are_those_computed_anew(shop: Shop) -> None:
    view = needed_view(shop)
    assert view.facts.answer == plain(answer(shop).as_json())
    with grouped_customers(shop) as grouped:
        assert view.facts.segments["risk_bands"] == plain(grouped.groups.bands)
        assert view.facts.segments["rules"] == plain(grouped.groups.rules)
        assert view.facts.rfm_cutoffs == plain(grouped.groups.rfm_cutoffs)


def test_a_page_is_the_row_the_orders_and_the_products_of_its_customer(shop: Shop) -> None:
    view = needed_view(shop)
    listed = rows(view, f"SELECT * FROM {GROUPED} ORDER BY order_count DESC, customer_id")
    for row in (listed[0], listed[len(listed) // 2], listed[-1]):
        profile = one_customer(shop, row["customer_id"])
        with view.engine() as engine:
            known = known_customer(view, engine, row["customer_id"])
        assert known.row == {name: value for name, value in row.items() if name != "customer_id"}
        assert {type(value) for value in known.row.values()} == {
            type(value) for name, value in row.items() if name != "customer_id"
        }
        orders = orders_of(view, row["customer_id"], limit=1000, after=None)
        assert orders.items == plain(profile.orders.dicts())
        assert [each | {"ordered_at": None, "undone_at": None} for each in known.orders.items] == [
            each | {"ordered_at": None, "undone_at": None} for each in orders.items[:20]
        ]
        assert known.orders.total == orders.total == len(orders.items)
        assert [(each["product_id"], each["amount"], each["orders"]) for each in known.products] == [
            (each["product_id"], plain(each["amount"]), each["orders"]) for each in profile.products.dicts()[:20]
        ]


def test_orders_come_in_pages(shop: Shop) -> None:
    view = needed_view(shop)
    (busiest,) = rows(view, f"SELECT customer_id FROM {GROUPED} ORDER BY order_count DESC LIMIT 1")
    whole = orders_of(view, busiest["customer_id"], limit=1000, after=None).items
    seen, place = list[dict[str, Any]](), None
    while True:
        page = orders_of(view, busiest["customer_id"], limit=3, after=place)
        seen += page.items
        place = page.ends_at
        if place is None:
            break
    assert seen == whole
    assert len(whole) > 6


def test_reasons_are_those_computed_with_everybody_in_memory(shop: Shop) -> None:
    view, edition = needed_view(shop), needed_edition(shop)
    ground = needed_ground(shop, edition, view)
    assert ground is not None
    names = [row["customer_id"] for row in rows(view, f"SELECT customer_id FROM {GROUPED} LIMIT 40")][::8]
    expected = explain_customers(shop, names).as_dict()["items"]
    for name, entry in zip(names, expected, strict=True):
        with view.engine() as engine:
            known = known_customer(view, engine, name)
        found = ground.reasons(known.row, currency="GBP")
        assert found is not None
        assert found["sentences"] == entry["sentences"]
        assert [each["group"] for each in found["reasons"]] == [each["group"] for each in entry["reasons"]]
        for kind in ("points", "money"):
            said = [each[kind] for each in found["reasons"]]
            assert said == pytest.approx([each[kind] for each in entry["reasons"]], abs=1e-9)
        assert known.forecast is not None
        assert entry["p_buy"] == pytest.approx(known.forecast["p_buy"], abs=1e-12)


# --- made once, and anew when something changed ----------------------------------------------------------------------


def test_a_view_is_made_once(own: Shop) -> None:
    made = refresh_view(own)
    assert made == {"as_of": str(needed_edition(own).day(None)), "customers": 300, "model": default_model(own.folder)}
    (only,) = views_in(own)
    facts = next((own.folder.path / "derived").glob(f"*/views/{only}/{FACTS}"))
    written = facts.stat().st_mtime_ns
    refresh_view(own)
    needed_view(own)
    assert views_in(own) == [only]
    assert facts.stat().st_mtime_ns == written


def test_another_model_takes_everything_over_but_its_forecasts(own: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    with_model = needed_view(own)
    monkeypatch.setattr("holdfast.workflows.view_making.group_customers", None)  # nothing is computed again
    use_model(own.folder, None)
    without = needed_view(own)
    assert without.folder != with_model.folder
    assert without.facts.no_forecast == "There is no model in use. Train one."
    assert "p_buy" not in without.types
    shared = ", ".join(without.types)
    assert rows(without, f"SELECT {shared} FROM {GROUPED}") == rows(with_model, f"SELECT {shared} FROM {GROUPED}")
    assert rows(without, "SELECT customer_id, bought, order_total FROM pages ORDER BY 1") == rows(
        with_model, "SELECT customer_id, bought, order_total FROM pages ORDER BY 1"
    )
    assert without.facts.answer == with_model.facts.answer


@pytest.mark.parametrize("changed", [{"risk_cutoffs": (1.0, 3.0)}, {"horizon_days": 60}, {"margin": 0.4}])
def test_settings_that_show_make_another_edition(own: Shop, changed: dict[str, Any]) -> None:
    other = replace(own, settings=own.settings.model_copy(update=changed))
    assert needed_edition(other).tag != needed_edition(own).tag
    assert needed_view(other).folder != needed_view(own).folder


def test_settings_that_do_not_show_make_none(own: Shop) -> None:
    other = replace(own, settings=own.settings.model_copy(update={"port": 1, "memory_limit": "2GB"}))
    assert needed_edition(other).tag == needed_edition(own).tag


def test_a_new_version_of_the_data_is_another_edition_and_takes_the_old_view_with_it(own: Shop) -> None:
    old = needed_view(own)
    settings = own.settings.model_copy(update={"keep_datasets": 1})
    rebuild(replace(own, settings=settings), rules={"free_goods": "keep"})
    new = needed_view(own)
    assert new.facts.dataset != old.facts.dataset
    assert not old.folder.exists()
    assert new.facts.model == old.facts.model  # an older model forecasts newer data
    assert len(rows(new, f"SELECT 1 FROM {GROUPED} WHERE p_buy IS NULL")) == 0


def test_views_of_past_days_come_and_go(own: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "KEPT", 2)
    for day in (1, 2, 3):
        needed_view(own, as_of=f"2024-06-{day:02d}")
    assert [name[:8] for name in views_in(own)] == ["20240602", "20240603"]


def test_a_deleted_model_leaves_no_forecasts_behind(own: Shop) -> None:
    view = needed_view(own)
    needed_view(own, as_of=EARLIER)
    forget_model(own, str(view.facts.model))
    assert views_in(own) == []


# --- days ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "2020-01-01", "9999-12-31", "2037-01-01"])
def test_from_some_days_nothing_can_be_seen(shop: Shop, day: str) -> None:
    with pytest.raises(InputError):
        needed_view(shop, as_of=day)


@pytest.mark.parametrize("day", ["yesterday", "", "2024-13-01", "20240601x", "2024-06-01T00:00"])
def test_what_is_no_day_is_refused(shop: Shop, day: str) -> None:
    if not day:
        assert needed_view(shop, as_of=day).facts.as_of == needed_view(shop).facts.as_of
        return
    with pytest.raises(InputError):
        needed_view(shop, as_of=day)


def test_a_shop_without_orders_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError) as refused:
        needed_view(shop_in(tmp_path, "empty"))
    assert "POST /api/v1/imports" in refused.value.todo
    assert str(tmp_path) not in str(refused.value)


# --- making ----------------------------------------------------------------------------------------------------------


def test_many_who_ask_at_once_make_it_once(own: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[float] = []
    make = make_tables

    def counted(*given: Any, **named: Any) -> Any:
        made.append(time.monotonic())
        return make(*given, **named)

    monkeypatch.setattr(views, "make_tables", counted)
    found: list[View] = []
    threads = [threading.Thread(target=lambda: found.append(needed_view(own))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert len({id(view) for view in found}) == 1


def test_whoever_waits_too_long_is_told_to_come_again(own: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        views._make_view, "__kwdefaults__", {**(views._make_view.__kwdefaults__ or {}), "patience": 0.05}
    )
    derived = own.folder.path / "derived"
    derived.mkdir(parents=True)
    with FileLock(derived / "making.lock"), pytest.raises(BeingPreparedError) as told:
        needed_view(own)
    assert told.value.details["retry_after_seconds"] == 30


def test_a_large_shop_is_prepared_beside(own: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_IN_A_REQUEST", 10)
    with pytest.raises(BeingPreparedError, match="being prepared"):
        needed_view(own)
    until = time.monotonic() + 60
    while beside.is_busy and time.monotonic() < until:
        time.sleep(0.05)
    view = needed_view(own)
    assert view.facts.customers == 300
    assert needed_ground(own, needed_edition(own), view) is not None


def test_what_went_wrong_beside_is_told_to_the_next_who_asks(own: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "MOST_IN_A_REQUEST", 10)

    def broken(*_given: Any, **_named: Any) -> None:
        raise InputError("Broken.", seen="This.", todo="That.")

    monkeypatch.setattr(views, "make_tables", broken)
    with pytest.raises(BeingPreparedError):
        needed_view(own)
    while beside.is_busy:
        time.sleep(0.05)
    with pytest.raises(InputError, match="Broken"):
        needed_view(own)


def test_what_a_killed_process_left_is_neither_seen_nor_in_the_way(own: Shop) -> None:
    left = own.folder.path / "derived" / "making" / "half"
    left.mkdir(parents=True)
    (left / "view.duckdb").write_bytes(b"half")
    edition = needed_edition(own)
    target = views._place(own, edition, edition.day(None))
    assert not target.exists()
    assert needed_view(own).folder == target
    assert not left.exists()
    assert sorted(path.name for path in target.iterdir()) == [TABLES, FACTS]


def test_a_view_whose_data_were_replaced_meanwhile_is_not_left_behind(
    own: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, edition = make_tables, needed_edition(own)

    def replaced(*given: Any, **named: Any) -> Any:
        facts = make(*given, **named)
        shutil.rmtree(edition.dataset.folder)
        return facts

    monkeypatch.setattr(views, "make_tables", replaced)
    with pytest.raises(Exception, match="replaced while it was read"):
        needed_view(own)
    assert views_in(own) == []


def test_a_model_that_does_not_fit_the_data_forecasts_nothing_and_says_so(own: Shop) -> None:
    model = own.folder.path / "models" / str(default_model(own.folder))
    record = json.loads((model / "record.json").read_text(encoding="utf-8"))
    (model / "record.json").write_text(json.dumps(record | {"dataset": "another"}), encoding="utf-8")
    lines = own.folder.path.parent.parent / "few.csv"
    lines.write_text("customer_id,order_id,ordered_at,amount\n" + "".join(
        f"c{nth % 40},o{nth},2025-{nth % 12 + 1:02d}-{nth % 28 + 1:02d},{nth % 50 + 1}.00\n" for nth in range(400)
    ), encoding="utf-8")  # fmt: skip
    other = Shop.open(own.settings.model_copy(update={"tenant": "other"}))
    import_files(other, [lines], how=HowToRead(currency="GBP"))
    shutil.copytree(model, other.folder.path / "models" / model.name)
    use_model(other.folder, model.name)
    view = needed_view(other, as_of="2026-06-01")
    assert "The model does not fit the data." in str(view.facts.no_forecast)
    assert view.facts.model is None
    assert "p_buy" not in view.types


def test_an_edition_knows_its_day(shop: Shop) -> None:
    edition = needed_edition(shop)
    assert edition.day(None) == date.fromisoformat(str(edition.dataset.manifest.as_of))
    assert edition.day("2024-06-01") == date(2024, 6, 1)
    assert edition.is_today(edition.day(None))
    assert not edition.is_today(date(2024, 6, 1))
    assert day_number(edition.day(None)) > 0


def test_settings_of_the_environment_do_not_reach_these_tests(shop: Shop) -> None:
    assert shop.settings.model_fields_set == {"home", "tenant"}
    assert Settings(home=shop.settings.home, tenant="sample") == shop.settings
