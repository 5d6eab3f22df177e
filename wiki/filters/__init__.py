"""What search and lists narrow by: one of a field's values, or a limit of them."""
