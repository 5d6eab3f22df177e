"""Proposals: merges and syncs that wait, looked at, answered, carried out."""
