"""Figures: counts over the record, always a numerator with its denominator.

`promoter_figures` serves the supervisor, area by area; `aggregates` serves those who may not see
people, unit by unit, with small counts taken out (`suppression.py`), and `listed` has the rows behind
them. Each statement says in `queries.sql` what its cost grows with; none grows with the length of
history. What a figure means, and the limits it is judged by, stand in the pack
(`indicators/indicators.toml`).
"""

from hodi.indicators.aggregates import Aggregates, UnitFigures, aggregates, month_days
from hodi.indicators.limits import Limits, load_limits
from hodi.indicators.lists import Listed, Measure, listed
from hodi.indicators.promoters import CLASSES, CONTACTS, Contact, PromoterFigures, contact, promoter_figures
from hodi.indicators.suppression import Cell, Total, percent, protect

__all__ = [
    "CLASSES",
    "CONTACTS",
    "Aggregates",
    "Cell",
    "Contact",
    "Limits",
    "Listed",
    "Measure",
    "PromoterFigures",
    "Total",
    "UnitFigures",
    "aggregates",
    "contact",
    "listed",
    "load_limits",
    "month_days",
    "percent",
    "promoter_figures",
    "protect",
]
