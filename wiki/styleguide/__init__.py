"""Every component of the pages in its states: for whoever develops their look."""
