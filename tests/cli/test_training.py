"""`holdfast train` and what is left of it: the model, its proof, and which model is the default."""

from pathlib import Path

import pytest

import holdfast
from holdfast.cli.main import main
from holdfast.errors import NotFoundError
from tests.cli.command import Command
from tests.cli.test_forecast import AS_OF, HISTORY, lines_of

ASKED = ("--as-of", str(AS_OF), "--horizon", "30")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with two models: the first without past dates, the second with one, and not the default."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "orders.csv").write_text(lines_of(HISTORY), encoding="utf-8")
    for arguments in (
        ("import", str(folder / "orders.csv"), "--currency", "EUR"),
        ("train", *ASKED, "--dates", "0"),
        ("train", *ASKED, "--dates", "1", "--keep-default"),
    ):
        with pytest.raises(SystemExit) as ended:
            main([*arguments, "--home", str(folder), "--json"])
        assert not ended.value.code
    return folder


@pytest.fixture
def shop(home: Path, holdfast: Command) -> Command:
    return Command(home, holdfast.capture)


def test_a_model_becomes_the_default_unless_it_is_kept_back(shop: Command) -> None:
    listed = shop("model").json
    first, second = (each["id"] for each in listed["items"])
    assert listed["default"] == first != second


def test_what_past_dates_showed_is_kept_beside_the_model(home: Path, shop: Command) -> None:
    first, second = (each["id"] for each in shop("model").json["items"])
    library = holdfast.open_shop(home)
    proof = library.model_backtest(model=second)
    assert proof is not None
    assert proof == shop("model", "show", second).json["backtest"]
    assert proof["threshold"]["assumptions"]["currency"] == "EUR"
    assert library.model_backtest() is shop("model", "show", first).json["backtest"] is None


def test_the_card_is_that_of_the_command_line(home: Path, shop: Command) -> None:
    second = shop("model").json["items"][1]["id"]
    card = holdfast.open_shop(home).model_card(model=second)
    assert card == shop("model", "card", second).json
    page = shop("model", "card", second, as_json=False).out
    assert card["next_order"] in page
    assert f"| Level from | {card['level']} |" in page


def test_a_model_without_past_dates_has_no_card(home: Path, shop: Command) -> None:
    with pytest.raises(NotFoundError, match="has no card"):
        holdfast.open_shop(home).model_card()
    refused = shop("model", "card")
    assert (refused.code, "--dates 3" in refused.problem["todo"]) == (2, True)


def test_training_says_what_it_forecasts_and_how_often_windows_held(shop: Command) -> None:
    said = " ".join(shop("train", *ASKED, "--dates", "0", "--keep-default", as_json=False).out.split())
    assert "The level is that of recent past dates." in said
    assert "next orders" in said
    assert said.endswith("is kept.")
