"""Figures: counts over the record, always a numerator with its denominator.

`promoter_figures` serves the supervisor, area by area; `aggregates` serves those who may not see
people, unit by unit, with small counts suppressed. Each statement says in `queries.sql` what its
cost grows with; none grows with the length of history. What a figure means, and the limits it is
judged by, stand in the pack (`indicators/indicators.toml`).
"""

from hodi.indicators.aggregates import Aggregates, Cell, UnitFigures, aggregates, month_days, protect
from hodi.indicators.limits import Limits, load_limits
from hodi.indicators.promoters import CLASSES, Contact, PromoterFigures, contact, promoter_figures

__all__ = [
    "CLASSES",
    "Aggregates",
    "Cell",
    "Contact",
    "Limits",
    "PromoterFigures",
    "UnitFigures",
    "aggregates",
    "contact",
    "load_limits",
    "month_days",
    "promoter_figures",
    "protect",
]
