"""Rides and the models that they are of."""
