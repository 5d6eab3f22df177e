"""A git repository's text files as articles, with their whole history."""
