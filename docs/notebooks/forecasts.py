# ruff: noqa: B018, D103, N803, PLC0415, S101 - cells of a notebook: marimo gives them this form
"""Forecasts, worked through and checked by hand.

marimo edit docs/notebooks/forecasts.py    in a browser, to change and to run again
python docs/notebooks/forecasts.py         as a program: all cells in their order
"""

import marimo

app = marimo.App(width="medium", app_title="Holdfast: forecasts, worked through")


@app.cell
def imports():
    import tempfile
    from datetime import date, timedelta
    from pathlib import Path

    import marimo as mo
    import matplotlib.pyplot as plt
    import numpy as np
    import pandas as pd

    import holdfast
    from holdfast.samples import make_shop

    return Path, date, holdfast, make_shop, mo, np, pd, plt, tempfile, timedelta


@app.cell
def introduction(mo):
    mo.md("""
    # Forecasts, worked through

    From a shop's file to who will order in the next 90 days, with the evidence and the reasons. The shop is made up,
    so everything here can be run again; put your own files in its place. Two claims are checked by hand: that the
    ledger adds up, and that the backtest says what really happened.
    """)


@app.cell
def a_shop(Path, holdfast, make_shop, tempfile):
    keep = tempfile.TemporaryDirectory(prefix="holdfast-")  # gone with the notebook; name a folder to keep it
    folder = Path(keep.name)
    sample = make_shop(folder / "sample", seed=7, customers=300)  # or files of your own
    shop = holdfast.open_shop(folder / "home", tenant="notebook")
    return folder, keep, sample, shop


@app.cell
def read(mo, pd, sample, shop):
    inspection = shop.inspect(sample.orders)
    _columns = pd.DataFrame(sorted(inspection.mapping().items()), columns=["our field", "column of the file"])
    mo.vstack([mo.md("## Read\n\nWhat the file is, before anything is imported."), _columns])
    return (inspection,)


@app.cell
def clean(holdfast, sample, shop):
    report = shop.import_files(
        [sample.orders, sample.customers, sample.reviews],
        how=holdfast.HowToRead(currency=sample.currency),
        rules={"service_codes": ["POST", "FEE"]},
    )
    ledger = report.balance
    assert ledger.lines_in == ledger.lines_kept + ledger.lines_rejected
    assert ledger.revenue_in == ledger.revenue_kept + ledger.revenue_rejected  # exact decimals, to the cent
    return ledger, report


@app.cell
def ledger_bars(ledger, mo, plt):
    ledger_figure, _axes = plt.subplots(1, 2, figsize=(10, 3), layout="constrained")
    for _ax, _side, _entries in zip(_axes, ("Kept", "Rejected"), (ledger.kept, ledger.rejected), strict=True):
        _names = [reason.replace("_", " ") for reason, _, _ in _entries]
        _bars = _ax.barh(_names, [lines for _, lines, _ in _entries], color="#2a6f97")
        _ax.bar_label(_bars, [f"{lines:,} ({revenue:,.0f})" for _, lines, revenue in _entries], padding=3)
        _ax.set(title=f"{_side}: lines (revenue)", xlim=(0, 1.6 * max(lines for _, lines, _ in _entries)))
        _ax.invert_yaxis()
    mo.vstack([mo.md(f"## Clean\n\n{ledger.lines_in:,} lines in = kept + rejected."), ledger_figure])
    return (ledger_figure,)


@app.cell
def features(holdfast, mo, shop):
    catalogue = holdfast.catalogue().to_pandas().set_index("name")
    table = shop.customers(columns=["*"])
    customers = table.to_pandas().set_index("customer_id")
    _shown = [name for name in ("days_since_last_order", "order_count", "median_gap_days") if name in customers]
    mo.vstack(
        [
            mo.md(f"## Features\n\n{customers.shape[1]} columns for each customer, as of {table.as_of}."),
            catalogue.loc[_shown, ["definition", "unit"]],
            customers[_shown].describe().round(1),
        ]
    )
    return catalogue, customers


