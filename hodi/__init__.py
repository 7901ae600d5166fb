"""Hodi, a community health system: what a promoter calls at the door, and the software she carries."""

__version__ = "0.1.0"
