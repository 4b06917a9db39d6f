"""The server's secret: as set, else made once for good, and for nobody else to read."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from holdfast.access.secrets import keyed_hash, secret_of
from holdfast.settings import Settings


def test_a_secret_that_is_set_is_taken(tmp_path: Path) -> None:
    assert secret_of(Settings(home=tmp_path / "home", secret="s" * 32)) == "s" * 32
    assert not (tmp_path / "home").exists()


def test_else_one_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    made = secret_of(settings)
    assert len(made) >= 32
    assert secret_of(settings) == made
    assert stat.S_IMODE((tmp_path / "home" / "secret").stat().st_mode) == 0o600
    assert secret_of(Settings(home=tmp_path / "other")) != made


def test_all_who_start_at_once_get_the_same(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: secret_of(settings), range(32)))) == 1


def test_a_keyed_hash_needs_its_secret() -> None:
    # RFC 4231, test case 2
    assert keyed_hash("Jefe", "what do ya want for nothing?") == (
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )
    assert keyed_hash("one", "customer") != keyed_hash("two", "customer")