@app.cell
def a_past_date(date, report, shop, timedelta):
    horizon = 90
    as_of = date.fromisoformat(report.manifest.as_of)
    past_date = as_of - timedelta(days=horizon)
    shop.train(as_of=past_date, horizon=horizon, dates=0)  # knows nothing of that day or later
    said = shop.forecasts().to_pandas().set_index("customer_id")
    return horizon, as_of, past_date, said


@app.cell
def what_came(as_of, folder, past_date, pd, said, shop):
    shop.export("orders", folder / "orders.parquet")
    shop.export("lines", folder / "lines.parquet")
    _orders, _lines = pd.read_parquet(folder / "orders.parquet"), pd.read_parquet(folder / "lines.parquet")
    _returns = _lines[_lines["is_return"] & (_lines["ordered_at"] < pd.Timestamp(as_of))]
    _returned = _returns.groupby("order_id")["amount"].sum().astype(float)
    _counts = (_orders["lines"] > 0) & ~(_orders["reversed_at"] < pd.Timestamp(as_of))  # not undone as a whole
    _window = (_orders["ordered_at"] >= pd.Timestamp(past_date)) & (_orders["ordered_at"] < pd.Timestamp(as_of))
    _came = _orders[_counts & _window]
    _net = _came["amount"].astype(float) + _came["order_id"].map(_returned).fillna(0.0)
    _spend = _net.groupby(_came["customer_id"]).sum()

    happened = said[["p_buy", "e_spend"]].copy()
    happened["bought"] = happened.index.isin(_spend.index)
    happened["spend"] = _spend.reindex(happened.index).fillna(0.0).clip(lower=0.0)
    _then = shop.customers(as_of=past_date, columns=["days_since_last_order"]).to_pandas().set_index("customer_id")
    happened["days_since_last_order"] = _then["days_since_last_order"]
    return (happened,)


@app.cell
def gain_curve(horizon, happened, mo, np, past_date, plt):
    def held(ranking, amounts):
        """Share of customers, and share of the amounts they hold, going down a list by falling `ranking`."""
        order = np.argsort(-np.asarray(ranking), kind="stable")
        running = np.cumsum(np.asarray(amounts, dtype=float)[order])
        return np.linspace(0.0, 1.0, len(order) + 1), np.append(0.0, running / running[-1])

    gain_figure, _ax = plt.subplots(figsize=(6, 4), layout="constrained")
    curves = {
        "forecast": held(happened["e_spend"], happened["spend"]),
        "recency rule": held(-happened["days_since_last_order"], happened["spend"]),
        "random": (np.array([0.0, 1.0]), np.array([0.0, 1.0])),
    }
    for (_name, (_listed, _found)), _style in zip(curves.items(), ("-", "--", ":"), strict=True):
        _ax.plot(_listed, _found, _style, label=_name)
    _ax.set(xlabel="share of the list", ylabel=f"share of the next {horizon} days' spend", xlim=(0, 1), ylim=(0, 1))
    _ax.legend()
    top_by_hand = {name: float(np.interp(0.1, *curve)) for name, curve in curves.items()}
    _tops = ", ".join(f"{name} {value:.0%}" for name, value in top_by_hand.items())
    _text = f"""
    ## Forecast, then look

    A model trained as of {past_date} has said who would order, and the {horizon} days after it are over. Down its
    list, largest expected spend first, the spend that came adds up as drawn. The first 10 % held: {_tops}.
    """
    mo.vstack([mo.md(_text), gain_figure])
    return gain_figure, top_by_hand


@app.cell
def train_and_backtest(horizon, as_of, happened, mo, shop):
    happened.shape  # today's model is trained after the one above, so that it is the default
    training = shop.train(as_of=as_of, horizon=horizon)
    backtest = training.backtest
    mo.md(f"""
    ## Backtest

    The same on three past dates, without being asked: **{backtest.sentence}**

    {backtest.graded.sentence}

    {backtest.threshold.sentence}
    """)
    return backtest, training


