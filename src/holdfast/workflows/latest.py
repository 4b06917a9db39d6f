"""What was made lately stays in memory, up to a bound."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Latest(Generic[K, V]):
    """A dictionary for several threads, bounded by the weight of its values: what was not used for longest goes first.

    One thread makes at a time, so that a hundred requests for the same thing make it once.
    """

    def __init__(self, most: int, *, weight: Callable[[V], int] = lambda _: 1) -> None:
        self._most, self._weight = most, weight
        self._values: OrderedDict[K, V] = OrderedDict()
        self._held = 0
        self._reading, self._making = threading.Lock(), threading.Lock()

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value, made if it is not there."""
        found, value = self._find(key)
        if found and value is not None:
            return value
        with self._making:
            found, value = self._find(key)
            if found and value is not None:
                return value
            made = make()
            self._put(key, made)
            return made

    def drop(self, unwanted: Callable[[K], bool]) -> None:
        """Forget what is unwanted."""
        with self._reading:
            for key in [key for key in self._values if unwanted(key)]:
                self._held -= self._weight(self._values.pop(key))

    def __len__(self) -> int:
        return len(self._values)

    def _find(self, key: K) -> tuple[bool, V | None]:
        with self._reading:
            if key not in self._values:
                return False, None
            self._values.move_to_end(key)
            return True, self._values[key]

    def _put(self, key: K, value: V) -> None:
        """Keep a value; the last one stays whatever it weighs."""
        with self._reading:
            self._values[key] = value
            self._held += self._weight(value)
            while self._held > self._most and len(self._values) > 1:
                _, oldest = self._values.popitem(last=False)
                self._held -= self._weight(oldest)
