"""`holdfast forecast` on a public shop, scored by scikit-learn on labels counted here."""

import io
import json
from contextlib import redirect_stdout
from pathlib import Path

import duckdb
import numpy as np
import pytest
from sklearn.metrics import log_loss, roc_auc_score

from holdfast.cli.main import main

LINES = """
    SELECT CAST("CustomerID" AS VARCHAR) AS customer_id, CAST("InvoiceNo" AS VARCHAR) AS order_id,
        "InvoiceDate" AS ordered_at, CAST("StockCode" AS VARCHAR) AS product_id, "Quantity" AS quantity,
        "UnitPrice" AS unit_price, "Quantity" * "UnitPrice" AS amount
    FROM '{file}' WHERE "CustomerID" IS NOT NULL AND NOT starts_with(upper(CAST("InvoiceNo" AS VARCHAR)), 'C')
        AND "Quantity" > 0 AND "UnitPrice" > 0"""
"""Online Retail as the comparison with other methods takes it."""


def test_online_retail_from_september_on(data: Path, tmp_path: Path) -> None:
    """Pareto/NBD reaches AUC .735 and log loss .619 here, logistic regression .740 and .590."""
    lines = LINES.format(file=data / "online_retail" / "online_retail.parquet")
    history, out = tmp_path / "history.parquet", tmp_path / "forecasts.parquet"
    with duckdb.connect() as shop:
        shop.execute(f"COPY ({lines} AND \"InvoiceDate\" < TIMESTAMP '2011-09-01') TO '{history}'")
        answer = forecast(history, out)
        scored = shop.execute(f"""
            SELECT f.p_buy, COALESCE(l.bought, FALSE) AS bought FROM '{out}' AS f LEFT JOIN (
                SELECT customer_id, bool_or(ordered_at >= TIMESTAMP '2011-09-01') AS bought FROM ({lines})
                WHERE ordered_at < TIMESTAMP '2011-11-30' GROUP BY customer_id
            ) AS l USING (customer_id)""").fetchnumpy()
        known = shop.execute(f"SELECT COUNT(DISTINCT customer_id) FROM '{history}'").fetchall()[0][0]
    bought, p_buy = np.asarray(scored["bought"], dtype=bool), np.asarray(scored["p_buy"], dtype=float)
    assert len(bought) == known == answer["customers"] == 3_317
    assert bought.mean() == pytest.approx(0.56, abs=0.01)
    assert not answer["season_known"]
    assert roc_auc_score(bought, p_buy) >= 0.745
    assert log_loss(bought, p_buy) <= 0.592


def forecast(history: Path, out: Path) -> dict[str, object]:
    """The command, as a person would type it."""
    printed = io.StringIO()
    arguments = ["--as-of", "2011-09-01", "--horizon", "90", "--policy", "none", "--out", str(out), "--json"]
    with redirect_stdout(printed), pytest.raises(SystemExit) as ended:
        main(["forecast", str(history), *arguments])
    assert not ended.value.code
    answer: dict[str, object] = json.loads(printed.getvalue())
    return answer
