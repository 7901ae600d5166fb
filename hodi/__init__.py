"""Hodi, a community health system: what a health promoter calls at the door, and the software she carries through it."""

__version__ = "0.1.0"
