"""The command that says what to offer whom: recommend."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from holdfast.cli import options
from holdfast.cli.output import print_json, print_rows, progress_bar, say

if TYPE_CHECKING:
    from holdfast.workflows.recommender_files import Recommender


def recommend(
    customer_ids: Annotated[list[str] | None, typer.Argument(metavar="[ID...]", help="As in the file.")] = None,
    top: Annotated[int, typer.Option("--top", "-n", min=1, max=100, help="How many products for each.")] = 10,
    new_only: Annotated[bool, typer.Option("--new-only", help="Nothing that was bought before.")] = False,
    evaluate: Annotated[
        bool, typer.Option("--evaluate", help="Say what recommendations would have been worth on the shop's past.")
    ] = False,
    out: options.Out = None,
    as_of: options.AsOf = None,
    as_json: options.Json = False,
    home: options.Home = None,
    tenant: options.Tenant = None,
) -> None:
    """Recommend products to customers: some of them, or with --out all."""
    from holdfast.cli.shops import open_shop
    from holdfast.errors import InputError
    from holdfast.workflows import recommending
    from holdfast.workflows.recommender_making import needed_recommender

    if not customer_ids and not evaluate and out is None:
        raise InputError(
            "Whom to recommend to?", seen="No customer.", todo="Name customers, --out FILE, or --evaluate."
        )
    shop = open_shop(home, tenant)
    with progress_bar(hidden=as_json) as progress:
        found = needed_recommender(shop, as_of=as_of, wait=True, progress=progress)
    answer: dict[str, Any] = {"method": found.method, "why": found.facts["why"]}
    if evaluate:
        answer |= {name: found.facts[name] for name in ("as_of", "customers", "in_range", "evaluation")}
    if customer_ids:
        made = recommending.recommend(shop, customer_ids, n=top, again=not new_only, as_of=as_of, wait=True)
        answer |= {"items": made.items, "unknown": made.unknown}
    if out is not None:
        answer |= {
            "rows": recommending.write_recommendations(shop, out, n=top, again=not new_only, as_of=as_of),
            "out": out,
        }
    print_json(answer) if as_json else _show(answer, found)


def _show(answer: dict[str, Any], found: "Recommender") -> None:
    say(answer["why"], "bold")
    if "evaluation" in answer:
        _show_evaluation(answer["evaluation"])
    for each in answer.get("items", ()):
        heads = ("rank", "product", "name", "chance" if found.facts["score_is_chance"] else "score", "why")
        rows = [
            (item.rank, item.product_id, item.product_name, _score(item.score, found), item.explanation)
            for item in each.items
        ]
        print_rows(f"For {each.customer_id}", heads, rows, note=each.note)
    if answer.get("unknown"):
        say(f"Not known: {', '.join(answer['unknown'])}.")
    if "out" in answer:
        say(f"{answer['rows']:,} recommendations are in {answer['out']}.")


def _score(score: float, found: "Recommender") -> str:
    return f"{100 * score:.1f} %" if found.facts["score_is_chance"] else f"{score:.3g}"


def _show_evaluation(evaluation: dict[str, Any] | None) -> None:
    if evaluation is None:
        return
    heads = ("method", "customers", "hit rate", "recall", "NDCG", "coverage", "NDCG above popularity")
    for kind, title in (("new", "what was new to them"), ("all", "all they bought")):
        rows = [
            (
                each["method"], each["customers"], *(f"{each[name]:.4f}" for name in ("hit_rate", "recall", "ndcg")),
                f"{100 * each['coverage']:.1f} %", f"{each['gain']:+.4f} ({each['low']:+.4f} to {each['high']:+.4f})",
            )
            for each in evaluation[kind]
        ]  # fmt: skip
        print_rows(f"Ten products each, {evaluation['as_of']} to {evaluation['until']}: {title}", heads, rows)
