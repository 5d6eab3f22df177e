"""What views need of a request: numbers, preferences, its network; and what is refused."""
