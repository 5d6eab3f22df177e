"""Parks by where they are: a map that the server draws, and the same as a list by country."""
