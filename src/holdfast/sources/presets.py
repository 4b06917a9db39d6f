"""Exports we know by their header: which of their columns is which of our fields, and what policy suits them.

A preset is recognised by its `signature`, the columns that together no other export has; its mapping needs no guessing.
The full headers stand in docs/sources.md.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from holdfast.sources.profile import ColumnProfile, Look


@dataclass(frozen=True, slots=True)
class Preset:
    """A known export. `mapping` gives for each of our fields the columns that may hold it, the best first.

    `currency` where the export does not say it itself. `service_codes`, `keep_statuses` and `cancellation_prefixes` are
    suggestions for the cleaning policy. `carry_down`: fields of the order stand on its first row only.
    """

    name: str
    title: str
    signature: tuple[str, ...]
    mapping: Mapping[str, tuple[str, ...]]
    currency: str | None = None
    carry_down: bool = False
    rows_are_orders: bool = False
    service_codes: tuple[str, ...] = ()
    keep_statuses: tuple[str, ...] = ()
    cancellation_prefixes: tuple[str, ...] = ()
    signature_is_whole: bool = False
    """The export has no other columns, so that any other one is the shop's own."""
    looks: tuple[Look, ...] = ()
    """What the columns look like, in order, where the file has no header."""
    notes: tuple[str, ...] = ()

    def fits(self, columns: Collection[str]) -> bool:
        """Whether a table with these columns is this export."""
        return bool(self.signature) and set(self.signature) <= set(columns)

    def columns_in(self, columns: Sequence[ColumnProfile]) -> dict[str, str]:
        """The mapping (ours -> theirs) of one table: of each field's columns the first that is mostly filled."""
        filled = {each.name: each.filled for each in columns}
        chosen = {}
        for field, candidates in self.mapping.items():
            there = [column for column in candidates if filled.get(column)]
            if there:
                half = max(filled[column] for column in there) / 2
                chosen[field] = next(column for column in there if filled[column] >= half)
        return chosen


_ONLINE_RETAIL_SERVICES = (
    "POST", "DOT", "M", "C2", "C3", "D", "S", "B", "BANK CHARGES", "AMAZONFEE", "CRUK", "PADS", "ADJUST*", "TEST*",
    "SP1002", "gift_*", "23444",
)  # fmt: skip
"""Postage, carriage, manual entries, discounts, samples, bad debt, fees, adjustments, tests and gift vouchers."""

ONLINE_RETAIL = Preset(
    "online-retail",
    "UCI Online Retail",
    ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"),
    {
        "customer_id": ("CustomerID",),
        "order_id": ("InvoiceNo",),
        "ordered_at": ("InvoiceDate",),
        "product_id": ("StockCode",),
        "product_name": ("Description",),
        "quantity": ("Quantity",),
        "unit_price": ("UnitPrice",),
        "country": ("Country",),
    },
    currency="GBP",
    service_codes=_ONLINE_RETAIL_SERVICES,
    cancellation_prefixes=("C",),
    signature_is_whole=True,
)

ONLINE_RETAIL_II = Preset(
    "online-retail-ii",
    "UCI Online Retail II",
    ("Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country"),
    {
        "customer_id": ("Customer ID",),
        "order_id": ("Invoice",),
        "ordered_at": ("InvoiceDate",),
        "product_id": ("StockCode",),
        "product_name": ("Description",),
        "quantity": ("Quantity",),
        "unit_price": ("Price",),
        "country": ("Country",),
    },
    currency="GBP",
    service_codes=_ONLINE_RETAIL_SERVICES,
    cancellation_prefixes=("C",),
    signature_is_whole=True,
)

CDNOW = Preset(
    "cdnow",
    "CDNOW purchases, with header",
    ("customer_id", "date", "number_of_cds", "dollar_value"),
    {
        "customer_id": ("customer_id",),
        "ordered_at": ("date",),
        "quantity": ("number_of_cds",),
        "amount": ("dollar_value",),
    },
    currency="USD",
    rows_are_orders=True,
)

_PURCHASE = (Look.TIME, Look.WHOLE, Look.NUMBER)

CDNOW_SAMPLE = Preset(
    "cdnow-sample",
    "CDNOW 1-in-10 sample, without header",
    (),
    {
        "customer_id": ("column_1",),
        "ordered_at": ("column_3",),
        "quantity": ("column_4",),
        "amount": ("column_5",),
    },
    currency="USD",
    rows_are_orders=True,
    looks=(Look.WHOLE, Look.WHOLE, *_PURCHASE),
)

CDNOW_MASTER = Preset(
    "cdnow-master",
    "CDNOW purchases, without header",
    (),
    {
        "customer_id": ("column_1",),
        "ordered_at": ("column_2",),
        "quantity": ("column_3",),
        "amount": ("column_4",),
    },
    currency="USD",
    rows_are_orders=True,
    looks=(Look.WHOLE, *_PURCHASE),
)

