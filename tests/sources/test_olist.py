"""The Olist tables become order lines and reviews, and nothing is lost on the way without being counted."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from holdfast.engine import DuckEngine, Query
from holdfast.errors import InputError
from holdfast.sources import olist
from holdfast.sources.inspection import inspect
from holdfast.sources.opened import OpenedTable
from holdfast.sources.opening import open_files

Opener = Callable[..., OpenedTable]

ORDERS = """
order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date
o1,k1,delivered,2017-05-01 10:00:00,,,2017-05-09 12:00:00,2017-05-20 00:00:00
o2,k2,delivered,2017-06-01 10:00:00,,,2017-06-09 12:00:00,2017-06-20 00:00:00
o3,k3,canceled,2017-07-01 10:00:00,,,,2017-07-20 00:00:00
"""
CUSTOMERS = """
customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,customer_state
k1,ann,01037,sao paulo,SP
k2,ann,01037,sao paulo,SP
k3,ben,20000,rio de janeiro,RJ
"""
ITEMS = """
order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value
o1,1,p1,s1,2017-05-05 10:00:00,10.00,2.50
o1,2,p1,s1,2017-05-05 10:00:00,10.00,2.50
o2,1,p2,s2,2017-06-05 10:00:00,99.90,15.10
o9,1,p2,s2,2017-06-05 10:00:00,1.00,0.10
"""
PAYMENTS = """
order_id,payment_sequential,payment_type,payment_installments,payment_value
o1,1,voucher,1,5.00
o1,2,credit_card,3,10.00
o1,3,voucher,1,4.00
o2,1,boleto,1,57.50
o2,2,credit_card,2,57.50
"""
PRODUCTS = """
product_id,product_category_name,product_name_lenght,product_description_lenght,product_photos_qty,product_weight_g
p1,perfumaria,40,287,1,225
p2,pc_gamer,40,287,1,225
"""
TRANSLATION = "product_category_name,product_category_name_english\nperfumaria,perfumery"
REVIEWS = """
review_id,order_id,review_score,review_comment_title,review_comment_message,review_creation_date,review_answer_timestamp
r1,o1,5,Otimo,chegou antes,2017-05-10 00:00:00,2017-05-11 00:00:00
r2,o2,1,,nao gostei,2017-06-10 00:00:00,2017-06-11 00:00:00
r3,o3,3,,,2017-07-10 00:00:00,2017-07-11 00:00:00
"""
ALL = (ORDERS, CUSTOMERS, ITEMS, PAYMENTS, PRODUCTS, TRANSLATION, REVIEWS)


def rows(duck: DuckEngine, path: Path) -> list[dict[str, Any]]:
    duck.bind("joined", path)
    return duck.rows(Query("joined", "row", "SELECT * FROM joined ORDER BY row_number")).dicts()


def joined(duck: DuckEngine, opened: Opener, tmp_path: Path, *texts: str) -> olist.Olist:
    roles = olist.roles_of([opened(text, file=f"table_{i}.csv") for i, text in enumerate(texts)])
    assert roles is not None
    return olist.join(roles, engine=duck, into=tmp_path / "joined")


def test_a_line_is_an_item_with_its_person_product_and_payment(
    duck: DuckEngine, opened: Opener, tmp_path: Path
) -> None:
    first, second, third, _ = rows(duck, joined(duck, opened, tmp_path, *ALL).lines.path)
    assert (first["customer_unique_id"], first["price"], first["quantity"]) == ("ann", "10.00", 1)
    assert (first["product_category"], third["product_category"]) == ("perfumery", "pc_gamer")
    assert (first["order_id"], second["order_id"], third["order_id"]) == ("o1", "o1", "o2")
    assert (first["customer_state"], first["order_status"]) == ("SP", "delivered")


def test_an_order_is_paid_by_what_paid_most(duck: DuckEngine, opened: Opener, tmp_path: Path) -> None:
    first, _, third, unpaid = rows(duck, joined(duck, opened, tmp_path, *ALL).lines.path)
    assert (first["payment_type"], first["payment_installments"], first["voucher"]) == ("credit_card", 3, "voucher")
    assert (third["payment_type"], third["payment_installments"], third["voucher"]) == ("boleto", 2, None)
    assert (unpaid["payment_type"], unpaid["voucher"]) == (None, None)


def test_items_without_order_stay_and_orders_without_items_are_counted(
    duck: DuckEngine, opened: Opener, tmp_path: Path
) -> None:
    lines = joined(duck, opened, tmp_path, *ALL).lines
    assert lines.rows == 4
    assert rows(duck, lines.path)[3]["customer_unique_id"] is None
    assert "1 of 3 orders have no items and so no lines." in lines.notes


def test_three_tables_are_enough(duck: DuckEngine, opened: Opener, tmp_path: Path) -> None:
    found = joined(duck, opened, tmp_path, ORDERS, CUSTOMERS, ITEMS)
    assert found.reviews is None
    assert {row["product_category"] for row in rows(duck, found.lines.path)} == {None}


def test_reviews_have_one_text(duck: DuckEngine, opened: Opener, tmp_path: Path) -> None:
    reviews = joined(duck, opened, tmp_path, *ALL).reviews
    assert reviews
    assert [row["review_text"] for row in rows(duck, reviews.path)] == ["Otimo: chegou antes", "nao gostei", None]


def test_two_copies_are_refused(opened: Opener) -> None:
    with pytest.raises(InputError, match="Two tables are the Olist orders"):
        olist.roles_of([opened(ORDERS, file="a.csv"), opened(ORDERS, file="b.csv")])


def test_an_id_that_stands_twice_is_refused(duck: DuckEngine, opened: Opener, tmp_path: Path) -> None:
    twice = CUSTOMERS + "k1,cid,01037,sao paulo,SP\n"
    with pytest.raises(InputError, match="do not fit together"):
        joined(duck, opened, tmp_path, ORDERS, twice, ITEMS)


def test_other_tables_are_no_olist(opened: Opener) -> None:
    assert olist.roles_of([opened(ORDERS), opened(ITEMS)]) is None


def test_tables_of_text_are_understood(duck: DuckEngine, opened: Opener, tmp_path: Path) -> None:
    tables = [opened(text, file=f"table_{i}.csv") for i, text in enumerate((*ALL, "seller_id,seller_city\ns1,x"))]
    found = inspect(tables, engine=duck, into=tmp_path / "joined")
    assert [table.content for table in found.tables] == ["lines", "reviews", "ignored"]
    assert (found.preset and found.preset.name, found.currency, found.doubts) == ("olist", "BRL", ())
    lines, reviews = found.raw_tables()
    assert lines.readings["customer_id"].column == "customer_unique_id"
    assert lines.readings["amount"].column == "price"
    assert lines.readings["ordered_at"].time_formats == ("%Y-%m-%d %H:%M:%S",)
    assert set(reviews.readings) == {"order_id", "score", "text", "created_at"}


def test_the_real_tables(data: Path, duck: DuckEngine, tmp_path: Path) -> None:
    found = inspect(open_files([data / "olist"], into=tmp_path, engine=duck), engine=duck, into=tmp_path / "joined")
    assert "775 of 99,441 orders have no items and so no lines." in found.notes
    lines, reviews = found.raw_tables()
    assert (lines.rows, reviews.rows) == (112_650, 99_224)
    duck.bind("olist_real", Path(lines.path))
    delivered = duck.rows(
        Query(
            "delivered",
            "one row",
            "SELECT COUNT(DISTINCT customer_unique_id) AS persons, SUM(CAST(price AS DECIMAL(18,4))) AS revenue "
            "FROM olist_real WHERE order_status = 'delivered'",
        )
    ).one()
    assert (delivered["persons"], delivered["revenue"]) == (93_358, Decimal("13221498.1100"))
