"""A simulated population: households, people, pregnancies, growth, illness, visits, clocks and
offline gaps, drawn from one seed.

`batches` is a pure function of the pack, the plan, the span and the seed: what every phone and every
facility's desk hands in, in order of arrival. `write` takes such batches into a store by the same front door
as everybody else. Nobody here exists.

What is asked, and how it is answered, is the pack's: its forms, and the hints of its programmes
(`simulate.toml`, docs/programmes.md). Reading order: plan (what is simulated), country (the pack made ready),
area (one promoter's days), calls (one visit), filling and asking (one form), sampling and states (the hints);
beside them people, bodies, illness, pregnancy, rhythm and referrals. stories are told in the pack.
"""

from hodi.simulate.area import area_batches
from hodi.simulate.batch import Batch
from hodi.simulate.plan import AreaPlan, DeskPlan, Span, SupervisorPlan, UnitPlan, plain_units, span_of
from hodi.simulate.stream import batches

__all__ = [
    "AreaPlan",
    "Batch",
    "DeskPlan",
    "Span",
    "SupervisorPlan",
    "UnitPlan",
    "area_batches",
    "batches",
    "plain_units",
    "span_of",
]
