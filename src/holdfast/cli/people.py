"""Commands about customers: customers, customer, segments, features."""

from pathlib import Path
from typing import Annotated

import typer

from holdfast.cli import options
from holdfast.cli.output import print_json, print_rows, progress_bar, say


def customers(
    where: Annotated[
        list[str] | None,
        typer.Option("--filter", metavar="CONDITION", help="Such as risk_band=high or net_revenue>=100; repeatable."),
    ] = None,
    sort: Annotated[str | None, typer.Option(metavar="COLUMN", help="-COLUMN for falling. [revenue at risk]")] = None,
    limit: Annotated[int | None, typer.Option(min=0, help="The first N. [20 on screen, all in a file]")] = None,
    columns: Annotated[str | None, typer.Option(metavar="A,B,...", help="Which columns to show.")] = None,
    out: options.Out = None,
    as_of: options.AsOf = None,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """List customers with their groups, or write them to a file with every feature."""
    from holdfast.cli.shops import open_shop
    from holdfast.workflows.customers import list_customers, write_customers
    from holdfast.workflows.exporting import check_format

    shop, conditions = open_shop(home, tenant), where or []
    with progress_bar(hidden=as_json) as progress:
        if out is not None:
            check_format(out)
            n, day = write_customers(
                shop, out, as_of=as_of, where=conditions, sort=sort, limit=limit, progress=progress
            )
        else:
            shown = [name.strip() for name in columns.split(",")] if columns else []
            first = 20 if limit is None else limit
            found, day = list_customers(
                shop, as_of=as_of, where=conditions, sort=sort, limit=first, columns=shown, progress=progress
            )
    if out is not None:
        summary = {"rows": n, "out": out, "as_of": day}
        print_json(summary) if as_json else say(f"{n:,} customers as of {day} are in {out}.")
    elif as_json:
        print_json({"as_of": day, "items": found.dicts()})
    else:
        print_rows(
            f"Customers as of {day}", found.names, found.rows, note="Days before as_of are known, that day is not."
        )


def customer(
    customer_id: Annotated[str, typer.Argument(metavar="ID", help="As in the file.")],
    as_of: options.AsOf = None,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Show one customer: worth, risk, groups, orders with their gaps, favourite products."""
    from holdfast.cli.shops import open_shop
    from holdfast.cli.views import show_customer
    from holdfast.workflows.customers import one_customer

    profile = one_customer(open_shop(home, tenant), customer_id, as_of=as_of)
    if not as_json:
        show_customer(profile)
        return
    print_json(
        {
            "customer_id": profile.customer_id,
            "as_of": profile.as_of,
            "currency": profile.currency,
            "facts": {name: value for name, value in profile.facts.items() if name != "customer_key"},
            "orders": profile.orders.dicts(),
            "products": profile.products.dicts(),
        }
    )


def segments(
    rules: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Rule segments (YAML or JSON). [voucher ranges]")
    ] = None,
    as_of: options.AsOf = None,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Summarise every grouping: risk bands, RFM groups, archetypes, rules; with revenue, medians and an action."""
    from holdfast.cli.shops import open_shop
    from holdfast.cli.views import show_segments
    from holdfast.sources.documents import read_document
    from holdfast.workflows.customers import grouped_customers

    written = read_document(rules) if rules else None
    with (
        progress_bar(hidden=as_json) as progress,
        grouped_customers(open_shop(home, tenant), as_of=as_of, rules=written, progress=progress) as grouped,
    ):
        groups, day, currency = grouped.groups, grouped.as_of, grouped.dataset.manifest.currency
    if as_json:
        fitted = groups.fitted_archetypes.as_json()
        print_json(
            {
                "as_of": day,
                "currency": currency,
                "risk_bands": groups.bands,
                "rfm_groups": groups.rfm_groups,
                "rfm_groups_eight": groups.rfm_groups_eight,
                "rfm_grid": groups.grid,
                "archetypes": groups.archetypes,
                "fitted_archetypes": fitted,
                "rules": groups.rules,
            }
        )
    else:
        show_segments(groups, day)


def features(as_json: options.Json = False, home: options.Home = None, tenant: options.Tenant = None) -> None:
    """List every feature: name, definition, unit, what happens where it is missing, what it needs."""
    from holdfast.cli.shops import open_shop
    from holdfast.features import rows

    open_shop(home, tenant)  # a wrong --home or --tenant is refused here as everywhere
    catalogue = rows()
    if as_json:
        print_json({"items": catalogue})
        return
    names = ("name", "definition", "unit", "missing", "needs")
    cells = [[_listed(row[name]) for name in names] for row in catalogue]
    print_rows(
        f"{len(catalogue)} features", names, cells, note="needs: columns of the file without which it is absent."
    )


def _listed(value: object) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
