"""The wiki's template tags."""
