"""Versioned models: what a kind is, its document, its tables, its instances."""
