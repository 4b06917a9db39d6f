"""The reports room: tables become words and figures for people."""

from holdfast.reports.answer_tables import grid_picture
from holdfast.reports.facts import LedgerLine, ShopFacts
from holdfast.reports.figures import counted, money
from holdfast.reports.first_answer import FirstAnswer, first_answer
from holdfast.reports.report_table import Kind, ReportColumn, ReportTable

__all__ = [
    "FirstAnswer",
    "Kind",
    "LedgerLine",
    "ReportColumn",
    "ReportTable",
    "ShopFacts",
    "counted",
    "first_answer",
    "grid_picture",
    "money",
]
