"""Lists of pages: the query, its columns, its facets; and the lists that pages show of others."""
