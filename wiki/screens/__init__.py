"""What is seen of a page: itself, its history, who wrote it, what links to it; and the lists."""
