"""The samples room: seeded shops with known truth."""

from holdfast.samples.planted import Planted
from holdfast.samples.shop import SampleShop, make_shop

__all__ = ["Planted", "SampleShop", "make_shop"]
