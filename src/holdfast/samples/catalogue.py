"""What the shop sells: 10 categories of household goods and gifts, 36 products each, and how often each is picked."""

from dataclasses import dataclass

import numpy as np

from holdfast.samples.arrays import Floats, Ints

_STYLES: dict[str, tuple[str, ...]] = {
    "Kitchen": ("Enamel", "Stoneware", "Red Spotty", "Café", "Olive Wood", "Speckled"),
    "Lighting": ("White Metal", "Amber Glass", "Copper", "Moroccan", "Driftwood", "Paper Star"),
    "Candles": ("Vanilla", "Fig & Cassis", "Beeswax", "Lavender", "Sea Salt", "Winter Spice"),
    "Garden": ("Galvanised", "Terracotta", "Rope Handle", "Vintage Green", "Slate", "Willow"),
    "Textiles": ("Linen", "Gingham", "Quilted", "Ticking Stripe", "Waffle", "Liberty Print"),
    "Stationery": ("Kraft", "Botanical", "Marbled", "Letterpress", "Polka Dot", "Map of the World"),
    "Toys": ("Wooden", "Felt", "Knitted", "Retro", "Woodland", "Circus"),
    "Bags": ("Jumbo", "Oilcloth", "Canvas", "Strawberry", "Skull", "Owl"),
    "Decoration": ("Hanging", "Mercury Glass", "Rustic", "Ivory", "Pressed Flower", "Brass"),
    "Christmas": ("Nordic", "Glitter", "Gingerbread", "Robin", "Red Retrospot", "Frosted"),
}
_OBJECTS: dict[str, tuple[tuple[str, int], ...]] = {  # with the price of one in pence
    "Kitchen": (
        ("Mug", 495),
        ("Mixing Bowl", 1295),
        ("Egg Cups, Pair", 650),
        ("Cake Stand", 1895),
        ("Jug", 995),
        ("Tea Spoons, Set of 6", 850),
    ),
    "Lighting": (
        ("Lantern", 1450),
        ("T-Light Holder", 295),
        ("Table Lamp", 3950),
        ("Fairy Lights", 1195),
        ("Lampshade", 2450),
        ("Night Light", 995),
    ),
    "Candles": (
        ("Votive", 250),
        ("Pillar Candle", 795),
        ("Scented Jar", 1495),
        ("Reed Diffuser", 1850),
        ("Tea Lights, Box of 20", 595),
        ("Taper, Pair", 395),
    ),
    "Garden": (
        ("Watering Can", 1650),
        ("Plant Pot", 695),
        ("Bird Feeder", 1150),
        ("Herb Markers", 595),
        ("Trug", 2150),
        ("Door Stop", 1295),
    ),
    "Textiles": (
        ("Tea Towel", 695),
        ("Cushion Cover", 1695),
        ("Apron", 1895),
        ("Table Runner", 1595),
        ("Throw", 4250),
        ("Oven Glove", 1095),
    ),
    "Stationery": (
        ("Notebook", 595),
        ("Gift Wrap, 3 Sheets", 325),
        ("Greeting Card", 225),
        ("Pencil Tin", 450),
        ("Wall Calendar", 995),
        ("Address Book", 895),
    ),
    "Toys": (
        ("Skittles", 1295),
        ("Mobile", 1750),
        ("Night Owl", 1195),
        ("Tea Set", 2195),
        ("Jigsaw", 995),
        ("Finger Puppets", 495),
    ),
    "Bags": (
        ("Shopper", 350),
        ("Lunch Bag", 495),
        ("Storage Bag", 425),
        ("Wash Bag", 895),
        ("Rucksack", 2250),
        ("Purse", 625),
    ),
    "Decoration": (
        ("Heart", 325),
        ("Photo Frame", 1095),
        ("Bunting", 795),
        ("Wall Clock", 3450),
        ("Coat Hook", 650),
        ("Vase", 1595),
    ),
    "Christmas": (
        ("Bauble", 245),
        ("Advent Calendar", 1450),
        ("Wreath", 2450),
        ("Stocking", 895),
        ("Cracker, Box of 6", 1295),
        ("Tree Garland", 695),
    ),
}
CHRISTMAS = list(_OBJECTS).index("Christmas")
_GOODS = sum(len(_STYLES[category]) * len(_OBJECTS[category]) for category in _OBJECTS)
SERVICES = (("POST", "POSTAGE"), ("FEE", "Small order surcharge"), ("B", "Adjust bad debt"))
"""Code and name of what is billed and is no product; numbered after the goods."""
POSTAGE, FEE, BAD_DEBT = (_GOODS + position for position in range(len(SERVICES)))
_STRIDE = 7  # from one product of a category to the next less popular one, so that styles and things mix
_POPULARITY = np.array([1.3, 1.0, 1.1, 0.7, 0.9, 1.2, 0.6, 1.1, 1.2, 0.0])  # of each category, Christmas apart


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One entry a product; the products of category c stand from c x `per_category` on."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    categories: tuple[str, ...]
    pence: Ints
    per_category: int

    def pick(self, favourite: Ints, day_of_year: Ints, rng: np.random.Generator) -> Ints:
        """A product for each line: every other one from the buyer's favourite category, in autumn from Christmas."""
        lines = len(favourite)
        category = rng.choice(len(_POPULARITY), size=lines, p=_POPULARITY / _POPULARITY.sum())
        category = np.where(rng.random(lines) < 0.5, favourite, category)
        category = np.where(rng.random(lines) < _share_of_christmas(day_of_year), CHRISTMAS, category)
        rank = np.searchsorted(_zipf(self.per_category), rng.random(lines)) * _STRIDE % self.per_category
        return (category * self.per_category + rank).astype(np.int64)


def catalogue() -> Catalogue:
    """The one range of goods; only customers and orders are drawn."""
    codes, names, categories, pence = [], [], [], []
    for c, (category, objects) in enumerate(_OBJECTS.items()):
        for s, style in enumerate(_STYLES[category]):
            for o, (thing, price) in enumerate(objects):
                codes.append(f"{20113 + 97 * c + 13 * o}{'ABCDEF'[s]}")
                names.append(f"{style} {thing}")
                categories.append(category)
                pence.append(price + (0, 45, -30, 100, 20, 150)[s] * price // 1000)
    return Catalogue(tuple(codes), tuple(names), tuple(categories), np.array(pence), len(codes) // len(_OBJECTS))


def _share_of_christmas(day_of_year: Ints) -> Floats:
    return np.interp(day_of_year, [250, 280, 320, 352, 358], [0.0, 0.12, 0.38, 0.45, 0.0])


def _zipf(products: int) -> Floats:
    weights = 1.0 / np.arange(1, products + 1) ** 0.8
    cumulated: Floats = np.cumsum(weights / weights.sum())
    cumulated[-1] = 1.0
    return cumulated
