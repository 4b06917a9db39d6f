"""The one flat list that names every feature; queries, documents and the leak test read it."""

from collections.abc import Mapping

from holdfast.features.basket import BASKET
from holdfast.features.calendar import CALENDAR
from holdfast.features.choices import CHOICES
from holdfast.features.feature import Feature
from holdfast.features.places import PLACES
from holdfast.features.returns import RETURNS
from holdfast.features.reviews import REVIEWS
from holdfast.features.rfm import RFM
from holdfast.features.rhythm import RHYTHM
from holdfast.features.service import SERVICE
from holdfast.features.windows import RECENT

CATALOGUE: tuple[Feature, ...] = (
    *RFM,
    *RECENT,
    *RHYTHM,
    *BASKET,
    *CHOICES,
    *CALENDAR,
    *RETURNS,
    *SERVICE,
    *PLACES,
    *REVIEWS,
)

FEATURE: Mapping[str, Feature] = {feature.name: feature for feature in CATALOGUE}


def rows() -> list[dict[str, object]]:
    """The catalogue as dictionaries, for `holdfast features --json` and the documents."""
    return [feature.row() for feature in CATALOGUE]
