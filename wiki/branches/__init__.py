"""Pages about branches: outside any viewpoint."""
