"""The kinds of pages: each with its fields, its rules and what it lists."""
