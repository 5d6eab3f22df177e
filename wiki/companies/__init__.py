"""The companies behind parks and rides."""
