"""What was made lately stays, up to a bound."""

import threading
import time

from holdfast.workflows.latest import Latest


def test_what_was_not_used_for_longest_goes_first() -> None:
    held: Latest[str, str] = Latest(2)
    made: list[str] = []

    def make(name: str) -> str:
        made.append(name)
        return name

    for name in ("a", "b", "a", "c", "a", "b"):
        assert held.get(name, lambda name=name: make(name)) == name  # type: ignore[misc]
    assert made == ["a", "b", "c", "b"]
    assert len(held) == 2


def test_weights_count_and_the_last_one_stays_whatever_it_weighs() -> None:
    held: Latest[str, int] = Latest(10, weight=lambda value: value)
    for name, weight in (("a", 4), ("b", 4), ("c", 4)):
        held.get(name, lambda weight=weight: weight)  # type: ignore[misc]
    assert len(held) == 2
    held.get("giant", lambda: 100)
    assert len(held) == 1
    held.drop(lambda name: name == "giant")
    for name in ("a", "b"):
        held.get(name, lambda: 5)
    assert len(held) == 2


def test_many_who_ask_at_once_make_it_once() -> None:
    held: Latest[str, object] = Latest(5)
    made: list[int] = []

    def slowly() -> object:
        made.append(1)
        time.sleep(0.05)
        return object()

    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(held.get("a", slowly))) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert len(set(map(id, found))) == 1
