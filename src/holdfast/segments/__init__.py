"""The segments room: customers become groups with names."""

from holdfast.segments.archetypes import ArchetypeConfig, Archetypes
from holdfast.segments.assign import SegmentConfig, SegmentResult, assign
from holdfast.segments.churn_ratio import RiskBand, RiskCutoffs
from holdfast.segments.lapse_share import AtRiskConfig
from holdfast.segments.revenue_at_risk import RevenueAtRisk
from holdfast.segments.rfm_grid import RfmCutoffs, score
from holdfast.segments.rule_segments import RuleResult, count_rules, members
from holdfast.segments.rules import VOUCHER_RANGES, RuleSet, parse_rules
from holdfast.segments.summary import SegmentSummary, summarise

__all__ = [
    "VOUCHER_RANGES",
    "ArchetypeConfig",
    "Archetypes",
    "AtRiskConfig",
    "RevenueAtRisk",
    "RfmCutoffs",
    "RiskBand",
    "RiskCutoffs",
    "RuleResult",
    "RuleSet",
    "SegmentConfig",
    "SegmentResult",
    "SegmentSummary",
    "assign",
    "count_rules",
    "members",
    "parse_rules",
    "score",
    "summarise",
]
