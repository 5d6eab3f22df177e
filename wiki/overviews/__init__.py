"""What pages of others show of rides: a park's, a maker's, a designer's, a model's, at a glance."""
