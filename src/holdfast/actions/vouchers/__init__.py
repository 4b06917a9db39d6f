"""Vouchers: which amount a customer of a segment gets, by what was given before and by what it brought."""

from holdfast.actions.vouchers.decision import Customer, Decision, decide
from holdfast.actions.vouchers.history import SegmentAnswer, Usage, VoucherUse, country_answer, outside, segment_answers
from holdfast.actions.vouchers.layers import Layers, make_layers
from holdfast.actions.vouchers.limits import Given, Limits
from holdfast.actions.vouchers.margin import ArmOutcomes, Measured, measure
from holdfast.actions.vouchers.offer import Offer, choose
from holdfast.actions.vouchers.reasons import EXPLANATIONS, POLICIES, Reason, VoucherPolicy, voucher_policy
from holdfast.actions.vouchers.rules import DEFAULT_RULES, RuleRange, VoucherRules, parse_voucher_rules

__all__ = [
    "DEFAULT_RULES",
    "EXPLANATIONS",
    "POLICIES",
    "ArmOutcomes",
    "Customer",
    "Decision",
    "Given",
    "Layers",
    "Limits",
    "Measured",
    "Offer",
    "Reason",
    "RuleRange",
    "SegmentAnswer",
    "Usage",
    "VoucherPolicy",
    "VoucherRules",
    "VoucherUse",
    "choose",
    "country_answer",
    "decide",
    "make_layers",
    "measure",
    "outside",
    "parse_voucher_rules",
    "segment_answers",
    "voucher_policy",
]
