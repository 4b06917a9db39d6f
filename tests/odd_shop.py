"""A small shop whose customers have ids that are hard on addresses, spreadsheets and SQL."""

import csv
from pathlib import Path

from holdfast.workflows.importing import HowToRead, import_files
from tests.sample_home import shop_in

TENANT = "odd"

ODD_IDS = (
    "A/1", "A/orders", "orders", "/", "a b", "a+b", "a%2Fb", "100%", "é ü 日本", "quo'te", 'dou"ble', "q?x=1&y#z",
    "a;b=c", "a:b", "back\\slash", "=1+1", "-5", "+49 170", "@here", "x" * 300, "<b>bold</b>",
    "'; DROP TABLE x; --", "..", ".", "🙂",
)  # fmt: skip


def fill(home: Path) -> None:
    """Import two years of orders, three of each odd customer and some more of plain ones."""
    shop = shop_in(home, TENANT)
    path = home / "odd.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        written = csv.writer(file)
        written.writerow(
            ["customer_id", "order_id", "ordered_at", "product_id", "product_name", "quantity", "unit_price"]
        )
        number = 0
        for nth, name in enumerate([*ODD_IDS, *(f"plain{each}" for each in range(60))]):
            for order in range(1 + nth % 4):
                number += 1
                day = f"{2023 + order % 2}-{1 + (nth + order * 3) % 12:02d}-{1 + nth % 28:02d} 10:0{order}:00"
                written.writerow([name, f"o{number}", day, f"p{nth % 7}", f"=Tea {nth % 7}", 1 + nth % 3, "3.35"])
    import_files(shop, [path], how=HowToRead(currency="EUR"), policy="none")
