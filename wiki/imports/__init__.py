"""What brings in the work of others: files and repositories."""
