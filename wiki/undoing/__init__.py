"""Changes undone and versions brought back, or that suggested."""
