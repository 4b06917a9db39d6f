"""A small shop as a file: 400 customers, each with a rhythm of its own, over two years. Every run writes the same."""


def orders() -> bytes:
    """Its order history as CSV."""
    lines, number = ["customer_id,order_id,ordered_at,amount"], 0
    for customer in range(400):
        day = customer % 60
        while day < 730 - (customer % 7) * 60:
            number += 1
            year, month, of_month = 2022 + day // 365, day % 365 // 31 + 1, day % 28 + 1
            lines.append(f"c{customer},o{number},{year}-{month:02d}-{of_month:02d},{10 + customer % 50}.90")
            day += 15 + customer % 40
    return ("\n".join(lines) + "\n").encode()


def with_products(history: bytes, *, prefix: str = "shop") -> bytes:
    """The same orders, each of one of nine products."""
    head, *lines = history.decode().splitlines()
    bought = [f"{line},{prefix}-p{number * number % 9}" for number, line in enumerate(lines)]
    return "\n".join([f"{head},product_id", *bought, ""]).encode()
