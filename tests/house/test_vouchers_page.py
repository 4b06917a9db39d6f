"""docs/vouchers.md: its walk-through runs, and its tables say what the program does."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from holdfast.actions.vouchers import DEFAULT_RULES, EXPLANATIONS, Reason
from holdfast.settings import Settings
from holdfast.workflows.shop import Shop
from holdfast.workflows.voucher_answers import segments_as_dict
from holdfast.workflows.vouchers import HistoryWishes, import_history
from tests.conftest import skip
from tests.house.test_api_page import free_port

PAGE = (Path(__file__).parents[2] / "docs" / "vouchers.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without backticks."""
    section = PAGE.partition(f"\n{heading}\n")[2]
    table = re.search(r"(?:^\|.*\n)+", section, re.MULTILINE)
    assert table
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in table[0].splitlines()[2:]]


def test_reasons_stand_in_their_order_with_their_meaning() -> None:
    assert rows("### What counts") == [[reason, EXPLANATIONS[reason]] for reason in Reason]


def test_the_rules_are_the_default_ones() -> None:
    shown = [["" if cell is None else str(cell) for cell in row.values()] for row in DEFAULT_RULES.as_rows()]
    assert rows("### The rules") == shown


def test_real_answers_are_those_of_the_page(data: Path, tmp_path: Path) -> None:
    shop = Shop.open(Settings(home=tmp_path, tenant="peru"))
    file = data / "voucher_assignment" / "voucher_assignments.parquet"
    import_history(shop, [file], wishes=HistoryWishes(countries=["Peru"]))
    (peru,) = segments_as_dict(shop)["countries"]
    told = [
        [e["segment_name"], e["segment"], e["voucher_amount"], f"{e['n']:,}", _percent(e["share"]), e["label"]]
        for e in peru["segments"]
    ]
    told.append(["country", "Peru", peru["voucher_amount"], f"{peru['n']:,}", _percent(peru["share"]), ""])
    assert rows("## On real data") == told
    outside = peru["outside_rules"]
    says = f"{outside['frequent_segment']:,} assignments that count are in no frequency segment"
    assert f"{says}, {outside['recency_segment']} in no recency segment" in PAGE


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share * 100:.1f} %"


@pytest.mark.skipif(sys.platform == "win32", reason="the page is for bash")
def test_the_walk_through_runs(tmp_path: Path) -> None:
    for tool in ("curl", "jq", "bash", "sed"):
        if shutil.which(tool) is None:
            skip(f"{tool} is not installed")
    port = free_port()
    steps = [step.replace("8000", str(port)) for step in re.findall(r"```bash\n(.*?)```", PAGE, flags=re.DOTALL)]
    ready = f"until curl --silent --fail http://127.0.0.1:{port}/readyz; do sleep 0.2; done\n"
    end = "trap 'kill $SERVER; wait $SERVER || true' EXIT\n"
    script = "set -euo pipefail\n" + "\n".join(steps).replace("&\n", f"&\nSERVER=$!\n{end}{ready}", 1)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HOLDFAST_")}
    environment |= {
        "HOLDFAST_HOME": str(tmp_path / "home"),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "COLUMNS": "200",
    }
    ran = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    for expected in (
        "assigned_before_last_order", "2640.00, used most in its segment.", "frequency,1-4,1,4", '"succeeded"',
        '"label": "fallback_country"', '"because"', '"outcome_days": 30',
    ):  # fmt: skip
        assert expected in ran.stdout, expected
