"""Any table of pages, by a mapping file that says what its columns are."""
