"""What customers say afterwards: stars and a sentence, lower from people who are about to leave."""

from dataclasses import dataclass

import numpy as np

from holdfast.samples.arrays import Ints
from holdfast.samples.baskets import DAY
from holdfast.samples.people import NAMES, NEVER, People, Period
from holdfast.samples.visits import GUEST, Visits

_SHARE_REVIEWED = 0.08
_CONTENT, _LEAVING = (0.03, 0.04, 0.09, 0.27, 0.57), (0.16, 0.17, 0.24, 0.24, 0.19)
_OPENINGS = (
    ("Very disappointed.", "Not good enough.", "Avoid.", "Arrived broken."),
    ("Not what I expected.", "Rather poor.", "A bit of a let-down.", "Took far too long."),
    ("It is fine.", "Nothing special.", "Does the job.", "Mixed feelings."),
    ("Very nice.", "Pleased with it.", "Good quality.", "Pretty and useful."),
    ("Absolutely lovely!", "Perfect.", "Delighted with this.", "Beautiful, as always."),
)
_ENDINGS = (
    ("I want my money back.", "Two of them were smashed in the box.", "Nobody answers my e-mails.", "Never again."),
    ("The colour is not the one in the picture.", "It came a week late.", "Smaller than it looks.", "Flimsy."),
    ("Delivery was slow.", "The box was dented but the contents were fine.", "A little expensive.", "Average."),
    ("Came quickly.", "Would buy again.", "Well packed.", "My sister liked it."),
    ("Will order again soon!", "Quick delivery and so well packed.", "Everybody asks where I got it.", "Great gift."),
)


@dataclass(frozen=True, slots=True)
class Reviews:
    """One entry a review; `visit` is the order reviewed, `moment` counts minutes from 1970-01-01 00:00."""

    visit: Ints
    moment: Ints
    score: Ints
    text: tuple[str, ...]


def draw_reviews(visits: Visits, people: People, period: Period, rng: np.random.Generator) -> Reviews:
    """Reviews of about one order in twelve, written one to three weeks after it and before the file ends."""
    moment = (visits.day + rng.integers(6, 22, len(visits.day))) * DAY + rng.integers(8 * 60, 22 * 60, len(visits.day))
    is_reviewed = (visits.person != GUEST) & (rng.random(len(moment)) < _SHARE_REVIEWED)
    visit = np.flatnonzero(is_reviewed & (moment // DAY <= period.last_day))
    person = visits.person[visit]
    is_leaving = (people.leaves_on[person] != NEVER) | (people.kind[person] == NAMES.index("fading"))
    luck = rng.random(len(visit))[:, np.newaxis]
    steps = np.where(is_leaving[:, np.newaxis], np.cumsum(_LEAVING), np.cumsum(_CONTENT))[:, :-1]
    score = 1 + (luck > steps).sum(axis=1)
    words = rng.integers(0, len(_OPENINGS[0]), (len(visit), 2))
    text = tuple(f"{_OPENINGS[s - 1][o]} {_ENDINGS[s - 1][e]}" for s, (o, e) in zip(score, words, strict=True))
    return Reviews(visit, moment[visit], score, text)
