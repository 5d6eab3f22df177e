"""Head and version tables: written in the append's own transaction, by functions alone."""
