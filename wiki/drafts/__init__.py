"""What somebody typed into the form of a page and did not save yet: theirs alone, for a while."""