SHOPIFY = Preset(
    "shopify",
    "Shopify admin, Orders > Export, CSV",
    ("Name", "Email", "Financial Status", "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price"),
    {
        "customer_id": ("Email",),
        "order_id": ("Name",),
        "ordered_at": ("Created at",),
        "product_id": ("Lineitem sku", "Lineitem name"),
        "product_name": ("Lineitem name",),
        "quantity": ("Lineitem quantity",),
        "unit_price": ("Lineitem price",),
        "currency": ("Currency",),
        "brand": ("Vendor",),
        "discount": ("Discount Amount",),
        "voucher": ("Discount Code",),
        "channel": ("Source",),
        "country": ("Shipping Country", "Billing Country"),
        "state": ("Shipping Province", "Billing Province"),
        "city": ("Shipping City", "Billing City"),
        "tax": ("Taxes",),
        "shipping": ("Shipping",),
        "payment_type": ("Payment Method",),
        "order_status": ("Financial Status",),
        "cancelled_at": ("Cancelled at",),
    },
    carry_down=True,
    keep_statuses=("paid", "partially_paid", "partially_refunded", "authorized"),
    notes=(
        "Lineitem price is before discounts; what an order was reduced by stands in Discount Amount.",
        "Refunds after the sale (Refunded Amount) are not assigned to lines by this export and are not subtracted.",
    ),
)

WOOCOMMERCE_LINES = Preset(
    "woocommerce-lines",
    "WooCommerce extension Customer/Order/Coupon Export, format Default - One Row per Item",
    (
        "order_id",
        "order_number",
        "date",
        "status",
        "order_currency",
        "billing_email",
        "item_name",
        "item_quantity",
        "item_total",
    ),
    {
        "customer_id": ("billing_email",),
        "order_id": ("order_id",),
        "ordered_at": ("date",),
        "product_id": ("item_sku", "item_product_id", "item_name"),
        "product_name": ("item_name",),
        "quantity": ("item_quantity",),
        "amount": ("item_total",),
        "tax": ("item_total_tax",),
        "currency": ("order_currency",),
        "voucher": ("coupon_items",),
        "country": ("shipping_country", "billing_country"),
        "state": ("shipping_state", "billing_state"),
        "city": ("shipping_city", "billing_city"),
        "payment_type": ("payment_method",),
        "order_status": ("status",),
    },
    keep_statuses=("completed", "processing"),
    notes=(
        "The person is billing_email: customer_id is 0 for everybody who ordered as a guest.",
        "shipping_total and discount_total stand on every line of an order and are left out.",
    ),
)

WOOCOMMERCE_ORDERS = Preset(
    "woocommerce-orders",
    "WooCommerce, Analytics > Orders > Download",
    ("Date", "Order #", "Status", "Customer", "Customer type", "Product(s)", "Items sold", "Coupon(s)"),
    {
        "customer_id": ("Customer",),
        "order_id": ("Order #",),
        "ordered_at": ("Date",),
        "quantity": ("Items sold",),
        "amount": ("Net Sales", "N. Revenue"),
        "voucher": ("Coupon(s)",),
        "channel": ("Attribution",),
        "order_status": ("Status",),
    },
    rows_are_orders=True,
    keep_statuses=("completed", "processing"),
    notes=(
        "This export knows customers only by name, so two people of one name become one.",
        "The export of the extension Customer/Order/Coupon Export has their e-mail address.",
    ),
)

OLIST = Preset(
    "olist",
    "Olist Brazilian e-commerce (the joined tables)",
    ("customer_unique_id", "order_purchase_timestamp", "price", "freight_value", "quantity"),
    {
        "customer_id": ("customer_unique_id",),
        "order_id": ("order_id",),
        "ordered_at": ("order_purchase_timestamp",),
        "product_id": ("product_id",),
        "quantity": ("quantity",),
        "amount": ("price",),
        "category": ("product_category",),
        "seller": ("seller_id",),
        "shipping": ("freight_value",),
        "voucher": ("voucher",),
        "state": ("customer_state",),
        "city": ("customer_city",),
        "payment_type": ("payment_type",),
        "installments": ("payment_installments",),
        "order_status": ("order_status",),
        "delivered_at": ("order_delivered_customer_date",),
        "promised_at": ("order_estimated_delivery_date",),
    },
    currency="BRL",
    keep_statuses=("delivered",),
)

PRESETS: tuple[Preset, ...] = (
    ONLINE_RETAIL,
    ONLINE_RETAIL_II,
    OLIST,
    CDNOW,
    CDNOW_SAMPLE,
    CDNOW_MASTER,
    SHOPIFY,
    WOOCOMMERCE_LINES,
    WOOCOMMERCE_ORDERS,
)


def recognise(columns: Sequence[ColumnProfile]) -> Preset | None:
    """The preset whose export this table is, if any."""
    names = [each.name for each in columns]
    headerless = all(name == f"column_{i}" for i, name in enumerate(names, 1))
    looks = tuple(each.look for each in columns)
    for preset in PRESETS:
        if preset.fits(names) or (headerless and preset.looks and looks == preset.looks and _is_cdnow(columns)):
            return preset
    return None


def _is_cdnow(columns: Sequence[ColumnProfile]) -> bool:
    """CDNOW's purchases all fell in 1997 and 1998, which sets its bare columns apart from any other three numbers."""
    times = next(each for each in columns if each.look is Look.TIME)
    return all(sample.startswith(("1997", "1998")) for sample in times.samples)
