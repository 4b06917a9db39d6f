"""Champion and challenger: who takes whose place by itself."""

import json
from pathlib import Path
from typing import Any

import pytest

from holdfast.forecast.proof.replay import OURS
from holdfast.store import StoredModel
from holdfast.store.models import BACKTEST, ModelRecord
from holdfast.workflows.promotion import judge


def model(folder: Path, name: str, *, horizon: int = 90, proof: dict[str, Any] | None = None) -> StoredModel:
    place = folder / name
    place.mkdir()
    (place / BACKTEST).write_text(json.dumps(proof))
    record = ModelRecord(
        id=name, created_at="2024-01-01T00:00:00+00:00", dataset="d", as_of="2024-01-01", horizon=horizon,
        customers=100, state="ready", grade="", sentence="", sha256=name, settings={}, libraries={},
    )  # fmt: skip
    return StoredModel(record, place)


def proof(grade: str, log_loss: float = 0.5, days: tuple[int, ...] = (100, 200, 300)) -> dict[str, Any]:
    row = {"method": OURS, "scores": {"log_loss": log_loss}}
    return {"graded": {"grade": grade}, "dates": [{"day": day} for day in days], "table": [row]}


@pytest.mark.parametrize(
    ("champion", "challenger", "promoted"),
    [
        (proof("better", 0.50), proof("better", 0.49), True),
        (proof("better", 0.50), proof("better", 0.5005), True),  # within what seeds make
        (proof("better", 0.50), proof("better", 0.51), False),
        (proof("better", 0.50), proof("as good", 0.40), False),
        (proof("cannot tell", 0.50), proof("better", 0.49), True),
        (proof("better", 0.50), proof("better", 0.60, days=(190, 290, 390)), True),  # other dates: other loss
        (proof("better", 0.50), proof("worse", 0.40, days=(190, 290, 390)), False),
        (proof("better", 0.50), None, False),
        (None, proof("as good", 0.60), True),
    ],
)
def test_who_is_promoted(
    tmp_path: Path, champion: dict[str, Any] | None, challenger: dict[str, Any] | None, promoted: bool
) -> None:
    verdict = judge(model(tmp_path, "old", proof=champion), model(tmp_path, "new", proof=challenger))
    assert verdict.promote is promoted
    assert verdict.why.endswith(".")


def test_the_first_model_is_promoted(tmp_path: Path) -> None:
    assert judge(None, model(tmp_path, "new")).promote


def test_another_horizon_is_for_people_to_decide(tmp_path: Path) -> None:
    old, new = model(tmp_path, "old", proof=proof("better")), model(tmp_path, "new", horizon=30, proof=proof("better"))
    assert not judge(old, new).promote
