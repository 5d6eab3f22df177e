"""How much an account and a network may do in a while."""