@app.cell
def check_by_hand(backtest, date, past_date, timedelta, top_by_hand):
    latest = backtest.dates[0]
    assert date(1970, 1, 1) + timedelta(days=latest.day) == past_date
    in_the_backtest = latest.scores["this forecast"].captured_spend
    assert abs(in_the_backtest - top_by_hand["forecast"]) < 0.001
    return in_the_backtest, latest


@app.cell
def methods(backtest, pd):
    compared = pd.DataFrame(
        {
            "method": row.method,
            "AUC": row.scores.auc,
            "log loss": row.scores.log_loss,
            "ECE": row.scores.ece,
            "top 10 % hold of spend": row.scores.captured_spend,
            "AUC gain, low": row.auc_difference.low if row.auc_difference else None,
            "AUC gain, high": row.auc_difference.high if row.auc_difference else None,
        }
        for row in backtest.table
    ).set_index("method")
    compared.round(3)
    return (compared,)


@app.cell
def level_by_date(backtest, date, pd, timedelta):
    levels = pd.DataFrame(
        {
            "past date": date(1970, 1, 1) + timedelta(days=each.day),
            "level from": each.level_words,
            "orders expected": each.orders.expected,
            "orders": each.orders.actual,
            "bias": each.orders.bias,
            "spend bias": each.spend.bias,
        }
        for each in backtest.dates
    ).set_index("past date")
    return (levels,)


@app.cell
def reliability(backtest, levels, mo, np, plt):
    reliability_figure, _ax = plt.subplots(figsize=(5, 4.5), layout="constrained")
    _said = np.array([each.predicted for each in backtest.reliability])
    _seen = np.array([each.observed.value for each in backtest.reliability])
    _low = np.array([each.observed.low for each in backtest.reliability])
    _high = np.array([each.observed.high for each in backtest.reliability])
    _ax.plot([0, 1], [0, 1], ":", color="grey")
    _ax.errorbar(_said, _seen, yerr=np.maximum([_seen - _low, _high - _seen], 0.0), fmt="o-", capsize=3)
    _ax.set(xlabel="said: chance to order", ylabel="seen: share that ordered", xlim=(0, 1), ylim=(0, 1))
    _text = f"""
    ## Do the chances mean what they say?

    Ten groups of equal size over the past dates. On the dotted line, of those given 30 % exactly 30 % ordered. Mean
    distance (ECE): {backtest.ece:.3f}. A curve below the line means that more was said than came: the ranking is right,
    the level is not. The table shows at which dates.
    """
    mo.vstack([mo.md(_text), reliability_figure, levels.round(2)])
    return (reliability_figure,)


@app.cell
def forecast(shop, training):
    forecasts = shop.forecasts().to_pandas().set_index("customer_id")  # by today's model, the default
    expected = training.report.totals
    return expected, forecasts


@app.cell
def forecast_totals(horizon, expected, forecasts, mo, plt, sample, training):
    _parts = {"customers who order": expected.buyers, "order days": expected.orders, "spend": expected.spend}
    totals_figure, _axes = plt.subplots(len(_parts), 1, figsize=(7, 3), layout="constrained")
    for _ax, (_name, _total) in zip(_axes, _parts.items(), strict=True):
        _ax.plot([_total.p10, _total.p90], [0, 0], lw=8, alpha=0.4, solid_capstyle="butt")
        _ax.plot(_total.expected, 0, "o", color="black")
        _ax.set(xlim=(0, _total.p90 * 1.15), yticks=[], ylabel=_name)
        _ax.yaxis.label.set(rotation=0, ha="right", va="center")
    _text = f"""
    ## Forecast

    As of {training.report.as_of}, within {horizon} days: {expected.buyers.expected:,.0f} of {expected.customers:,}
    customers are expected to order, for {expected.spend.expected:,.0f} {sample.currency} (dot). In eight of ten cases
    it is between {expected.spend.p10:,.0f} and {expected.spend.p90:,.0f} (bar). The level is that of
    {training.report.level.words}. Below, those who are expected to spend most; the window of the next order is in days
    from as_of.
    """
    _columns = ["p_buy", "e_orders", "e_spend", "spend_p10", "spend_p90", "clv_revenue", "next_order_from"]
    mo.vstack([mo.md(_text), totals_figure, forecasts[[*_columns, "next_order_to"]].head(10).round(2)])
    return (totals_figure,)


