import json
from dataclasses import replace

import numpy as np
import pytest

from holdfast.errors import InputError
from holdfast.forecast.labels import Outcomes
from holdfast.forecast.proof.leak_demonstration import demonstrate_leak
from tests.forecast.drawn_shops import drawn
from tests.forecast.seven_shops import past_with_seven

PAST = past_with_seven(drawn(1500, days=480))


def test_a_label_made_from_a_feature_is_learned_perfectly_and_is_worth_little() -> None:
    then = PAST.at(390)
    came = PAST.after(then, horizon=90, known=480)
    found = demonstrate_leak(then, came)
    assert found.leaking.accuracy > 0.99
    assert (found.leaking.auc or 0) > 0.999
    assert found.leaking.accuracy_ahead < found.leaking.accuracy - 0.15
    assert found.without_recency.accuracy < found.leaking.accuracy
    assert found.honest.accuracy == found.honest.accuracy_ahead
    assert found.honest.accuracy_ahead > max(found.leaking.accuracy_ahead, found.majority)
    assert (found.honest.auc_ahead or 0) > (found.leaking.auc_ahead or 1)
    json.dumps(found.as_json(), allow_nan=False)


def test_a_shop_of_one_kind_shows_nothing() -> None:
    then = PAST.at(390)
    nobody = np.zeros(len(then), dtype=np.bool_)
    with pytest.raises(InputError, match="cannot be shown"):
        demonstrate_leak(then, Outcomes(nobody, nobody.astype(np.int64), nobody.astype(np.float64)))
    fresh = replace(then, summary=replace(then.summary, T=then.summary.recency))
    with pytest.raises(InputError, match="0 called churned"):
        demonstrate_leak(fresh, PAST.after(then, horizon=90, known=480))
