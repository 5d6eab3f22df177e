"""What moderators do: block accounts, protect pages and branches, roll edits back."""
