"""Pages made, edited, renamed, deleted; conflicts asked about where somebody was faster."""
