"""What the first pages after a change of a large shop need, made by the job that changed it: nobody can wait for it."""

import structlog

from holdfast.errors import HoldfastError
from holdfast.workflows.editions import needed_edition
from holdfast.workflows.recommender_making import needed_recommender
from holdfast.workflows.shop import Shop
from holdfast.workflows.views import MOST_IN_A_REQUEST, refresh_view

log = structlog.get_logger(__name__)


def look_ahead(shop: Shop, *, learn: bool) -> None:
    """Make the view, and `learn` what to offer; in a small shop both are made when somebody looks.

    What goes wrong is told to whoever asks for it.
    """
    try:
        if needed_edition(shop).dataset.manifest.rows["customers"] <= MOST_IN_A_REQUEST:
            return
        refresh_view(shop)
        if learn:
            needed_recommender(shop, wait=True)
    except HoldfastError as error:
        log.warning("not looked ahead", tenant=shop.settings.tenant, reason=str(error))
