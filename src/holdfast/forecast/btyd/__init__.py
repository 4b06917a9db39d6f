"""Purchase models ("buy till you die"): who still buys, how often, and for how much.

Each model is a module with `fit` and the functions that read a fit: `pareto_nbd`, `bg_nbd`, `mbg_nbd`, `gamma_gamma`.
"""

from holdfast.forecast.btyd.bg_nbd import BGNBD
from holdfast.forecast.btyd.fitting import Fit, Rung
from holdfast.forecast.btyd.gamma_gamma import GammaGamma
from holdfast.forecast.btyd.mbg_nbd import MBGNBD
from holdfast.forecast.btyd.pareto_nbd import ParetoNBD
from holdfast.forecast.btyd.summary import Summary, collapse, summarise

__all__ = ["BGNBD", "MBGNBD", "Fit", "GammaGamma", "ParetoNBD", "Rung", "Summary", "collapse", "summarise"]
