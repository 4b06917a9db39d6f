"""Looking twice at the same day without computing it twice: folds of different past dates fall on the same days."""

from collections import OrderedDict

from holdfast.forecast.learning.seven import SEVEN
from holdfast.forecast.past import Features, Past

MOST_CELLS = 64_000_000
"""Numbers kept, 8 bytes each: half a gigabyte."""

MOST_DAYS = 8
"""A training looks at its own day and at seven folds at most."""


class Remembered:
    """A past that keeps the features of the days looked at last; `past` has all columns, `seven` those of SEVEN.

    All columns of a large shop are too many to keep; the few of the small model are kept for every day of a training.
    """

    def __init__(self, past: Past, *, most_cells: int = MOST_CELLS) -> None:
        self._source = past
        self._most_cells = most_cells
        self._all: OrderedDict[int, Features] = OrderedDict()
        self._seven: OrderedDict[int, Features] = OrderedDict()
        self.past = Past(self._features_at, past.order_days_at)
        self.seven = Past(self._seven_at, past.order_days_at)

    def _features_at(self, day: int) -> Features:
        found = self._all.pop(day, None) or self._source.features_at(day)
        self._all[day] = found
        while len(self._all) > MOST_DAYS or sum(map(_cells, self._all.values())) > self._most_cells:
            self._all.popitem(last=False)
        self._seven[day] = _only_seven(found)
        self._seven.move_to_end(day)
        if len(self._seven) > MOST_DAYS:
            self._seven.popitem(last=False)
        return found

    def _seven_at(self, day: int) -> Features:
        if day not in self._seven:
            self._features_at(day)
        return self._seven[day]


def _cells(features: Features) -> int:
    return len(features.keys) * len(features.columns)


def _only_seven(features: Features) -> Features:
    columns = {name: features.columns[name] for name in SEVEN.values() if name in features.columns}
    return Features(features.keys, columns, features.ratios)
