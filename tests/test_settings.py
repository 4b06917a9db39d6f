"""Settings: what wins over what, what is refused, and that every one is documented."""

import os
from pathlib import Path

import pytest

from holdfast.errors import SettingsError
from holdfast.settings import Settings, reference

PAGE = Path(__file__).parent.parent / "docs" / "settings.md"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder without settings, and an environment without any of ours."""
    for name in [name for name in os.environ if name.upper().startswith("HOLDFAST_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOLDFAST_HOME", str(tmp_path))
    return tmp_path


def write(home: Path, text: str, name: str = "holdfast.yaml") -> Path:
    path = home / name
    path.write_text(text, encoding="utf-8")
    return path


def test_nothing_has_to_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOLDFAST_HOME")
    settings = Settings.load()
    assert settings.home == Path("~/.holdfast").expanduser()
    assert settings.spill_folder == settings.home / "tmp"
    assert (settings.tenant, settings.policy, settings.time_zone) == ("default", "default", "UTC")
    assert (settings.memory_limit, settings.threads, settings.currency) == (None, None, None)
    assert (settings.horizon_days, settings.risk_cutoffs, settings.archetypes) == (90, (1.0, 2.0), 3)
    assert (settings.keep_datasets, settings.seed) == (3, 7)


def test_argument_wins_over_environment_over_file_over_default(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings.load().horizon_days == 90
    write(home, "horizon_days: 30")
    assert Settings.load().horizon_days == 30
    monkeypatch.setenv("HOLDFAST_HORIZON_DAYS", "60")
    assert Settings.load().horizon_days == 60
    assert Settings.load({"horizon_days": 120}).horizon_days == 120


def test_an_argument_that_is_none_and_an_empty_variable_are_not_set(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(home, "tenant: shop-a")
    monkeypatch.setenv("HOLDFAST_TENANT", "")
    assert Settings.load({"tenant": None}).tenant == "shop-a"


def test_the_file_is_the_named_one_else_the_one_in_the_home_folder(
    home: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    other_home = tmp_path_factory.mktemp("other")
    write(home, "seed: 1")
    write(other_home, "seed: 2")
    named = write(home, "seed: 3", name="named.yaml")
    assert Settings.load().seed == 1
    assert Settings.load({"home": other_home}).seed == 2
    monkeypatch.setenv("HOLDFAST_CONFIG", str(named))
    assert Settings.load({"home": other_home}).seed == 3


def test_a_named_file_may_set_the_home_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOLDFAST_HOME")
    monkeypatch.setenv("HOLDFAST_CONFIG", str(write(home, f"home: {home.as_posix()}/shops")))
    assert Settings.load().home == home / "shops"


@pytest.mark.parametrize("text", ["", "# nothing but a remark\n", "threads:\n"])
def test_an_empty_file_sets_nothing(home: Path, text: str) -> None:
    write(home, text)
    assert Settings.load() == Settings.load({"threads": None})
    assert Settings.load().threads is None


@pytest.mark.parametrize(("text", "cutoffs"), [("1,2", (1.0, 2.0)), ("0.5, 3", (0.5, 3.0))])
def test_cutoffs_read_alike_from_environment_and_file(
    home: Path, monkeypatch: pytest.MonkeyPatch, text: str, cutoffs: tuple[float, float]
) -> None:
    write(home, f"risk_cutoffs: [{text}]")
    assert Settings.load().risk_cutoffs == cutoffs
    monkeypatch.setenv("HOLDFAST_RISK_CUTOFFS", text)
    assert Settings.load().risk_cutoffs == cutoffs


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tenant", ""),
        ("tenant", "Shop A"),
        ("tenant", "../other"),
        ("tenant", "a" * 64),
        ("memory_limit", "4"),
        ("memory_limit", "0GB"),
        ("memory_limit", "plenty"),
        ("threads", 0),
        ("threads", 10_000),
        ("threads", "two"),
        ("policy", ""),
        ("currency", "euro"),
        ("currency", "eur"),
        ("time_zone", "Europe"),
        ("time_zone", "Europe/Londn"),
        ("time_zone", "../../etc/passwd"),
        ("time_zone", ""),
        ("horizon_days", 0),
        ("horizon_days", 731),
        ("horizon_days", 1.5),
        ("risk_cutoffs", "2,1"),
        ("risk_cutoffs", "1"),
        ("risk_cutoffs", "1,2,3"),
        ("risk_cutoffs", "0,1"),
        ("risk_cutoffs", "nan,2"),
        ("risk_cutoffs", "1,inf"),
        ("archetypes", 1),
        ("archetypes", 9),
        ("keep_datasets", 0),
        ("seed", -1),
        ("seed", 2**32),
    ],
)
def test_out_of_range_says_what_was_seen(name: str, value: object) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.load({name: value})
    problems = caught.value.details["settings"]
    assert isinstance(problems, list)
    assert [problem["setting"] for problem in problems] == [name]
    assert caught.value.seen.startswith(f"{name} is ")
    assert "docs/settings.md" in caught.value.todo


@pytest.mark.parametrize("limit", ["4GB", "1.5 GiB", "512MB", "1tb"])
def test_memory_limits(limit: str) -> None:
    assert Settings.load({"memory_limit": limit}).memory_limit == limit


def test_all_that_is_wrong_is_said_at_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(home, "horizon_days: 0\nmemory_limt: 4GB")
    monkeypatch.setenv("HOLDFAST_THREADS", "many")
    with pytest.raises(SettingsError, match="3 settings are wrong") as caught:
        Settings.load()
    assert "threads is 'many'" in caught.value.seen
    assert "horizon_days is 0: it should be greater than or equal to 1" in caught.value.seen


def test_an_unknown_key_names_the_nearest(home: Path) -> None:
    write(home, "memory_limt: 4GB")
    with pytest.raises(SettingsError, match="memory_limt is '4GB': there is no such setting, the nearest is memory_l"):
        Settings.load()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"- a\n- b\n", "It is a list"),
        (b"just a word", "It is a str"),
        (b"a: [1", "cannot be read"),
        (b"a: b: c", "cannot be read"),
        (b"tenant: \xff\xfe", "cannot be read"),
        (b"!!python/object/apply:os.getcwd []", "cannot be read"),
    ],
)
def test_a_damaged_file_is_a_clear_error(home: Path, content: bytes, says: str) -> None:
    (home / "holdfast.yaml").write_bytes(content)
    with pytest.raises(SettingsError, match=says):
        Settings.load()


def test_a_named_file_that_is_missing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOLDFAST_CONFIG", "no-such-file.yaml")
    with pytest.raises(SettingsError, match=r"no-such-file\.yaml cannot be read"):
        Settings.load()


def test_a_user_without_a_home_is_told_to_set_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOLDFAST_HOME", "~nobody-of-that-name/shops")
    with pytest.raises(SettingsError, match="HOLDFAST_HOME"):
        Settings.load()


def test_settings_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings.load().seed = 8


def test_every_setting_is_described_and_documented() -> None:
    assert all(field.description for field in Settings.model_fields.values())
    assert PAGE.read_text(encoding="utf-8") == reference(), "run: make docs"
