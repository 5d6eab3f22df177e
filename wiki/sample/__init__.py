"""What a new wiki is filled with: facts of real coasters, and words of our own."""
