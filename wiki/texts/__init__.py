"""Bodies of pages: Markdown with links to pages, citations, and facts of other pages."""
