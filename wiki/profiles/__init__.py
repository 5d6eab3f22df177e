"""Pages of accounts: one's own, and what somebody has contributed."""
