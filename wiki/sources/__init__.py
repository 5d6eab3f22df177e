"""Sources, and what is cited from them."""
