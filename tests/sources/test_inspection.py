"""From columns to a mapping with confidence and reasons, and doubts where only a person can decide."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.engine import DuckEngine
from holdfast.errors import HoldfastError, InputError, MappingError, SettingsError
from holdfast.sources.inspected import Inspection
from holdfast.sources.inspection import inspect
from holdfast.sources.opened import OpenedTable
from holdfast.sources.opening import open_files
from holdfast.tables import FIELD

Opener = Callable[..., OpenedTable]
Inspector = Callable[..., Inspection]

LINES = """
Order ID,Customer ID,Order Date,SKU,Quantity,Unit Price
A1,c1,2024-01-01,p1,1,2.50
A1,c1,2024-01-01,p2,2,1.00
A2,c2,2024-01-15,p1,1,2.50
A3,c1,2024-02-01,p3,3,4.00
"""


def test_a_plain_file_maps_itself(inspected: Inspector) -> None:
    found = inspected(LINES)
    assert found.mapping() == {
        "customer_id": "Customer ID",
        "order_id": "Order ID",
        "ordered_at": "Order Date",
        "product_id": "SKU",
        "quantity": "Quantity",
        "unit_price": "Unit Price",
    }
    assert (found.doubts, found.grain, found.currency) == ((), "lines", None)
    (raw,) = found.raw_tables()
    assert (raw.content, raw.rows, raw.rows_are_orders, raw.carry_down) == ("lines", 4, False, False)
    assert raw.readings["ordered_at"].time_formats == ("%Y-%m-%d",)


def test_every_proposal_says_why(inspected: Inspector) -> None:
    (table,) = inspected(LINES).tables
    customer = table.proposals["customer_id"]
    assert customer.confidence > 0.9
    assert customer.reason == "called Customer ID; 2 distinct codes"
    assert "2024-01-01" in table.proposals["ordered_at"].reason


def test_an_inspection_is_json(inspected: Inspector) -> None:
    shown = json.loads(json.dumps(inspected(LINES).as_dict()))
    assert shown["mapping"]["ordered_at"] == "Order Date"
    assert shown["tables"][0]["columns"][2]["looks_like"] == "dates"


@pytest.mark.parametrize(
    ("text", "separator", "mapping"),
    [
        (
            "Bestellnummer;Kundennummer;Bestelldatum;Artikelnummer;Menge;Einzelpreis\n1;7;31.12.2023;a;1;1.234,50\n2;8;1.1.2024;b;2;2",
            ";",
            {"order_id": "Bestellnummer", "customer_id": "Kundennummer", "ordered_at": "Bestelldatum"}
            | {"product_id": "Artikelnummer", "quantity": "Menge", "unit_price": "Einzelpreis"},
        ),
        (
            "N° commande,Code client,Date de commande,Montant total\n1,7,31/12/2023,12.50\n2,8,01/01/2024,3.00",
            ",",
            {"order_id": "N° commande", "customer_id": "Code client", "ordered_at": "Date de commande"}
            | {"order_total": "Montant total"},
        ),
        (
            "Número de pedido,Cliente,Fecha,Importe\n1,7,31/12/2023,12.50\n2,8,01/01/2024,3.00",
            ",",
            {"order_id": "Número de pedido", "customer_id": "Cliente", "ordered_at": "Fecha", "amount": "Importe"},
        ),
        (
            "Código do cliente,Data do pedido,Valor do pedido\n7,31/12/2023,12.50\n8,01/01/2024,3.00",
            ",",
            {"customer_id": "Código do cliente", "ordered_at": "Data do pedido", "order_total": "Valor do pedido"},
        ),
        (
            "order_id,user_id,created_at,total\n1,7,2023-12-31T10:00:00Z,12.50\n2,8,2024-01-01T10:00:00Z,3.00",
            ",",
            {"order_id": "order_id", "customer_id": "user_id", "ordered_at": "created_at", "amount": "total"},
        ),
    ],
    ids=["German", "French", "Spanish", "Portuguese", "an API's"],
)
def test_headers_of_many_languages(inspected: Inspector, text: str, separator: str, mapping: dict[str, str]) -> None:
    found = inspected(text, separator=separator)
    assert found.mapping() == mapping
    assert not found.doubts


def test_columns_called_nothing_we_know_are_doubts(inspected: Inspector) -> None:
    found = inspected("foo,bar,baz\nx,2024-01-13,1.50\ny,2024-01-14,2.50\nx,2024-01-15,2.50")
    assert {doubt.field: doubt.choices[0] for doubt in found.doubts} == {
        "customer_id": "foo",
        "ordered_at": "bar",
        "amount": "baz",
    }
    with pytest.raises(MappingError) as refused:
        found.raw_tables()
    assert refused.value.details["columns"] == ["foo", "bar", "baz"]
    assert "--map customer_id=COLUMN" in refused.value.todo


def test_a_given_mapping_leaves_no_doubt(inspected: Inspector) -> None:
    text = "foo,bar,baz\nx,2024-01-13,1.50\ny,2024-01-14,2.50"
    given = {"customer_id": "foo", "order_datetime": "bar", "amount": "baz"}
    found = inspected(text, mapping=given)
    assert not found.doubts
    assert found.mapping() == {"customer_id": "foo", "ordered_at": "bar", "amount": "baz"}
    assert inspected(text, mapping=found.mapping()).mapping() == found.mapping()


def test_a_given_mapping_wins_and_can_leave_fields_out(inspected: Inspector) -> None:
    found = inspected(LINES, mapping={"product_id": "", "customer_id": "SKU"})
    assert found.mapping()["customer_id"] == "SKU"
    assert "product_id" not in found.mapping()


@pytest.mark.parametrize(
    ("mapping", "near"),
    [({"custmer_id": "Customer ID"}, "customer_id"), ({"customer_id": "Custmer ID"}, "Customer ID")],
)
def test_a_mapping_of_what_is_not_there_names_the_nearest(
    inspected: Inspector, mapping: dict[str, str], near: str
) -> None:
    with pytest.raises(MappingError) as refused:
        inspected(LINES, mapping=mapping)
    assert near in refused.value.todo


def test_two_columns_of_one_name_are_a_doubt(inspected: Inspector) -> None:
    found = inspected(
        "customer_id,order_date,invoice_date,amount\n1,2024-01-13,2024-01-14,5.5\n2,2024-01-14,2024-01-14,6.5"
    )
    (doubt,) = found.doubts
    assert doubt.choices[:2] == ("order_date", "invoice_date")


# --- dates and numbers ------------------------------------------------------------------------------------------------

AMBIGUOUS = "customer_id,order_date,amount\n1,01/02/2024,5.5\n2,02/02/2024,6.5\n1,03/02/2024,6.5"


def test_an_ambiguous_date_order_is_a_doubt_that_names_the_column(inspected: Inspector) -> None:
    found = inspected(AMBIGUOUS)
    (doubt,) = found.doubts
    assert (doubt.field, doubt.columns, doubt.choices) == ("ordered_at", ("order_date",), ("dmy", "mdy"))
    with pytest.raises(MappingError) as refused:
        found.raw_tables()
    assert refused.value.details["columns"] == ["order_date"]
    assert "--date-order" in refused.value.todo


def test_a_given_date_order_settles_it(inspected: Inspector) -> None:
    found = inspected(AMBIGUOUS, date_order="mdy")
    assert found.date_order == "mdy"
    assert found.raw_tables()[0].readings["ordered_at"].time_formats == ("%m/%d/%Y",)


def test_another_column_of_the_file_settles_it(inspected: Inspector) -> None:
    text = "customer_id,order_date,amount,delivery date\n1,01/02/2024,5.5,13/02/2024\n2,02/02/2024,6.5,14/02/2024"
    found = inspected(text)
    assert (found.date_order, found.doubts) == ("dmy", ())


def test_files_with_the_same_columns_decide_together(duck: DuckEngine, opened: Opener, tmp_path: Path) -> None:
    first = opened(AMBIGUOUS, file="february.csv")
    second = opened("customer_id,order_date,amount\n1,02/13/2024,5.5", file="march.csv")
    found = inspect([first, second], engine=duck, into=tmp_path)
    assert [raw.file for raw in found.raw_tables()] == ["february.csv", "march.csv"]
    assert {raw.readings["ordered_at"].time_formats for raw in found.raw_tables()} == {("%m/%d/%Y",)}


def test_contradicting_dates_are_noted_aloud(inspected: Inspector) -> None:
    text = "customer_id,order_date,amount\n1,13/01/2024,5.5\n2,14/01/2024,6.5\n1,01/13/2024,6.5"
    found = inspected(text)
    assert found.date_order == "dmy"
    assert "order_date: 1 of 3 cells cannot be read as dates." in found.notes


def test_implausible_years_are_noted(inspected: Inspector) -> None:
    found = inspected("customer_id,order_date,amount\n1,0001-01-01,5.5\n2,2024-01-14,6.5\n1,9999-12-31,6.5")
    assert "order_date: 2 of 3 cells lie outside the years 1970 to 2099." in found.notes


def test_a_column_called_date_without_dates_is_a_doubt(inspected: Inspector) -> None:
    found = inspected("customer_id,order_date,amount\n1,soon,5.5\n2,later,6.5")
    assert [doubt.field for doubt in found.doubts] == ["ordered_at"]


def test_an_ambiguous_decimal_mark_is_a_doubt(inspected: Inspector) -> None:
    text = 'customer_id,order_date,amount\n1,2024-01-13,"1,234"\n2,2024-01-14,"2,345"'
    (doubt,) = inspected(text).doubts
    assert (doubt.field, doubt.columns) == ("amount", ("amount",))
    readings = inspected(text, decimal="point").raw_tables()[0].readings
    assert (readings["amount"].decimal, readings["amount"].thousands) == (".", ",")


def test_semicolons_between_cells_speak_for_decimal_commas(inspected: Inspector) -> None:
    found = inspected("customer_id;order_date;amount\n1;2024-01-13;1,234\n2;2024-01-14;2,345", separator=";")
    assert found.raw_tables()[0].readings["amount"].decimal == ","


# --- grain ------------------------------------------------------------------------------------------------------------


def test_rows_without_products_and_repeats_are_orders(inspected: Inspector) -> None:
    found = inspected(
        "order_id,customer_id,order_date,amount\n1,7,2024-01-13,5.5\n2,8,2024-01-14,6.5\n3,7,2024-01-15,1.5"
    )
    assert (found.grain, found.raw_tables()[0].rows_are_orders) == ("orders", True)


def test_without_order_id_and_products_each_row_is_an_order(inspected: Inspector) -> None:
    found = inspected("customer_id,order_date,amount\n7,2024-01-13,5.5\n8,2024-01-14,6.5\n7,2024-01-13,5.5")
    assert found.raw_tables()[0].rows_are_orders
    assert "No column is an order id: each row is an order." in found.notes


def test_order_fields_on_the_first_row_only_are_carried_down(inspected: Inspector) -> None:
    found = inspected(
        "order_id,customer_id,order_date,sku,amount\n1,7,2024-01-13,a,5.5\n1,,,b,6.5\n2,8,2024-01-14,a,6.5\n2,,,c,1"
    )
    assert found.raw_tables()[0].carry_down


def test_missing_customers_are_nothing_to_carry_down(inspected: Inspector) -> None:
    found = inspected(
        "order_id,customer_id,order_date,sku,amount\n1,,2024-01-13,a,5.5\n1,,2024-01-13,b,6.5\n2,8,2024-01-14,a,6.5"
    )
    assert not found.raw_tables()[0].carry_down


def _orders(column: str, values: list[tuple[str, str]]) -> str:
    """Orders of two lines each, with a value for the first and the second line."""
    lines = [f"order_id,customer_id,order_date,sku,{column}"]
    for order, pair in enumerate(values):
        lines += [f"o{order},c{order % 7},2024-01-13,p{line},{value}" for line, value in enumerate(pair)]
    return "\n".join(lines)


def test_an_amount_repeated_on_all_lines_is_the_order_total(inspected: Inspector) -> None:
    found = inspected(_orders("total", [(f"{n}.5", f"{n}.5") for n in range(1, 31)]))
    assert found.mapping()["order_total"] == "total"
    assert "amount" not in found.mapping()


def test_without_a_name_that_says_so_it_is_a_doubt(inspected: Inspector) -> None:
    text = _orders("sales", [(f"{n}.5", f"{n}.5") for n in range(1, 31)])
    (doubt,) = inspected(text).doubts
    assert "sales as order_total" in doubt.question
    assert inspected(text, mapping={"amount": "sales"}).mapping()["amount"] == "sales"
    assert inspected(text, mapping={"order_total": "sales"}).mapping()["order_total"] == "sales"


def test_amounts_that_differ_stay_amounts(inspected: Inspector) -> None:
    found = inspected(_orders("total", [(f"{n}.5", f"{n + 1}.5") for n in range(1, 31)]))
    assert found.mapping()["amount"] == "total"


def test_shipping_repeated_on_all_lines_is_left_out_aloud(inspected: Inspector) -> None:
    text = _orders("amount,shipping", [(f"{n}.5,4.90", f"{n + 1}.5,4.90") for n in range(1, 31)])
    found = inspected(text)
    assert "shipping" not in found.mapping()
    assert any("shipping is the same on every line" in note for note in found.notes)
    assert inspected(text, mapping={"shipping": "shipping"}).mapping()["shipping"] == "shipping"


# --- customers and ids ------------------------------------------------------------------------------------------------


def _per_order(extra_header: str, extra: str) -> str:
    header = f"order_id,customer_id,order_date,amount{extra_header}"
    return "\n".join([header, *(f"o{n},x{n},2024-01-{n % 28 + 1:02d},5.5{extra.format(n % 9)}" for n in range(30))])


def test_an_id_for_each_order_is_warned_of(inspected: Inspector) -> None:
    found = inspected(_per_order("", ""))
    assert not found.doubts
    assert any("perhaps it is an id of orders" in note for note in found.notes)


def test_a_better_customer_column_makes_it_a_doubt(inspected: Inspector) -> None:
    text = _per_order(",person_key", ",k{}")
    (doubt,) = inspected(text).doubts
    assert doubt.choices[:2] == ("customer_id", "person_key")
    assert not inspected(text, mapping={"customer_id": "person_key"}).doubts


def test_damaged_ids_are_warned_of(inspected: Inspector) -> None:
    text = (
        "customer_id,order_date,amount,sku\n17850.0,2024-01-13,5.5,00123\n17851.0,2024-01-14,5.5,123\n,2024-01-14,1.5,9"
    )
    notes = " ".join(inspected(text).notes)
    assert "17850.0" in notes
    assert "with and without leading zeros" in notes


def test_cut_leading_zeros_are_warned_of(inspected: Inspector) -> None:
    ids = [f"{n:05d}".lstrip("0") for n in range(8_000, 60_000, 1_000)]
    rows = "\n".join(f"{each},2024-01-13,5.5" for each in ids)
    assert any("cut leading zeros" in note for note in inspected(f"customer_id,order_date,amount\n{rows}").notes)
    counted = "\n".join(f"{n},2024-01-13,5.5" for n in range(1, 120))
    assert not any("leading" in note for note in inspected(f"customer_id,order_date,amount\n{counted}").notes)


def test_a_rate_of_discount_is_no_money(inspected: Inspector) -> None:
    text = "customer_id,order_date,sales,discount\n1,2024-01-13,5.5,0.2\n2,2024-01-14,6.5,0.15"
    assert "discount" not in inspected(text).mapping()


# --- currency ---------------------------------------------------------------------------------------------------------

TWO_CURRENCIES = (
    "customer_id,order_date,amount,currency\n1,2024-01-13,5.5,EUR\n2,2024-01-14,6.5,usd\n1,2024-01-15,6.5,EUR"
)


def test_one_currency_in_a_column_is_the_currency(inspected: Inspector) -> None:
    assert inspected(TWO_CURRENCIES.replace("usd", "EUR")).currency == "EUR"


def test_two_currencies_are_refused(inspected: Inspector) -> None:
    with pytest.raises(InputError) as refused:
        inspected(TWO_CURRENCIES)
    assert refused.value.details["currencies"] == {"EUR": 2, "USD": 1}


def test_rates_make_two_currencies_one(inspected: Inspector) -> None:
    found = inspected(TWO_CURRENCIES, rates={"USD": "0.92", "EUR": "1"})
    (raw,) = found.raw_tables()
    assert (raw.currency, raw.rates) == ("EUR", {"EUR": "1", "USD": "0.92"})


def test_rates_that_miss_a_currency_are_refused(inspected: Inspector) -> None:
    with pytest.raises(InputError, match="several currencies") as refused:
        inspected(TWO_CURRENCIES, rates={"EUR": "1"})
    assert refused.value.details["missing"] == ["USD"]


@pytest.mark.parametrize("rates", [{"USD": "much"}, {"USD": "-1"}, {"USD": "NaN"}])
def test_rates_are_positive_numbers(inspected: Inspector, rates: dict[str, str]) -> None:
    with pytest.raises(SettingsError):
        inspected(TWO_CURRENCIES, rates=rates)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("customer_id,order_date,amount\n1,2024-01-13,£5.50\n2,2024-01-14,£6.50", "GBP"),
        ("customer_id,order_date,amount\n1,2024-01-13,$5.50\n2,2024-01-14,$6.50", "USD"),
        ("customer_id,order_date,amount\n1,2024-01-13,5.50 CHF\n2,2024-01-14,6.50 CHF", "CHF"),
        ("customer_id,order_date,amount (SEK)\n1,2024-01-13,5.50\n2,2024-01-14,6.50", "SEK"),
        ("customer_id,order_date,amount\n1,2024-01-13,5.50\n2,2024-01-14,6.50", None),
    ],
)
def test_signs_and_headers_name_the_currency(inspected: Inspector, text: str, currency: str | None) -> None:
    found = inspected(text)
    assert (found.currency, found.doubts) == (currency, ())


def test_signs_of_two_currencies_are_refused(inspected: Inspector) -> None:
    with pytest.raises(InputError):
        inspected("customer_id,order_date,amount\n1,2024-01-13,£5.50\n2,2024-01-14,€6.50")
    with pytest.raises(InputError):
        inspected("customer_id,order_date,amount\n1,2024-01-13,£5.50", currency="EUR")


# --- what else comes through the door ---------------------------------------------------------------------------------

CUSTOMERS = "customer_id,accepts marketing,account manager\nc1,yes,Ann\nc2,no,Ben"
REVIEWS = "order_id,rating,comment,review date\nA1,5,good,2024-01-13\nA2,1,bad,2024-01-20"
PRODUCTS = "product_code,weight\np1,5\np2,7"


def test_customers_and_reviews_come_through_the_same_door(duck: DuckEngine, opened: Opener, tmp_path: Path) -> None:
    tables = [
        opened(LINES),
        opened(CUSTOMERS, file="c.csv"),
        opened(REVIEWS, file="r.csv"),
        opened(PRODUCTS, file="p.csv"),
    ]
    found = inspect(tables, engine=duck, into=tmp_path)
    assert [table.content for table in found.tables] == ["lines", "customers", "reviews", "ignored"]
    assert [raw.content for raw in found.raw_tables()] == ["lines", "customers", "reviews"]
    assert set(found.tables[1].readings) == {"customer_id", "consent", "account_manager"}
    assert set(found.tables[2].readings) == {"order_id", "score", "text", "created_at"}
    assert found.mapping()["customer_id"] == "Customer ID"


def test_customers_may_come_alone(inspected: Inspector) -> None:
    found = inspected(CUSTOMERS)
    assert [raw.content for raw in found.raw_tables()] == ["customers"]


# --- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        ("name,age\nAnn,30\nBen,40", ["customer_id", "ordered_at", "value"]),
        ("customer_id,order_date,colour\n1,2024-01-13,red\n2,2024-01-14,blue", ["value"]),
        ("customer_id,amount,colour\n1,5.5,red\n2,6.5,blue", ["ordered_at"]),
    ],
)
def test_what_is_no_order_history_is_refused(inspected: Inspector, text: str, lacking: list[str]) -> None:
    with pytest.raises(InputError) as refused:
        inspected(text)
    assert refused.value.details["missing"] == lacking


def test_a_price_without_quantity_is_a_question(inspected: Inspector) -> None:
    (doubt,) = inspected("customer_id,order_date,unit price\n1,2024-01-13,5.5\n2,2024-01-14,6.5").doubts
    assert "Is each row one unit?" in doubt.question


@pytest.mark.parametrize(
    "decisions",
    [
        {"date_order": "dym"},
        {"time_zone": "Mars/Olympus"},
        {"decimal": "dot"},
        {"currency": "euro"},
        {"preset": "magento"},
        {"preset": "shopify"},
    ],
)
def test_decisions_that_are_none_are_refused(inspected: Inspector, decisions: dict[str, str]) -> None:
    with pytest.raises(HoldfastError) as refused:
        inspected(LINES, **decisions)
    assert refused.value.todo


def test_no_table_is_refused(duck: DuckEngine, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        inspect([], engine=duck, into=tmp_path)


HEADERS = ["customer_id", "order_id", "date", "amount", "total", "quantity", "price", "shipping", "currency", "Name"]
HEADERS += [
    "lines",
    "customers",
    "cell",
    "cells",
    "id",
    "shape",
    "day_first",
    "position",
    'a"b',
    "x'y",
    "ordered_at",
    "",
]
CELLS = ["", "1", "00123", "17850.0", "2024-01-13", "01/02/2024", "13/01/2024", "1,234", "1.234,50", "£5", "EUR", "nan"]
CELLS += ["1e308", "-0", "0001-01-01", "=SUM(A1)", "😀", "a b", "40513", "x" * 300, "%d", "'; DROP TABLE x; --"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(HEADERS), min_size=1, max_size=7, unique=True).flatmap(
        lambda header: st.tuples(
            st.just(header),
            st.lists(
                st.lists(st.sampled_from(CELLS), min_size=len(header), max_size=len(header)), min_size=1, max_size=8
            ),
        )
    )
)
def test_whatever_a_file_holds_ends_in_raw_tables_or_a_clear_error(
    duck: DuckEngine, opened: Opener, tmp_path: Path, table: tuple[list[str], list[list[str]]]
) -> None:
    header, rows = table
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([[name or "column_1" for name in header], *rows])
    try:
        found = inspect([opened(text.getvalue())], engine=duck, into=tmp_path)
        json.dumps(found.as_dict())
        raw = found.raw_tables()
    except HoldfastError as refused:
        problem = refused.problem()
    else:
        problem = {"what": raw, "seen": raw[0].readings, "todo": set(raw[0].readings) <= set(FIELD)}
    assert all(problem[part] for part in ("what", "seen", "todo"))


# --- real files -------------------------------------------------------------------------------------------------------


def test_a_campaign_result_is_refused_by_name(data: Path, duck: DuckEngine, tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        real(duck, tmp_path, data / "hillstrom" / "hillstrom.csv.gz")
    assert refused.value.details["missing"] == ["customer_id", "ordered_at"]
    assert "result per customer" in refused.value.seen


def real(duck: DuckEngine, tmp_path: Path, *paths: Path) -> Inspection:
    return inspect(open_files(paths, into=tmp_path, engine=duck), engine=duck, into=tmp_path)
