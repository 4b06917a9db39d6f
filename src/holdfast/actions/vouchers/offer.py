"""An offer: the amount that pays best where that was measured, else the one used most; now and then one at random.

The random ones are what is learned from: every amount of the country, and nothing, have the same chance there.
"""

from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256

from holdfast.actions.vouchers.decision import Decision, Label
from holdfast.actions.vouchers.limits import Given, Limits, reached
from holdfast.actions.vouchers.margin import Measured

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a customer gets: an amount, 0 for nothing on purpose, None where nothing is offered at all.

    `probability` is the chance with which this customer got this amount; `because` says why in a sentence.
    """

    amount: Decimal | None
    label: Label
    explored: bool
    probability: float
    because: str


def choose(
    decision: Decision,
    *,
    amounts: tuple[Decimal, ...],
    measured: Measured,
    limits: Limits,
    given: Given,
    explore: float,
    draw: float,
) -> Offer:
    """The offer for a decision. `draw` is uniform in [0, 1): below `explore` it also says which amount is tried."""
    if decision.amount is None:
        return Offer(None, decision.label, explored=False, probability=1.0, because="No segment holds this customer.")
    best = decision.amount if measured.best is None else measured.best
    arms = tuple(sorted({NOTHING, *amounts}))
    largest = max(best, arms[-1] if explore > 0 else NOTHING)
    stop = reached(limits, given, largest=largest, as_of=decision.as_of)
    if stop:
        return Offer(None, Label.LIMIT_REACHED, explored=False, probability=1.0, because=stop)
    if draw < explore:
        tried = arms[min(int(draw / explore * len(arms)), len(arms) - 1)]
        label = Label.EXPLORED if tried else Label.HELD_OUT
        return Offer(tried, label, explored=True, probability=explore / len(arms), because="At random, to learn from.")
    label = decision.label
    if measured.best is not None:
        label = Label.MEASURED_MARGIN if best else Label.LEAVE_ALONE
    because = measured.reason if measured.best is not None else "Used most before."
    return Offer(best, label, explored=False, probability=1 - explore, because=because)


def draw_for(seed: int, customer_id: str, *parts: str) -> float:
    """A number in [0, 1) that seed, customer and occasion decide: asked again, the same is drawn."""
    text = "\0".join((str(seed), customer_id, *parts))
    return int.from_bytes(sha256(text.encode()).digest()[:7], "big") / 2**56
