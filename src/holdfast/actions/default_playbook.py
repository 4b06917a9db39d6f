"""The playbook a shop begins with. Its effects are rules of thumb, with as much doubt as belief: lists measure them."""

from collections.abc import Mapping
from typing import Any

_EMAIL = 0.02
"""What writing to somebody costs, in any currency: about nothing, but not nothing, since patience is spent as well."""

DEFAULT_PLAYBOOK: Mapping[str, Any] = {
    "plays": [
        {
            "name": "Voucher for those who slip away",
            "where": {"risk_band": ["medium", "high"], "order_count": {"min": 3}},
            "what": "Send a voucher of 15 % for the next order.",
            "why": "Last order {days_since_last_order} days ago, usually every {median_gap_days} days; "
            "{order_count} orders worth {net_revenue} so far.",
            "timing": "This week: the longer the silence, the fewer come back.",
            "message": ["They are missed.", "What is new since their last order.", "Valid for 30 days."],
            "offer": {"discount": 0.15, "contact_cost": _EMAIL, "redeemed": 0.8},
            "effect": {"points": 4, "give_or_take": 4},
        },
        {
            "name": "Call the account",
            "where": {"rfm_group": ["At risk", "Previously loyal"]},
            "what": "Have somebody call who knows them.",
            "why": "{order_count} orders worth {net_revenue}, and now {days_since_last_order} days of silence; "
            "usually they order every {median_gap_days} days.",
            "timing": "This week.",
            "message": ["Ask what changed, before offering anything.", "Have their last order at hand."],
            "offer": {"contact_cost": 6.0},
            "effect": {"points": 7, "give_or_take": 6},
        },
        {
            "name": "Word to those who slip away",
            "where": {"risk_band": ["medium", "high"]},
            "what": "Write to them, without a discount.",
            "why": "Last order {days_since_last_order} days ago, usually every {median_gap_days} days.",
            "timing": "Within two weeks.",
            "message": ["What is new since their last order.", "One product, not ten."],
            "offer": {"contact_cost": _EMAIL},
            "effect": {"points": 1, "give_or_take": 1.5},
        },
        {
            "name": "Second order",
            "where": {"order_day_count": {"max": 1}, "days_since_last_order": {"max": 120}},
            "what": "Welcome them, with 10 % for the second order.",
            "why": "One order of {net_revenue}, {days_since_last_order} days ago, and none since.",
            "timing": "While they remember the first: within 30 days of it.",
            "message": ["How to make the most of what they bought.", "What others bought next."],
            "offer": {"discount": 0.1, "contact_cost": _EMAIL, "redeemed": 0.8},
            "effect": {"points": 3, "give_or_take": 3},
        },
        {
            "name": "Reminder when it is due",
            "where": {"risk_band": "low", "order_count": {"min": 3}, "days_overdue": {"min": -10}},
            "what": "Remind them of what they reorder.",
            "why": "They order every {median_gap_days} days; the last order was {days_since_last_order} days ago.",
            "timing": "Now.",
            "message": ["What they bought last, ready to be ordered again."],
            "offer": {"contact_cost": _EMAIL},
            "effect": {"points": 1, "give_or_take": 1.5},
        },
        {
            "name": "Early access",
            "where": {"rfm_group": ["Champions", "Loyal"]},
            "what": "Show them first what is new.",
            "why": "{order_count} orders worth {net_revenue}, the last {days_since_last_order} days ago.",
            "timing": "Before everybody else sees it.",
            "message": ["They are the first to see it.", "No discount: they buy without one."],
            "offer": {"contact_cost": _EMAIL},
            "effect": {"points": 1, "give_or_take": 1.5},
        },
    ]
}
