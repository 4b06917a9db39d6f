import json
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from holdfast.errors import StoreError
from holdfast.forecast import ForecastConfig, Model, fit, model_file, predict
from tests.forecast.shop import past_of, simulated

HISTORY, _ = simulated(customers=150, days=200, seed=2)
AS_OF = 200
ABOUT = {"dataset": "0001-abc", "currency": "£", "settings": {"horizon": 30}, "metrics": [0.25, None]}


@pytest.fixture(scope="module")
def trained() -> Model:
    model = fit(past_of(HISTORY), as_of=AS_OF, config=ForecastConfig(horizon=30))
    assert model.members is not None
    return model


@pytest.fixture(scope="module")
def text(trained: Model) -> str:
    return model_file.write(trained, ABOUT)


def test_what_is_written_is_read(trained: Model, text: str) -> None:
    model, about = model_file.read(text, name="model.json")
    assert about == ABOUT
    assert model == trained
    seen, expected = (predict(each, past_of(HISTORY).at(AS_OF)) for each in (model, trained))
    np.testing.assert_array_equal(seen.p_buy, expected.p_buy)
    np.testing.assert_array_equal(seen.spend_p90, expected.spend_p90)


def test_reading_and_writing_again_changes_no_byte(text: str) -> None:
    model, about = model_file.read(text, name="model.json")
    assert model_file.write(model, about) == text


def test_the_order_of_the_facts_does_not_matter(trained: Model, text: str) -> None:
    assert model_file.write(trained, dict(reversed(ABOUT.items()))) == text


def test_a_model_is_text_that_says_what_it_is(text: str) -> None:
    file = json.loads(text)
    assert set(file) == {"format", "version", "sha256", "about", "model"}
    assert (file["format"], file["version"]) == ("holdfast forecast model", 1)
    assert re.fullmatch("[0-9a-f]{64}", file["sha256"])
    assert "NaN" not in text
    assert "Infinity" not in text
    assert "£" in text
    assert text.endswith("}\n")


def test_a_fact_that_is_no_number_is_not_written(trained: Model) -> None:
    with pytest.raises(ValueError, match="JSON"):
        model_file.write(trained, {"auc": float("nan")})


def changed(text: str, change: Callable[[Any], None]) -> str:
    """The file after a change to its content."""
    file = json.loads(text)
    change(file)
    return json.dumps(file)


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        (lambda file: file.update(format="pickle"), "does not say that it is a forecast model"),
        (lambda file: file.pop("format"), "does not say that it is a forecast model"),
        (lambda file: file.update(version=0), "version 0; this program reads version 1"),
        (lambda file: file.update(version=2), "version 2; this program reads version 1"),
        (lambda file: file.pop("version"), "version None"),
        (lambda file: file["model"].update(horizon=31), "does not match its checksum"),
        (lambda file: file["model"]["blend"].update(shift=0.0), "does not match its checksum"),
        (lambda file: file["model"]["members"]["trees"].popitem(), "does not match its checksum"),
        (lambda file: file["about"].update(dataset="another"), "does not match its checksum"),
        (lambda file: file.update(sha256="0" * 64), "does not match its checksum"),
        (lambda file: file.pop("sha256"), "does not match its checksum"),
        (lambda file: file.pop("model"), "does not match its checksum"),
    ],
)
def test_a_file_that_was_changed_is_refused(text: str, change: Callable[[Any], None], seen: str) -> None:
    with pytest.raises(StoreError) as refused:
        model_file.read(changed(text, change), name="model.json")
    assert refused.value.what == "The model file model.json cannot be used."
    assert seen in refused.value.seen
    assert "holdfast train" in refused.value.todo


def test_a_changed_digit_of_a_tree_is_found(text: str) -> None:
    at = text.index("leaf_value=") + len("leaf_value=")
    at += re.search("[1-8]", text[at:]).start()  # type: ignore[union-attr]
    digit = str(int(text[at]) + 1)
    with pytest.raises(StoreError, match="does not match its checksum"):
        model_file.read(text[:at] + digit + text[at + 1 :], name="model.json")


@pytest.mark.parametrize("kept", [0.0, 0.01, 0.5, 0.999])
def test_a_file_that_was_cut_short_is_refused(text: str, kept: float) -> None:
    with pytest.raises(StoreError, match="It is no JSON"):
        model_file.read(text[: int(kept * (len(text) - 1))], name="model.json")


@pytest.mark.parametrize("content", ["[]", "null", "1", '"text"', "{}", '{"format": "another"}'])
def test_json_that_is_no_model_is_refused(content: str) -> None:
    with pytest.raises(StoreError, match="does not say that it is a forecast model"):
        model_file.read(content, name="model.json")


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(StoreError, match="It is no JSON"):
        model_file.read("\x00\x01PAR1", name="model.json")


def test_white_space_is_no_change(trained: Model, text: str) -> None:
    model, _ = model_file.read(changed(text, lambda _: None), name="model.json")
    assert model == trained
