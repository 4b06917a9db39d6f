"""The two files that may stand beside the orders: who the customers are, and what they wrote."""

from collections.abc import Iterator, Mapping

import numpy as np

from holdfast.samples.export import moments, money
from holdfast.samples.people import CITIES, NAMES, People
from holdfast.samples.reviews import Reviews

CUSTOMER_COLUMNS = ("Customer ID", "Consent", "Channel", "Account Manager", "Acquisition Cost", "Region", "Email")
REVIEW_COLUMNS = ("Invoice", "Score", "Review", "Created")

_FIRST = ("amelia", "oliver", "isla", "noah", "freya", "arthur", "grace", "leo", "priya", "tomasz", "chloe", "samuel")
_LAST = ("hughes", "patel", "murphy", "weber", "clarke", "evans", "novak", "moreau", "taylor", "khan", "walsh", "lopez")
_WON_BY = ("Search", "Newsletter", "Marketplace", "Fair", "Friend")
_WON_BY_COST = (900, 150, 1200, 2500, 0)  # pence, half to one and a half times
_MANAGERS = ("J. Marsh", "R. Okafor", "S. Lindqvist")
_WITH_CONSENT = 0.78


def customer_rows(people: People, rng: np.random.Generator) -> Iterator[tuple[str, ...]]:
    """A row a customer: may be written to, won by which channel at what cost; trade accounts have a manager."""
    number = len(people.customer_id)
    consent = np.where(rng.random(number) < _WITH_CONSENT, "yes", "no").tolist()
    won_by = rng.integers(0, len(_WON_BY), number)
    cost = money(np.array(_WON_BY_COST)[won_by] * rng.integers(50, 150, number) // 100)
    managers = np.array(_MANAGERS)[rng.integers(0, len(_MANAGERS), number)]
    manager = np.where(people.kind == NAMES.index("wholesale"), managers, "").tolist()
    first, last = rng.integers(0, len(_FIRST), number).tolist(), rng.integers(0, len(_LAST), number).tolist()
    for i, customer_id in enumerate(people.customer_id.tolist()):
        email = f"{_FIRST[first[i]]}.{_LAST[last[i]]}.{customer_id}@example.com"
        region = CITIES[people.city[i]][0]
        yield str(customer_id), consent[i], _WON_BY[won_by[i]], manager[i], cost[i], region, email


def review_rows(reviews: Reviews, invoices: Mapping[int, str]) -> Iterator[tuple[str, ...]]:
    """A row a review; `invoices[v]` is the invoice of visit v."""
    created = moments(reviews.moment)
    for visit, score, text, moment in zip(
        reviews.visit.tolist(), reviews.score.tolist(), reviews.text, created, strict=True
    ):
        yield invoices[visit], str(score), text, moment
