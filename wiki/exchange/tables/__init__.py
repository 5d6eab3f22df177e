"""Tables into pages: what every import of a CSV file shares."""
