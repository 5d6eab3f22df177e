"""Fields whose value is one thing, though it is made of several: a figure with its unit,
a date that may be partial, a place on the map.

Each is one value in documents, forms, diffs and merges, and one line in a model.
"""
