"""Pratique: advance electronic data on parcels, from bytes to an explained decision."""

__version__ = "0.1.0"
