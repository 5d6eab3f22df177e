"""What moderators do: block accounts, protect pages and branches, hide what must go."""
