"""Viewpoints in addresses: read off, entered, told to the reader, left."""
