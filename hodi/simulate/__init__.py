"""A simulated population: households, people, pregnancies, growth, illness, visits, clocks and
offline gaps, drawn from one seed.

`batches` is a pure function of the plan, the span and the seed: what every phone and every facility's
desk hands in, in order of arrival. `write` takes such batches into a store by the same front door as
everybody else. Nobody here exists.

Reading order: plan (what is simulated), area (one promoter's days), calls (one visit), answers and
assessments (what is written down); beside them people, bodies, illness, rhythm and referrals. stories
arranges households that are worth showing.
"""

from hodi.simulate.area import area_batches
from hodi.simulate.batch import Batch
from hodi.simulate.plan import AreaPlan, DeskPlan, Span, UnitPlan, plain_units, span_of
from hodi.simulate.stories import STORIES
from hodi.simulate.stream import batches

__all__ = [
    "STORIES",
    "AreaPlan",
    "Batch",
    "DeskPlan",
    "Span",
    "UnitPlan",
    "area_batches",
    "batches",
    "plain_units",
    "span_of",
]
