"""The sample shop: made, then imported through the same door as any file."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from holdfast.samples import make_shop
from holdfast.samples.catalogue import SERVICES
from holdfast.workflows.importing import HowToRead
from holdfast.workflows.running import RunReport, run
from holdfast.workflows.shop import Progress, Shop, no_progress
from holdfast.workflows.uploads import Reception, Wishes, blocks_of

RULES: Mapping[str, object] = {"service_codes": [code for code, _ in SERVICES]}
"""As a person would confirm them."""


def demo(shop: Shop, *, seed: int, progress: Progress = no_progress) -> RunReport:
    """Make the sample shop, import it and answer; what stood under the tenant before stays, and nothing is doubled."""
    with TemporaryDirectory() as folder:
        progress("Making a sample shop", 0.0)
        sample = make_shop(Path(folder), seed=seed)
        return run(
            shop,
            [sample.orders, sample.customers, sample.reviews],
            how=HowToRead(currency=sample.currency),
            rules=RULES,
            progress=lambda step, done: progress(step, 0.1 + 0.9 * done),
        )


def send_sample(reception: Reception, *, seed: int) -> Wishes:
    """Make the sample shop and hand its files in, as somebody would who has them; what that person would say."""
    with TemporaryDirectory() as folder:
        sample = make_shop(Path(folder), seed=seed)
        for path in (sample.orders, sample.customers, sample.reviews):
            with path.open("rb") as stream:
                reception.take(path.name, blocks_of(stream))
    return Wishes({"currency": sample.currency}, None, RULES, train=True)
