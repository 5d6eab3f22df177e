"""Who may do what: roles, and the blocks and protections that take it away."""
