"""Versioned models in migrations: the kinds of a state, and what operations say of them."""
