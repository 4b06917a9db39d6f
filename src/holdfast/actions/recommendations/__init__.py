"""What to offer whom: products that go with what was bought, that customers like this one buy, or that are due."""

from holdfast.actions.recommendations.chance import Chances, Curve
from holdfast.actions.recommendations.explaining import Label, Why, why_due, why_new
from holdfast.actions.recommendations.factors import Factors
from holdfast.actions.recommendations.fitting import NO_CATEGORY, Fitted, Method
from holdfast.actions.recommendations.judging import Judged, Measured
from holdfast.actions.recommendations.neighbours import Neighbours
from holdfast.actions.recommendations.offering import Offered, offer
from holdfast.actions.recommendations.purchases import NEVER, Histories, Purchases
from holdfast.actions.recommendations.ranking import NOTHING
from holdfast.actions.recommendations.study import ANSWERED, Evaluation, Study, study

__all__ = [
    "ANSWERED",
    "NEVER",
    "NOTHING",
    "NO_CATEGORY",
    "Chances",
    "Curve",
    "Evaluation",
    "Factors",
    "Fitted",
    "Histories",
    "Judged",
    "Label",
    "Measured",
    "Method",
    "Neighbours",
    "Offered",
    "Purchases",
    "Study",
    "Why",
    "offer",
    "study",
    "why_due",
    "why_new",
]