@app.cell
def explain(forecasts, mo, shop):
    leaving = forecasts[forecasts["p_buy"] < 0.5]["historic_revenue"].idxmax()
    explained = shop.reasons([leaving])
    _chance, _typical = explained.explanations.p_buy[0], explained.explanations.typical
    _lines = "\n".join(f"- {sentence}" for sentence in explained.explanations.sentences[0])
    mo.md(f"""
## Explain

Customer {leaving} has spent most of those who are more likely gone than not: {_chance:.0%} to order; a customer
without a reason for or against has {_typical:.0%}.

{_lines}
""")
    return explained, leaving


@app.cell
def one_customer(leaving, plt, shop):
    from holdfast.forecast.reasons import beeswarm, waterfall

    steps = waterfall(shop.shapley([leaving]), 0, most=9)
    waterfall_figure, _ax = plt.subplots(figsize=(8, 4), layout="constrained")
    for _at, _step in enumerate(steps.steps):
        _color = "#2a6f97" if _step.contribution > 0 else "#c1121f"
        _ax.barh(_at, _step.end - _step.start, left=_step.start, color=_color)
        _ax.text(max(_step.start, _step.end), _at, f" {_step.contribution:+.2f}", va="center")
    _names = [name.name if name.number is None else f"{name.name} = {name.number:,.2f}" for name in steps.steps]
    _ax.set_yticks(range(len(_names)), _names)
    _ax.axvline(steps.baseline, ls=":", color="grey")
    _ax.invert_yaxis()
    _ax.use_sticky_edges = False
    _ax.set(xlabel="log-odds of an order, from the typical customer (dotted) to this one", xmargin=0.2)
    waterfall_figure
    return beeswarm, steps, waterfall_figure


@app.cell
def all_customers(beeswarm, forecasts, mo, np, plt, shop):
    swarms = beeswarm(shop.shapley(list(forecasts.index[::2])), columns=12)
    beeswarm_figure, _ax = plt.subplots(figsize=(8, 5), layout="constrained")
    _jitter = np.random.default_rng(7)
    for _at, _swarm in enumerate(swarms):
        _ranks = [0.5 if rank is None else rank for rank in _swarm.ranks]
        _heights = _at + _jitter.uniform(-0.3, 0.3, len(_swarm.contributions))
        _dots = _ax.scatter(_swarm.contributions, _heights, c=_ranks, cmap="viridis", s=8, vmin=0, vmax=1)
    _ax.set_yticks(range(len(swarms)), [swarm.name for swarm in swarms])
    _ax.axvline(0, ls=":", color="grey")
    _ax.invert_yaxis()
    _ax.set(xlabel="contribution to the log-odds of an order")
    beeswarm_figure.colorbar(_dots, label="rank of the customer's number, low to high")
    _text = """
    ## What forecasts go with

    Each dot is a customer. Associated with ordering, not shown to cause it: only a randomised holdout can show what an
    action changes.
    """
    mo.vstack([mo.md(_text), beeswarm_figure])
    return (beeswarm_figure,)


@app.cell
def drivers(pd, shop):
    strongest = pd.DataFrame(
        {"group": str(each.group), "points": each.points, "share": each.share} for each in shop.drivers().groups
    ).set_index("group")
    strongest.round(2)
    return (strongest,)


@app.cell
def the_end(folder, mo, shop):
    score_report = shop.score(folder / "forecasts.csv")
    mo.md(f"""
    ## Take it along

    {score_report.customers:,} rows are in `forecasts.csv`. What every number means and where its limits are:
    `docs/forecasts.md`.
    """)
    return (score_report,)


if __name__ == "__main__":
    app.run()
