"""Roller coasters from a table of Wikipedia's infoboxes: parks, makers, models, rides."""
