"""Indicators: counts over the record, always a numerator with what it is counted of. Each is a folder of the
pack (`programmes/*/indicators/<CODE>/`).

Reading order: indicator (reading a folder), composing (its SQL becomes statements), keeping (values by area
and month, kept fresh), figures (those of a place, small counts taken out by suppression), lists (the rows
behind a number), cases (trying an indicator on the histories beside it), promoters (what a supervisor sees of
each promoter of her units), limits (what is quiet, silent, small).
"""

from hodi.indicators.cases import CASES
from hodi.indicators.checking import faults
from hodi.indicators.figures import Column, Figures, Unit, figures
from hodi.indicators.indicator import RELATIONS, Indicator, load_indicators
from hodi.indicators.keeping import (
    DUE_AFTER,
    Areas,
    areas_of,
    ensure_current,
    make_due,
    mark,
    rebuild,
    refresh,
)
from hodi.indicators.limits import Limits, load_limits
from hodi.indicators.lists import Listed, listed
from hodi.indicators.months import month_before, month_days, months_offered
from hodi.indicators.promoters import CONTACTS, Contact, PromoterFigures, contact, promoter_figures
from hodi.indicators.suppression import Cell, Total, percent, protect

__all__ = [
    "CASES",
    "CONTACTS",
    "DUE_AFTER",
    "RELATIONS",
    "Areas",
    "Cell",
    "Column",
    "Contact",
    "Figures",
    "Indicator",
    "Limits",
    "Listed",
    "PromoterFigures",
    "Total",
    "Unit",
    "areas_of",
    "contact",
    "ensure_current",
    "faults",
    "figures",
    "listed",
    "load_indicators",
    "load_limits",
    "make_due",
    "mark",
    "month_before",
    "month_days",
    "months_offered",
    "percent",
    "promoter_figures",
    "protect",
    "rebuild",
    "refresh",
]
