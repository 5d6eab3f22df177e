"""Search, at every viewpoint."""
