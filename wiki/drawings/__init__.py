"""Drawings of rides that are no coasters, each category's by a rule of its own.

As an elevation, a drawing knows no plan: it shows what kind of ride it is, and of that what figures
tell. A category is a module; `sketch.py` has what all of them draw with.
"""
